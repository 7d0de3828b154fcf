"""The page of the keys: made by who connects systems, agreed to by who may do what they do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from helpdesk.tenancy.tokens import ApiToken, Scope
from tickets.api.domain import tokens as verbs
from tickets.api.forms import TokenForm
from tickets.settings.views.frame import page

GET_POST, POST = ("GET", "HEAD", "POST"), ("POST",)
SHOWN = 50


@for_members(methods=GET_POST)
def tokens(request: Any) -> HttpResponse:
    """The keys there are; making one shows its words, this once."""
    _for_either(request)
    if request.method != "POST":
        return _show(request, TokenForm(organization=request.org))
    if not request.member.can(Permission.MANAGE_API):
        raise PermissionDenied
    form = TokenForm(request.POST, organization=request.org)
    if not form.is_valid():
        return _show(request, form, status=422)
    made, words = verbs.make_token(request.org, by=request.member, **form.cleaned_data)
    return _show(request, TokenForm(organization=request.org), made=made, words=words)


@for_members(methods=POST)
def token_step(request: Any, pk: int, what: str) -> HttpResponse:
    """Agree to a key, or take it away."""
    _for_either(request)
    token = ApiToken.objects.filter(organization=request.org, pk=pk).first()
    if token is None:
        raise Http404
    if what == "anular" and verbs.revoke_token(token, by=request.member):
        messages.success(request, _("La clave «%s» ya no abre nada.") % token.name)
    elif what == "aprobar":
        if verbs.approve_token(token, by=request.member):
            messages.success(request, _("La clave «%s» ya sirve.") % token.name)
        else:
            messages.error(
                request,
                _("La aprueba otra persona que pueda hacer todo lo que la clave hará."),
            )
    return redirect("api_tokens", request.org.slug)


def _for_either(request: Any) -> None:
    if not (request.member.can(Permission.MANAGE_API) or request.member.can(Permission.APPROVE_API)):
        raise PermissionDenied


def _show(
    request: Any, form: TokenForm, *, made: ApiToken | None = None, words: str = "", status: int = 200
) -> HttpResponse:
    now = clock.now()
    found = ApiToken.objects.filter(organization=request.org).select_related("created_by", "approved_by")
    rows = [
        {
            "token": token,
            "state": _state(token, now),
            "scopes": [(scope, Scope(scope).label) for scope in token.scopes],
            "may_approve": token.approved_at is None
            and token.revoked_at is None
            and token.created_by_id != request.member.pk
            and verbs.may_agree(token, request.member),
        }
        for token in found.order_by("-pk")[:SHOWN]
    ]
    answer = page(
        request,
        "api_tokens.html",
        "api_tokens",
        status=status,
        form=form,
        rows=rows,
        made=made,
        words=words,
        may_make=request.member.can(Permission.MANAGE_API),
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _state(token: ApiToken, now: Any) -> str:
    if token.revoked_at is not None:
        return "revoked"
    if token.expires_at <= now:
        return "expired"
    return "live" if token.approved_at is not None else "waits"
