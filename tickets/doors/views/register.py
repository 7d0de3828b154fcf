"""«Registrar llamada / correo / oficina»: one page, by keyboard."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.cases.models import Ticket
from tickets.console.push import announce_after
from tickets.console.rows import case_url
from tickets.customers.models import Customer
from tickets.doors.forms import RegisterForm
from tickets.doors.queries.people import matches, open_cases_of
from tickets.enums import OPEN_STATES, Door
from tickets.intake.asked import Asked
from tickets.intake.by_hand import open_case
from tickets.intake.judging import judge_told
from tickets.intake.rules.kind import suggest_kind
from tickets.intake.rules.who import read_who
from tickets.replies.domain import casework
from tickets.replies.domain.reply import new_token

# Whoever looks up customers here finds any of them: an area, which sees what it is asked, does not.
SEES = (Permission.SEE_CASES, Permission.WRITE_NOTES, Permission.TAKE_CASES)


@for_members(*SEES, methods=("GET", "HEAD", "POST"))
def register(request: Any) -> HttpResponse:
    """The page, and writing it down. What was typed comes back with what is wrong."""
    with timezone.override(request.org.timezone):
        if request.method != "POST":
            return _page(request, RegisterForm(initial=_initial(request)))
        form = RegisterForm(request.POST)
        if not form.is_valid():
            return _page(request, form, status=422)
        asked = form.asked(request.org.country)
        problem = _problem(request, asked)
        if problem:
            form.add_error(*problem)
            return _page(request, form, status=422)
        opened = open_case(request.org, asked, by=request.member, source=f"console:{request.member.pk}")
    pairs = [(opened.ticket_id, opened.message_id)] if opened.message_id else []
    announce_after(request, [opened.ticket_id], pairs)
    ticket = _theirs(opened.ticket_id, request.member)
    if asked.is_resolved and ticket.is_open:
        messages.info(request, _("El caso queda abierto: diga el motivo con T y resuélvalo con E."))
    return redirect(case_url(request.org.slug, ticket.number))


def _theirs(ticket_id: int, member: Membership) -> Ticket:
    """The case they wrote down; who sees only their own cases takes it, or could not go on with it."""
    with whole():
        ticket = Ticket.objects.get(pk=ticket_id)
        if "own" in member.scope.split() and ticket.assignee_id is None:
            ticket = casework.lock(ticket_id)
            casework.assign(ticket, to=member, by=member)
    return ticket


def _initial(request: Any) -> dict[str, Any]:
    """A new token, now, and whom and what the page was opened for."""
    number = request.GET.get("caso", "")
    door = request.GET.get("por", "")
    ticket = Ticket.objects.filter(number=int(number)).first() if number.isdecimal() else None
    return {
        "token": new_token(),
        "happened": clock.now(),
        "door": door if door in Door.values else Door.PHONE,
        "customer": ticket.customer_id if ticket else None,
        "ticket": ticket.pk if ticket else None,
    }


def _problem(request: Any, asked: Asked) -> tuple[str, str] | None:
    """What the form cannot know: whether person and case are there, and whether one may resolve."""
    customer = asked.who.customer_id
    if customer and not Customer.objects.filter(pk=customer).exists():
        return "who", _("Esa persona ya no está: búsquela otra vez.")
    if asked.ticket_id:
        found = Ticket.objects.filter(pk=asked.ticket_id, state__in=OPEN_STATES)
        if not (found.filter(customer_id=customer) if customer else found).exists():
            return "who", _("Ese caso ya no está abierto: elija otro, o uno nuevo.")
    if asked.is_resolved and not request.member.can(Permission.RESOLVE_CASES):
        return "resolved", _("Su rol no permite resolver: guarde lo que contestó y pida que lo resuelvan.")
    if asked.answer and not request.member.can(Permission.REPLY_PRIVATE):
        return "answer", _("Su rol no permite responder.")
    return None


def _page(request: Any, form: RegisterForm, status: int = 200) -> HttpResponse:
    customer = form["customer"].value()
    chosen = Customer.objects.filter(pk=customer).first() if str(customer or "").isdecimal() else None
    context = {
        "org": request.org,
        "me": request.member,
        "section": "register",
        "form": form,
        "chosen": chosen,
        "cases": open_cases_of(request.org, chosen.pk) if chosen else [],
        "ticket": str(form["ticket"].value() or ""),
        "may_resolve": request.member.can(Permission.RESOLVE_CASES),
        "may_answer": request.member.can(Permission.REPLY_PRIVATE),
        "latest": clock.now() + timedelta(minutes=1),
    }
    return render(request, "tickets/doors/register.html", context, status=status)


@for_members(*SEES)
def people(request: Any) -> HttpResponse:
    """Whom they may mean, as they type."""
    typed = request.GET.get("who", "")
    context = {
        "matches": matches(request.org, typed),
        "read": read_who(typed, request.org.country),
        "typed": typed.strip(),
    }
    return render(request, "tickets/doors/_people.html", context)


@for_members(*SEES)
def theirs(request: Any) -> HttpResponse:
    """The open cases of the person chosen: the same matter, or a new one?"""
    asked = request.GET.get("customer", "")
    customer = Customer.objects.filter(pk=int(asked)).first() if asked.isdecimal() else None
    if customer is None:
        raise Http404
    context = {
        "org": request.org,
        "chosen": customer,
        "cases": open_cases_of(request.org, customer.pk),
        "ticket": request.GET.get("ticket", ""),
    }
    with timezone.override(request.org.timezone):
        return render(request, "tickets/doors/_theirs.html", context)


@for_members(*SEES)
def kind(request: Any) -> HttpResponse:
    """What kind it seems to be, and for which words."""
    suggested, reasons = suggest_kind(judge_told(request.GET.get("text", "")[:5000]))
    context = {"kind": suggested.label, "reasons": reasons}
    return render(request, "tickets/doors/_kind.html", context)
