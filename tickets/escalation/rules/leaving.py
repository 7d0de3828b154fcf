"""What leaves for one person, and when: quiet hours, and many alarms as one. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

# So many a minute by themselves; what is more leaves together when the minute is over.
SINGLE, MINUTE = 3, timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Batch:
    """What leaves now: each by itself, or all as one; and until when the rest waits."""

    single: list[int]
    together: list[int]
    wait_until: datetime | None = None


def batch(waiting: Sequence[int], sent: Sequence[datetime], now: datetime) -> Batch:
    """Share out what waits for one person. ``sent``: when something last left for them."""
    lately = sorted(one for one in sent if one > now - MINUTE)
    free = max(SINGLE - len(lately), 0)
    if len(waiting) <= free:
        return Batch(list(waiting), [])
    if not lately:
        # A storm that begins: the first two at once, so that somebody moves, the rest in one.
        return Batch(list(waiting[: SINGLE - 1]), list(waiting[SINGLE - 1 :]))
    return Batch([], [], wait_until=lately[-1] + MINUTE)


def after_quiet(at: datetime, quiet_from: time | None, quiet_until: time | None, zone: str) -> datetime:
    """When something that is not urgent may leave: now, or at the end of the person's quiet hours."""
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return at
    local = at.astimezone(ZoneInfo(zone))
    now, is_night = local.time(), quiet_from > quiet_until
    is_quiet = now >= quiet_from or now < quiet_until if is_night else quiet_from <= now < quiet_until
    if not is_quiet:
        return at
    day = local.date() + timedelta(days=1 if is_night and now >= quiet_from else 0)
    return datetime.combine(day, quiet_until, local.tzinfo)
