"""When an incident is expected to be over, or when the next notice comes: one of them, ahead and not too far. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

# Nobody waits a month for a notice; more is a slip of the keyboard.
FARTHEST = timedelta(days=30)
# A notice every half hour (care.md 5).
EVERY = timedelta(minutes=30)


def refusal_of(
    *, starts_at: datetime, estimated_at: datetime | None, next_notice_at: datetime | None, now: datetime
) -> str:
    """Why these instants cannot be said to customers: ``no_when``, ``past_estimate``, ``past_notice``, ``before``,
    ``far``; empty when they can."""
    if estimated_at is None and next_notice_at is None:
        return "no_when"
    if estimated_at is not None and estimated_at <= now:
        return "past_estimate"
    if next_notice_at is not None and next_notice_at <= now:
        return "past_notice"
    if estimated_at is not None and estimated_at <= starts_at:
        return "before"
    latest = max(at for at in (estimated_at, next_notice_at, starts_at) if at is not None)
    return "far" if latest - now > FARTHEST else ""


def next_hour(now: datetime) -> datetime:
    """The next notice when nobody says otherwise: half an hour from now, to the five minutes."""
    at = now + EVERY
    return at.replace(second=0, microsecond=0) + timedelta(minutes=-at.minute % 5)
