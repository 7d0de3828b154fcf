"""How a view learns who asks: the organization is in the path and checked against membership, never in the session."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, resolve_url

from helpdesk.tenancy.context import acting_user, enter
from helpdesk.tenancy.models import Membership, Organization, User
from helpdesk.tenancy.select import Select

View = Callable[..., HttpResponse]
_MEMBER = Select(
    Membership, "organization", tail="WHERE t.user_id = %s AND organization.slug = %s AND t.is_active"
)


class MemberRequest(HttpRequest):
    """A request of a member of the organization in its path."""

    user: User  # type: ignore[assignment]
    member: Membership
    org: Organization


def member_of(user_id: int, slug: str) -> Membership | None:
    """The active membership of a user in an organization. Inside ``acting_user``."""
    return _MEMBER.one(user_id, slug)


def for_members(*permissions: str, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[View], View]:
    """Decorate ``view(request, **kwargs)`` of ``/<org>/…``: one transaction, tenant set, permissions held.

    The stranger gets 404 whatever they ask and however; a member without the permission gets 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, org: str, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return _to_login(request)
            with acting_user(request.user.pk):
                member = member_of(request.user.pk, org)
                if member is None:
                    raise Http404
                if request.method not in methods:
                    return HttpResponseNotAllowed(methods)
                if not all(member.can(permission) for permission in permissions):
                    raise PermissionDenied
                enter(member.organization_id)
                member.user = request.user
                request.member, request.org = member, member.organization
                return view(request, **kwargs)

        return guarded

    return decorate


def _to_login(request: HttpRequest) -> HttpResponse:
    where = request.get_full_path() if request.method == "GET" else "/"
    url = f"{resolve_url('account_login')}?next={quote(where)}"
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)
