"""How many will be late, and when the backlog ends, with the people who are there. Pure.

People work while an account attends: what is due tomorrow at ten is not worked on through the night.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import floor

# 4,000 messages a day, a quarter of them noise, over 30 agents and 12 hours (care.md, the buyer): 8 an hour.
USUAL_PACE = 8.0
# Fewer answers than this say nothing about a pace.
ENOUGH = 10
HOUR = timedelta(hours=1)
Spans = Sequence[tuple[datetime, datetime]]


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
    # Nobody attends now: since when somebody does.
    opens_at: datetime | None = None
    # There are more than were looked at: at least so many.
    is_at_least: bool = False


def pace_of(answered: int, person_half_hours: int) -> tuple[float, bool]:
    """Cases a person answers an hour, out of what was answered lately; whether that was enough to say."""
    if answered < ENOUGH or person_half_hours == 0:
        return USUAL_PACE, False
    return answered / (person_half_hours / 2), True


def merged(spans: Iterable[tuple[datetime, datetime]], now: datetime) -> list[tuple[datetime, datetime]]:
    """When anybody attends from now on, out of the hours of all accounts, in order and without overlaps."""
    found: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(spans):
        begin = max(begin, now)
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        elif begin < end:
            found.append((begin, end))
    return found


def forecast(
    due: Sequence[tuple[datetime | None, int]],
    *,
    hours: Spans,
    backlog: int,
    people: int,
    pace: float,
    is_measured: bool,
    arrivals: float,
    now: datetime,
) -> Forecast:
    """Answer what waits in the order in which it falls due. ``arrivals``: new cases an hour, answered last.

    ``due``: how many of those that wait fall due when (None: owed by no clock); ``backlog`` how many there are in
    all. ``hours``: the open stretches from now on, as ``merged`` makes them; none: always. What is late already is
    work and not news: only what would become late is counted.
    """
    rate = people * pace
    done, late, late_until = sum(n for at, n in due if at is not None and at < now), 0, None
    ahead = sorted((at, n) for at, n in due if at is not None and at >= now)
    for (at, n), worked in zip(ahead, _worked(hours, now, [at for at, _n in ahead]), strict=True):
        done += n
        # Of these n, those beyond what is answered until then; what is due before them was answered first.
        missed = min(n, max(0, done - floor(rate * (worked / HOUR) + 1e-9)))
        if missed:
            late, late_until = late + missed, at
    ends_at = None
    if backlog == 0:
        ends_at = now
    elif rate > arrivals:
        ends_at = _after(hours, now, HOUR * (backlog / (rate - arrivals)))
    opens_at = hours[0][0] if hours and hours[0][0] > now else None
    seen = sum(n for _at, n in due)
    return Forecast(
        people, pace, is_measured, backlog, late, late_until, ends_at, opens_at, is_at_least=backlog > seen
    )


def _worked(hours: Spans, now: datetime, instants: Iterable[datetime]) -> Iterator[timedelta]:
    """Open time from now until each of the instants, which come in order."""
    passed, coming = timedelta(), iter(hours)
    begin, end = next(coming, (now, datetime.max.replace(tzinfo=now.tzinfo)))
    for at in instants:
        while at > end:
            passed += end - begin
            begin, end = next(coming, (datetime.max.replace(tzinfo=now.tzinfo),) * 2)
        yield passed + max(at - begin, timedelta())


def _after(hours: Spans, now: datetime, work: timedelta) -> datetime:
    """When so much open time has passed; past the last stretch that is known, by the wall."""
    for begin, end in hours:
        if work <= end - begin:
            return begin + work
        work -= end - begin
        now = end
    return now + work
