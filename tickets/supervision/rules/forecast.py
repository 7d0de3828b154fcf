"""How many will be late, and when the backlog ends, with the people who are there. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# 4,000 messages a day, a quarter of them noise, over 30 agents and 12 hours (care.md, the buyer): 8 an hour.
USUAL_PACE = 8.0
# Fewer answers than this say nothing about a pace.
ENOUGH = 10


@dataclass(frozen=True, slots=True)
class Forecast:
    """What happens if nobody comes or goes. ``ends_at`` None: it does not end at this pace."""

    people: int
    # Cases a person answers an hour; measured, or the usual.
    pace: float
    is_measured: bool
    backlog: int
    late: int
    late_until: datetime | None
    ends_at: datetime | None


def pace_of(answered: int, person_half_hours: int) -> tuple[float, bool]:
    """Cases a person answers an hour, out of what was answered lately; whether that was enough to say."""
    if answered < ENOUGH or person_half_hours == 0:
        return USUAL_PACE, False
    return answered / (person_half_hours / 2), True


def forecast(
    due: Sequence[datetime | None],
    *,
    backlog: int,
    people: int,
    pace: float,
    is_measured: bool,
    arrivals: float,
    now: datetime,
) -> Forecast:
    """Answer what waits in the order in which it falls due. ``arrivals``: new cases an hour, answered last.

    ``due`` are those that wait (None: owed by no clock), ``backlog`` how many there are in all. What is late already
    is work and not news: only what would become late is counted.
    """
    rate = people * pace
    ordered = sorted(due, key=lambda at: (at is None, at or now))
    late: list[datetime] = []
    for place, at in enumerate(ordered, 1):
        if at is None or at < now:
            continue
        if rate == 0 or now + timedelta(hours=place / rate) > at:
            late.append(at)
    ends_at = None
    if backlog == 0:
        ends_at = now
    elif rate > arrivals:
        ends_at = now + timedelta(hours=backlog / (rate - arrivals))
    return Forecast(people, pace, is_measured, backlog, len(late), max(late, default=None), ends_at)
