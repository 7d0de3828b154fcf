"""A question about a case: in a dialog over the console, or as a page of its own where scripts are off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tickets.cases.models import Ticket
from tickets.console.rows import case_url
from tickets.enums import TicketState


def asked(request: Any, template: str, ticket: Ticket, *, status: int = 200, **context: Any) -> HttpResponse:
    """Show the question; ``template`` is the inside of the dialog."""
    frame = {
        "org": request.org,
        "me": request.member,
        "section": "console",
        "case": ticket,
        "case_url": case_url(request.org.slug, ticket.number),
        "question": f"tickets/console/{template}",
    }
    page = "dialog" if request.htmx else "dialog_page"
    with timezone.override(request.org.timezone):
        return render(request, f"tickets/console/{page}.html", frame | context, status=status)


def done(request: Any, number: int, said: Any) -> HttpResponse:
    """Back to the case, which says what was done."""
    messages.success(request, said)
    url = case_url(request.org.slug, number)
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": url})
    return redirect(url)


def case_or_404(number: int) -> Ticket:
    """The case of that number, that is not in another."""
    ticket = (
        Ticket.objects.select_related("customer", "organization")
        .exclude(state=TicketState.JOINED)
        .filter(number=number)
        .first()
    )
    if ticket is None:
        raise Http404
    return ticket
