"""Who sees what of a case: unmasking with a reason, reserved cases, opening one to audit it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk import audit
from helpdesk.http import for_members
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Mode, Permission
from tickets.areas.domain.seeing import settle_sight
from tickets.cases.domain import access as verbs
from tickets.cases.models import Message, Ticket
from tickets.console.case_page import ticket_for
from tickets.console.message import message_html
from tickets.console.push import announce, announce_rights
from tickets.console.queries.messages import messages_by_id
from tickets.console.rows import case_url, queue_address
from tickets.console.who import REASONS, reason_words

POST = ("POST",)


@for_members(Permission.SEE_CASES, Permission.SEE_PERSONAL_DATA, methods=POST)
def unmask(request: Any, pk: int) -> HttpResponse:
    """One message with its personal data in clear, for whoever may see it and says why."""
    message = Message.objects.filter(pk=pk, deleted_at__isnull=True).select_related("ticket").first()
    if message is None or message.ticket is None:
        raise Http404
    must_be_open(request, message.ticket)
    reason = request.POST.get("reason", "")
    words = reason_words(reason) if reason in REASONS else reason
    try:
        said = verbs.said_reason(words)
    except verbs.AccessRefused:
        return HttpResponse(_("Diga por qué: queda en la bitácora."), status=422)
    audit.record(
        request.org.pk, "message.unmasked", actor_id=request.member.pk, ticket_id=message.ticket_id,
        message=message.pk, reason=said,
    )  # fmt: skip
    with timezone.override(request.org.timezone):
        item = messages_by_id(request.org, [pk])[0]
        response = HttpResponse(message_html(item))
    # In clear for whoever asked, once.
    response["Cache-Control"] = "no-store"
    return response


@for_members(Permission.SEE_CASES, methods=("GET", "HEAD", "POST"))
def open_case(request: Any, number: int) -> HttpResponse:
    """Say why one reads this case; then it is open for a working day."""
    with whole():
        ticket = ticket_for(number)
    if ticket is None or not verbs.may_open(ticket.is_reserved, request.member):
        raise Http404
    error = ""
    if request.method == "POST":
        try:
            verbs.open_with_reason(ticket, reason=request.POST.get("reason", ""), by=request.member)
        except verbs.AccessRefused:
            error = _("Diga por qué: queda en la bitácora.")
        else:
            return redirect(case_url(request.org.slug, number))
    return ask_reason(request, number, error)


def ask_reason(request: Any, number: int, error: str = "") -> HttpResponse:
    """The page that asks an auditor why; it says nothing of the case."""
    context = {
        "org": request.org, "me": request.member, "section": "console", "number": number, "error": error,
        "queue_url": queue_address(request.org.slug),
    }  # fmt: skip
    return render(request, "tickets/console/open_case.html", context, status=422 if error else 200)


def must_be_open(request: Any, ticket: Ticket) -> None:
    """An auditor reads a case only after saying why."""
    if request.member.mode(Permission.SEE_CASES) == Mode.READ and not verbs.is_open_to(
        ticket, request.member, now=timezone.now()
    ):
        raise PermissionDenied


@for_members(Permission.SEE_CASES, Permission.RESERVE_CASES, methods=POST)
def reserve(request: Any, number: int) -> HttpResponse:
    """Leave a case to named people, change who they are, or give it back to everybody."""
    ticket = ticket_for(number)
    if ticket is None:
        raise Http404
    reason, organization_id, ticket_id = request.POST.get("reason", ""), request.org.pk, ticket.pk
    asked = [pk for pk in request.POST.getlist("named") if pk.isdecimal() and len(pk) < 18]
    named = list(Membership.objects.filter(pk__in=asked, is_active=True))
    try:
        if request.POST.get("reserved") == "0":
            verbs.unreserve(ticket, reason=reason, by=request.member)
            settle_sight(ticket)  # an area that still owes an answer sees it again
        else:
            verbs.reserve(ticket, named=named, reason=reason, by=request.member)
    except verbs.AccessRefused as refused:
        return HttpResponse(_refusal(refused.code), status=422)

    def tell() -> None:
        announce_rights(organization_id)
        announce(organization_id, [ticket_id], [])

    request.afterwards.append(tell)
    return redirect(case_url(request.org.slug, number))


def _refusal(code: str) -> str:
    return {
        "reason": _("Diga por qué: queda en la bitácora."),
        "not_named": _("Solo una persona nombrada en este caso cambia quién lo ve."),
        "cannot_see": _("Alguna de esas personas no ve casos: nombre a otra."),
    }[code]
