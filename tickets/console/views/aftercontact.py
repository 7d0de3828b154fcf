"""Whom a person is to ask whether it stayed solved, and answers nobody understood."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.contrib import messages as toasts
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_social.domain.doorbell import ring
from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.aftercontact.domain import answers
from tickets.aftercontact.domain.asking import is_left_alone, way_to_ask
from tickets.aftercontact.domain.planning import policy_of
from tickets.aftercontact.models import AfterContact, Contact
from tickets.aftercontact.sentences import TOPS, WHY_LISTED
from tickets.cases.models import Ticket
from tickets.console.push import announce_after
from tickets.console.rows import case_url
from tickets.enums import TicketState
from tickets.privacy.rules.masking import mask

POST = ("POST",)
SHOWN = 50


@for_members(Permission.SEE_CASES, Permission.REPLY_PRIVATE)
def after_contacts(request: Any) -> HttpResponse:
    """The newest first: what a colleague may ask, write down, or leave."""
    found = (
        AfterContact.objects.filter(state__in=[Contact.LISTED, Contact.UNCLEAR], expires_at__gt=clock.now())
        .exclude(ticket__state=TicketState.JOINED)
        .select_related("ticket__customer", "ticket__organization", "answer")
        .order_by("-due_at", "-id")
    )
    context = {
        "org": request.org, "me": request.member, "section": "after_contacts",
        "lines": [_line(request, row) for row in found[:SHOWN]],
        "scores": range(0 if policy_of(request.org.pk).score == "nps" else 1,
                        TOPS[policy_of(request.org.pk).score] + 1),
    }  # fmt: skip
    with timezone.override(request.org.timezone):
        return render(request, "tickets/console/after_contacts.html", context)


@for_members(Permission.SEE_CASES, Permission.REPLY_PRIVATE, Permission.RESOLVE_CASES, methods=POST)
def after_contact(request: Any, pk: int) -> HttpResponse:
    """Ask, write down what was said, or leave them alone."""
    row = AfterContact.objects.filter(pk=pk).first()
    found = (
        Ticket.objects.filter(pk=row.ticket_id).select_related("organization", "customer") if row else None
    )
    ticket = found.select_for_update(of=("self",)).first() if found is not None else None
    if row is None or ticket is None or ticket.state == TicketState.JOINED:
        raise Http404
    row.refresh_from_db()
    try:
        said = _decide(request, row, ticket)
    except answers.NotPossible as refused:
        toasts.error(request, _why(refused.code))
    else:
        toasts.success(request, said)
        announce_after(request, [ticket.pk])
        request.afterwards.append(lambda: ring("net"))
    return redirect("after_contacts", request.org.slug)


def _decide(request: Any, row: AfterContact, ticket: Ticket) -> str:
    given = request.POST.get("score", "")
    score = int(given) if given.isdecimal() and len(given) < 3 else None
    match request.POST.get("what", ""):
        case "ask":
            answers.ask_by_hand(row, ticket, by=request.member)
            return _("La pregunta sale en un momento.")
        case "yes":
            answers.write_down(row, ticket, solved=True, score=score, by=request.member)
            return _("Guardado: quedó solucionado.")
        case "no":
            answers.write_down(row, ticket, solved=False, score=score, by=request.member)
            return _("Guardado: el caso se reabrió.")
        case "drop":
            answers.drop(row, ticket, by=request.member)
            return _("De acuerdo: no se pregunta por este caso.")
        case "never":
            answers.drop(row, ticket, by=request.member, for_good=True)
            return _("De acuerdo: a este cliente no se le vuelve a preguntar.")
        case "again":
            answers.set_no_contact(ticket, False, by=request.member)
            return _("Guardado: a este cliente se le puede volver a preguntar.")
    raise answers.NotPossible("over")


def _why(code: str) -> str:
    if code == "score":
        return _("Esa calificación no es de la escala que se pregunta.")
    if code in WHY_LISTED:
        return _("No se puede preguntar: %s.") % _(WHY_LISTED[code])
    return _("Ya no está pendiente: otra persona lo resolvió o pasó su tiempo.")


def _line(request: Any, row: AfterContact) -> SimpleNamespace:
    ticket, answer = row.ticket, row.answer
    is_unclear = row.state == Contact.UNCLEAR
    words = answer.text if answer is not None and answer.deleted_at is None else ""
    return SimpleNamespace(
        row=row,
        ticket=ticket,
        case_url=case_url(request.org.slug, ticket.number),
        is_unclear=is_unclear,
        is_left_alone=is_left_alone(ticket),
        why="" if is_unclear else _(WHY_LISTED.get(row.code, WHY_LISTED["no_target"])),
        words=words if request.member.sees_data else mask(words),
        may_ask=not is_unclear and way_to_ask(ticket, by_hand=True)[0] is not None,
    )
