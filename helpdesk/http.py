"""How a view learns who asks: the organization is in the path and checked against membership, never in the session."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render, resolve_url
from django.utils.crypto import constant_time_compare

from helpdesk.tenancy import SIGNED_ON
from helpdesk.tenancy.context import enter
from helpdesk.tenancy.models import Membership, Organization, User
from helpdesk.tenancy.permissions import Mode
from helpdesk.tenancy.planned import Setting
from helpdesk.tenancy.select import Select

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponse]
_MEMBER = Select(
    Membership,
    "organization",
    "user",
    tail="WHERE t.user_id = %s AND organization.slug = %s AND t.is_active",
)


class MemberRequest(HttpRequest):
    """A request of a member of the organization in its path."""

    user: User  # type: ignore[assignment]
    member: Membership
    org: Organization
    # What is done once the change is committed and the answer is on its way: telling others costs who waits nothing.
    afterwards: list[Callable[[], None]]


def member_of(user_id: int, slug: str) -> Membership | None:
    """The active membership of a user in an organization, with both. From here on ``acting_user`` of a transaction."""
    return _MEMBER.one(user_id, slug, setting=Setting("app.user", str(user_id)))


def for_members(*permissions: str, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[View], View]:
    """Decorate ``view(request, **kwargs)`` of ``/<org>/…``: one transaction, tenant set, permissions held.

    The stranger gets 404 whatever they ask and however; a member without the permission gets 403.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, org: str, **kwargs: Any) -> HttpResponse:
            user_id = request.session.get(SESSION_KEY)
            if user_id is None:
                return _to_login(request)
            request.afterwards = []
            with transaction.atomic():
                member = member_of(user_id, org)
                if member is not None and _opens(request.session, member.user):
                    request._cached_user = member.user  # what ``request.user`` would ask the database for
                if not request.user.is_authenticated:
                    return _to_login(request)
                if member is None:
                    raise Http404
                if is_over(request.session, member):
                    return _to_sign_on(request, org)
                if member.organization.closed_at is not None:
                    return closed(request, member.organization)
                if request.method not in methods:
                    return HttpResponseNotAllowed(methods)
                if not all(holds(member, permission, request.method) for permission in permissions):
                    raise PermissionDenied
                enter(member.organization_id, member_id=member.pk, scope=member.scope)
                request.member, request.org = member, member.organization
                answer = view(request, **kwargs)
            return _and_afterwards(answer, request.afterwards)

        return guarded

    return decorate


def _opens(session: Any, user: User) -> bool:
    """Whether a session that names this user is still theirs, as Django's ``get_user`` sees it.

    False also where Django may still say yes (a key of before): whoever asks it then gets its whole answer.
    """
    said = session.get(HASH_SESSION_KEY, "")
    is_ours = session.get(BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS
    return is_ours and user.is_active and constant_time_compare(said, user.get_session_auth_hash())


def closed(request: HttpRequest, organization: Organization) -> HttpResponse:
    """What who was of an organization finds after the operator closed it (``close_organization``): a sentence.

    Closed means that nothing is read, written or sent any more in its name, whatever role asks: no console, no API,
    no calls of other systems, no public page, no answer still on its way. Its rows stay as they were, for whoever the
    law lets ask the operator for them, and are all there when it is opened again.
    """
    if getattr(request, "htmx", False):  # a part of a page cannot say it: the whole page does
        return HttpResponse(status=410, headers={"HX-Redirect": resolve_url("queue", organization.slug)})
    answer = render(request, "closed.html", {"organization": organization}, status=410)
    answer["Cache-Control"] = "no-store"
    return answer


def _and_afterwards(answer: HttpResponse, calls: list[Callable[[], None]]) -> HttpResponse:
    """The answer, doing ``calls`` when it is closed; the door closes one with ``is_followed`` after it was sent."""
    if not calls:
        return answer
    close = answer.close

    def follow_and_close() -> None:
        try:
            for call in calls:
                call()
        except Exception:  # the change is made and answered: what is left untold is found by looking again
            logger.exception("after an answer")
        finally:
            close()

    answer.close, answer.is_followed = follow_and_close, True  # type: ignore[method-assign, attr-defined]
    return answer


def holds(member: Membership, permission: str, method: str) -> bool:
    """Whether a member may ask this: who holds a permission to read it only may look and change nothing."""
    reads = method in ("GET", "HEAD") and member.mode(permission) == Mode.READ
    return reads or member.can(permission)


def is_over(session: Any, member: Membership) -> bool:
    """Whether a session no longer (or never) opens this organization.

    One that an organization's provider opened opens that organization only: another's provider says nothing of
    who somebody is here. It ends when its time is up and when the provider has refused the person since.
    """
    entered = session.get(SIGNED_ON)
    if entered is None:
        return member.organization.needs_sign_on
    if entered["organization"] != member.organization_id or entered["until"] < time.time():
        return True
    return member.refused_at is not None and member.refused_at.timestamp() >= entered["at"]


def _to_login(request: HttpRequest) -> HttpResponse:
    return _enter_at(request, resolve_url("account_login"))


def _to_sign_on(request: HttpRequest, slug: str) -> HttpResponse:
    """To the organization's own log-in; a stranger's session of another organization learns nothing more."""
    return _enter_at(request, resolve_url("sign_on_at", slug))


def _enter_at(request: HttpRequest, door: str) -> HttpResponse:
    where = request.get_full_path() if request.method == "GET" else "/"
    url = f"{door}?next={quote(where)}"
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)
