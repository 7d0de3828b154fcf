"""The notice out of hours as a customer of this account would read it the next time it is closed."""

from __future__ import annotations

from datetime import datetime, timedelta

from protocols.rules.business_time import BusinessTime, NeverOpens
from protocols.rules.calendar import WeekHours
from tickets.replies.notice_sentences import closed_sentence
from tickets.settings.models import AccountPolicy


def example_of(policy: AccountPolicy, hours: WeekHours, *, now: datetime) -> str:
    """Empty where it is never closed."""
    times, at = BusinessTime(hours), now
    if hours.always_open:
        return ""
    for _hour in range(24 * 14):
        if not times.is_open(at):
            break
        at += timedelta(hours=1)
    else:
        return ""
    try:
        opens_at = times.next_opening(at)
    except NeverOpens:
        return ""
    return closed_sentence(
        policy.voice, hours, opens_at=opens_at, now=at, name="Diana", phone=policy.contact_phone
    )
