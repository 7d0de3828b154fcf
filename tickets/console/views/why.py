"""Why a clock of a case falls due when it does."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse

from helpdesk import clock as house_clock
from helpdesk.http import for_members, holds
from helpdesk.tenancy.permissions import Permission
from tickets.clocks.models import Clock
from tickets.console.case_page import clocks_of, why_words
from tickets.console.views.dialogs import asked, case_or_404
from tickets.console.why_page import why_of


@for_members(Permission.SEE_CASES)
def clock_why(request: Any, number: int, pk: int) -> HttpResponse:
    """The policy, the calendar, the waits and the days that made it, as a picture and in words."""
    ticket = case_or_404(number)
    clock = Clock.objects.filter(organization=request.org, ticket=ticket, pk=pk).first()
    if clock is None:
        raise Http404
    others = clocks_of(
        list(Clock.objects.filter(organization=request.org, ticket=ticket)), ticket, request.org.slug
    )
    return asked(
        request,
        "_why.html",
        ticket,
        rule=why_words(clock),
        others=others,
        may_look=holds(request.member, Permission.MANAGE_TIME, "GET"),
        **why_of(clock, ticket, now=house_clock.now()),
    )
