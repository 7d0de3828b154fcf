"""The two ways on when a person has another open case: one case of both, or this one by itself."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.cases.models import Ticket
from tickets.console.case_page import case_context, ticket_for
from tickets.console.open_cases import likely_banner
from tickets.console.push import announce_after
from tickets.console.rows import case_url
from tickets.replies.domain.casework import lock
from tickets.replies.domain.joining import join_cases
from tickets.replies.domain.open_cases import go_on_apart as go_on
from tickets.replies.domain.reply import Refused
from tickets.replies.sentences import sentence

POST = ("POST",)


@for_members(Permission.SEE_CASES)
def likely_cases(request: Any, number: int) -> HttpResponse:
    """Open cases of people who are likely the same, for the place above the composer."""
    with timezone.override(request.org.timezone):
        banner = likely_banner(_ticket(number), request.member, request.org.slug)
        return render(
            request, "tickets/console/open_cases/_likely.html", {"banner": banner, "org": request.org}
        )


@for_members(Permission.SEE_CASES, Permission.JOIN_CASES, methods=POST)
def join_open_case(request: Any, number: int) -> HttpResponse:
    """Join another open case of this person into this one; the words being written stay."""
    ticket, other = _ticket(number), _other(request)
    # What is open takes in what is not; the answer goes on where the conversation is either way.
    into, gone = (ticket, other) if ticket.is_open else (other, ticket)
    try:
        move = join_cases(
            into=into, other=gone, by=request.member, reason=request.POST.get("reason", "")[:200]
        )
    except Refused as refused:
        return _case(request, number, error=sentence(refused.code, refused.detail), status=409)
    ids = [move.kept_id, move.other_id]
    announce_after(request, ids)
    if into.pk != ticket.pk or not request.htmx:
        url = case_url(request.org.slug, into.number)
        return HttpResponse(headers={"HX-Redirect": url}) if request.htmx else redirect(url)
    return _case(request, number)


@for_members(Permission.SEE_CASES, methods=POST)
def go_on_apart(request: Any, number: int) -> HttpResponse:
    """Go on with this case by itself, knowing of the others; recorded."""
    others = [int(pk) for pk in request.POST.getlist("other") if pk.isdecimal() and len(pk) < 19]
    ticket = lock(_ticket(number).pk)
    if go_on(ticket, others, by=request.member):
        announce_after(request, [ticket.pk])
    return _case(request, number) if request.htmx else redirect(case_url(request.org.slug, number))


def _ticket(number: int) -> Ticket:
    ticket = ticket_for(number)
    if ticket is None:
        raise Http404
    return ticket


def _other(request: Any) -> Ticket:
    asked = request.POST.get("other", "")
    other = Ticket.objects.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 19 else None
    if other is None:
        raise Http404
    return other


def _case(request: Any, number: int, *, error: str = "", status: int = 200) -> HttpResponse:
    with timezone.override(request.org.timezone):
        more: dict[str, Any] = {"errors": [error]} if error else {}
        context = case_context(request, _ticket(number), now=clock.now(), **more)
        name = "case_part" if request.htmx else "page"
        return render(request, f"tickets/console/{name}.html", context, status=status)
