"""Days counted anew on purpose: those that were found wrong, or all. Inside ``tenant``, in a transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from helpdesk.tenancy.models import Organization
from tickets.insights.domain.counting import adjust_day, put_days, stretches
from tickets.insights.domain.hours import lay_out
from tickets.insights.domain.sweeping import state_of


def mend(organization: Organization, days: Iterable[date], *, now: datetime) -> int:
    """Count these days anew; what a closed month has in force stays. How many days.

    Waits for a sweep that is at it, and keeps others away until the transaction ends.
    """
    state = state_of(organization, now=now, waits=True)
    assert state is not None, "waited for"
    lay_out(organization, now=now)
    every = sorted(set(days))
    for first, last in stretches([day for day in every if not state.is_closed(day)]):
        put_days(organization, first, last)
    for day in every:
        if state.is_closed(day):
            adjust_day(organization, day)
    state.swept_at = now
    state.save()
    return len(every)


def rebuild(organization: Organization, first: date, last: date, *, now: datetime) -> int:
    """The same for every day of a range."""
    return mend(organization, (first + timedelta(days=n) for n in range((last - first).days + 1)), now=now)
