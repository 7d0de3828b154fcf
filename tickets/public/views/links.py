"""What a colleague does with one-time links of a case: ask, take back, and read what came, saying why."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.http import for_members
from helpdesk.site.visitors import base_url, site_of
from helpdesk.tenancy.permissions import Permission
from tickets.cases.models import Ticket
from tickets.console.views.access import must_be_open
from tickets.console.views.dialogs import asked, case_or_404
from tickets.guidance.domain.queries.guidance import guidance_of
from tickets.public.domain.asking import Refused, ask, revoke, see, why_over
from tickets.public.models import SecureLink

MOST = 20


@for_members(Permission.SEE_CASES, methods=("GET", "HEAD", "POST"))
def links(request: Any, number: int) -> HttpResponse:
    """The dialog: what may be asked, the links there are, and the new one with its address, shown once."""
    ticket = case_or_404(number)
    must_be_open(request, ticket)
    allowed = _allowed(ticket)
    url = error = ""
    if request.method == "POST":
        if not request.member.can(Permission.REPLY_PRIVATE):
            raise PermissionDenied
        try:
            _link, token = ask(
                ticket, labels=request.POST.getlist("label"), allowed=allowed, by=request.member
            )
        except Refused:
            error = _("Marque al menos un dato de los que permite el protocolo.")
        else:
            url = base_url(request.org.slug) + reverse("public:secure", args=[request.org.slug, token])
    return _dialog(request, ticket, allowed=allowed, url=url, error=error)


@for_members(Permission.SEE_CASES, methods=("POST",))
def link(request: Any, pk: int) -> HttpResponse:
    """Take one back, or read what came in clear."""
    found = (
        SecureLink.objects.select_related("ticket__organization", "ticket__customer").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    must_be_open(request, found.ticket)
    if request.POST.get("do") == "revoke":
        if not request.member.can(Permission.REPLY_PRIVATE):
            raise PermissionDenied
        return _revoke(request, found)
    if not request.member.can(Permission.SEE_PERSONAL_DATA):
        raise PermissionDenied
    try:
        told = see(found, reason=request.POST.get("reason", ""), by=request.member)
    except Refused:
        return _dialog(request, found.ticket, error=_("Diga por qué: queda en la bitácora."))
    answer = _dialog(request, found.ticket, seen=found.pk, told=told)
    answer["Cache-Control"] = "no-store"
    return answer


def _revoke(request: Any, found: SecureLink) -> HttpResponse:
    try:
        revoke(found, by=request.member)
    except Refused:
        return _dialog(request, found.ticket, error=_("Ese enlace ya no está vigente."))
    return _dialog(request, found.ticket)


def _dialog(
    request: Any, ticket: Ticket, *, allowed: list[str] | None = None, **context: Any
) -> HttpResponse:
    site = site_of(request.org)
    rows = list(SecureLink.objects.filter(ticket=ticket).select_related("asked_by").order_by("-pk")[:MOST])
    answer = asked(
        request, "_secure_links.html", ticket, status=422 if context.get("error") else 200,
        allowed=_allowed(ticket) if allowed is None else allowed,
        is_on=site is not None and site.is_on,
        links=[(row, why_over(row), list(zip(row.labels, row.masked or [""] * len(row.labels), strict=True)))
               for row in rows],
        may_ask=request.member.can(Permission.REPLY_PRIVATE),
        may_see=request.member.can(Permission.SEE_PERSONAL_DATA),
        **context,
    )  # fmt: skip
    answer["Cache-Control"] = "no-store"
    return answer


def _allowed(ticket: Ticket) -> list[str]:
    guide = guidance_of(ticket).guide
    return list(guide.data) if guide else []
