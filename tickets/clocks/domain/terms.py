"""The time rules of an organization: its calendars and terms, as one object per account."""

from __future__ import annotations

import time as monotonic
from functools import lru_cache

from protocols.models import Calendar, SlaPolicy
from tickets.clocks.rules import Terms, TimeRules
from tickets.enums import ClockKind
from tickets.settings.models import AccountPolicy

# Seconds a worker may go on with rules an admin has just changed.
RULES_AGE = 10


def rules_by_account(organization_id: int) -> dict[int, TimeRules]:
    """The time rules of every account of the organization. Inside ``tenant``; kept for a few seconds."""
    return _rules(organization_id, int(monotonic.monotonic() // RULES_AGE))


@lru_cache(maxsize=256)
def _rules(organization_id: int, _age: int) -> dict[int, TimeRules]:
    calendars = {calendar.pk: _week_hours(calendar) for calendar in Calendar.objects.order_by("pk")}
    terms = {policy.priority: _terms(policy) for policy in SlaPolicy.objects.all()}
    return {
        policy.account_id: TimeRules(policy.calendar_id, calendars[policy.calendar_id], terms)
        for policy in AccountPolicy.objects.all()
    }


def _terms(policy: SlaPolicy) -> Terms:
    minutes = {
        ClockKind.FIRST_RESPONSE: policy.first_response,
        ClockKind.NEXT_RESPONSE: policy.next_response,
        ClockKind.UPDATE: policy.update,
        ClockKind.RESOLUTION: policy.resolution,
    }
    return Terms(policy.priority, policy.is_wall_time, {k: v for k, v in minutes.items() if v is not None})
