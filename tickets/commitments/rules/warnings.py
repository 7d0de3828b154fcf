"""When a promised date warns, and when it is broken. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

# Before it falls due (care.md, finding 13), in minutes.
WARNINGS = (24 * 60, 60, 15)


def next_look(due_at: datetime, *, since: datetime, after: datetime) -> datetime:
    """The next instant at which something happens after ``after``: a warning, or that it falls due.

    A warning that would have come before the promise was made (``since``) is none.
    """
    steps = [due_at - timedelta(minutes=minutes) for minutes in WARNINGS]
    return min((step for step in steps if step > max(after, since)), default=due_at)


def warning_due(due_at: datetime, *, since: datetime, now: datetime) -> int | None:
    """The warning that stands now: the minutes of the last one that is past; None before the first."""
    past = [m for m in WARNINGS if since < due_at - timedelta(minutes=m) <= now]
    return min(past, default=None)
