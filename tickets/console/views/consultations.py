"""Asking an area from a case."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from channels_social.domain.doorbell import ring
from channels_social.enums import ActionState
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.areas.domain.consulting import Refused
from tickets.areas.domain.consulting import cancel as call_off
from tickets.areas.domain.consulting import consult as ask
from tickets.areas.models import Area, Consultation
from tickets.areas.sentences import sentence
from tickets.areas.shared import shareable
from tickets.cases.models import Ticket
from tickets.console.case_page import ticket_for
from tickets.console.push import announce
from tickets.console.rows import case_url
from tickets.console.views.pages import queue_context
from tickets.replies.domain import casework


@for_members(Permission.SEE_CASES, Permission.RESOLVE_CASES, methods=("GET", "HEAD", "POST"))
def consult(request: Any, number: int) -> HttpResponse:
    """The form: which area, what is asked, what of the case it may see."""
    ticket = ticket_for(number)
    if ticket is None:
        raise Http404
    if request.method != "POST":
        return _show(request, ticket)
    ticket = casework.lock(ticket.pk)
    asked = request.POST.get("area", "")
    area = Area.objects.filter(pk=int(asked)).first() if asked.isdecimal() else None
    chosen = [int(one) for one in request.POST.getlist("messages") if one.isdecimal()]
    try:
        if area is None:
            raise Refused("no_area")
        ask(
            ticket,
            area=area,
            question=request.POST.get("question", ""),
            by=request.member,
            shares_name=request.POST.get("shares_name") == "1",
            messages=chosen,
        )
    except Refused as refused:
        return _show(request, ticket, error=sentence(refused.code), status=422)
    return _gone(request, ticket)


@for_members(Permission.SEE_CASES, Permission.RESOLVE_CASES, methods=("POST",))
def cancel(request: Any, number: int, pk: int) -> HttpResponse:
    """The answer is not needed any more."""
    ticket = ticket_for(number)
    found = Consultation.objects.filter(pk=pk, ticket=ticket).first() if ticket else None
    if found is None:
        raise Http404
    ticket = casework.lock(found.ticket_id)
    consultation = Consultation.objects.select_for_update(of=("self",)).get(pk=found.pk)
    consultation.ticket = ticket
    call_off(consultation, by=request.member)
    return _gone(request, ticket)


def _gone(request: Any, ticket: Ticket) -> HttpResponse:
    organization_id = request.org.pk
    request.afterwards.append(lambda: announce(organization_id, [ticket.pk], []))
    request.afterwards.append(lambda: ring("net"))
    return redirect(case_url(request.org.slug, ticket.number))


def _show(request: Any, ticket: Ticket, *, error: str = "", status: int = 200) -> HttpResponse:
    messages = shareable(ticket.pk, ticket.organization_id)
    is_post = request.method == "POST"
    chosen = set(request.POST.getlist("messages")) if is_post else {str(one.pk) for one in messages}
    context = queue_context(request, ticket.pk) | {
        "case_template": "tickets/console/_consult.html",
        "case": ticket,
        "case_url": case_url(request.org.slug, ticket.number),
        "who_url": reverse("customer", args=[request.org.slug, ticket.number]),
        "areas": Area.objects.filter(is_active=True).order_by("name"),
        "chosen_area": request.POST.get("area", ""),
        "question": request.POST.get("question", ""),
        "shares_name": request.POST.get("shares_name") == "1",
        "messages_to_share": [(one, str(one.pk) in chosen) for one in messages],
        "open_ones": [_open(one) for one in _open_consultations(ticket)],
        "error": error,
    }
    with timezone.override(request.org.timezone):
        return render(request, "tickets/console/page.html", context, status=status)


def _open_consultations(ticket: Ticket) -> list[Consultation]:
    found = Consultation.objects.filter(ticket=ticket, answered_at=None, cancelled_at=None)
    return list(found.select_related("area", "action", "asked_by").order_by("due_at"))


def _open(consultation: Consultation) -> dict[str, Any]:
    state = consultation.action.state if consultation.action else ""
    return {
        "it": consultation,
        "mail": ActionState(state).label if state else "",
        "is_stuck": state == "failed",
    }
