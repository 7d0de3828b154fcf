"""When an area owes its answer. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from tickets.clocks.rules import TimeRules

# The link and the code of a question outlive its target: a late answer is better than none.
LINK_LASTS = timedelta(days=30)
# However near the due date is, an area is given this much.
LEAST = timedelta(minutes=15)
# After its time is over it is reminded once a business day, and not for ever.
MOST_REMINDERS = 5
DAY = timedelta(hours=8)


def due_at(
    rules: TimeRules, asked_at: datetime, promised_at: datetime | None, *, percent: int, minutes: int
) -> datetime:
    """An area has its share of the business time that is left until the case is due (care.md 12: half).

    Without a due date, or with one that is past, it has ``minutes`` of business time.
    """
    if promised_at is None or promised_at <= asked_at:
        return rules.calendar.add(asked_at, timedelta(minutes=minutes))
    left = rules.calendar.between(asked_at, promised_at)
    if left <= LEAST:  # a case of the night or of the weekend: its clock goes around the clock
        share = (promised_at - asked_at) * percent / 100
        return min(promised_at, asked_at + max(share, LEAST))
    return rules.calendar.add(asked_at, max(left * percent / 100, LEAST))


def remind_at(rules: TimeRules, asked_at: datetime, due: datetime, *, percent: int) -> datetime:
    """The first reminder, when so much of the area's own time is gone."""
    left = rules.calendar.between(asked_at, due)
    if left <= LEAST:
        return asked_at + (due - asked_at) * percent / 100
    return rules.calendar.add(asked_at, left * percent / 100)


def next_reminder(rules: TimeRules, now: datetime, reminders: int) -> datetime | None:
    """The next one after the time is over; None when it has been reminded often enough."""
    return rules.calendar.add(now, DAY) if reminders < MOST_REMINDERS else None
