"""Why a clock falls due when it does: its days, with what was open, what counted and what stood still. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from protocols.rules.calendar import MINUTES_A_DAY, WeekHours
from protocols.rules.deadlines import Pause

# A picture shows this many days; of a longer time the first and the last.
MOST_DAYS = 10
Look = Literal["unused", "open", "paused"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a day in minutes of its wall clock."""

    look: Look
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class DayOfClock:
    """One local date of a clock's life. ``skipped`` days without a picture come before it."""

    day: date
    pieces: tuple[Piece, ...]
    counted: timedelta
    paused: timedelta
    is_holiday: bool = False
    name: str = ""
    begins: int | None = None
    falls_due: int | None = None
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Explanation:
    """The days of a clock and what they add up to; ``counted`` equals what is owed when the calendar explains it."""

    days: tuple[DayOfClock, ...]
    counted: timedelta
    paused: timedelta
    skipped_counted: timedelta = timedelta()


def explain(
    hours: WeekHours,
    started_at: datetime,
    due_at: datetime,
    pauses: Iterable[Pause] = (),
    names: Mapping[date, str] | None = None,
    *,
    is_wall_time: bool = False,
) -> Explanation:
    """Lay out every local date from the start to the due time. Wall time counts closed hours too."""
    names = names or {}
    counting = WeekHours(hours.timezone, always_open=True) if is_wall_time else hours
    waits = [(p.start, min(p.end or due_at, due_at)) for p in pauses]
    first, last = started_at.astimezone(hours.zone).date(), due_at.astimezone(hours.zone).date()
    days = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        days.append(_day(counting, hours, day, started_at, due_at, waits, names.get(day, "")))
    counted = sum((one.counted for one in days), timedelta())
    paused = sum((one.paused for one in days), timedelta())
    shown, skipped = _folded(days)
    return Explanation(tuple(shown), counted, paused, sum((one.counted for one in skipped), timedelta()))


def _day(
    counting: WeekHours,
    hours: WeekHours,
    day: date,
    started_at: datetime,
    due_at: datetime,
    waits: list[tuple[datetime, datetime]],
    name: str,
) -> DayOfClock:
    pieces: list[Piece] = []
    counted = paused = timedelta()
    for begin, end in counting.spans_of(day) if counting.always_open is False else _whole(counting, day):
        for look, a, b in _cut(begin, end, started_at, due_at, waits):
            pieces.append(Piece(look, _minute(counting, day, a), _minute(counting, day, b, is_end=True)))
            counted += b - a if look == "open" else timedelta()
            paused += b - a if look == "paused" else timedelta()
    return DayOfClock(
        day=day,
        pieces=tuple(pieces),
        counted=counted,
        paused=paused,
        is_holiday=day in hours.holidays,
        name=name,
        begins=_minute(hours, day, started_at) if _is_on(hours, day, started_at) else None,
        falls_due=_minute(hours, day, due_at) if _is_on(hours, day, due_at) else None,
    )


def _whole(hours: WeekHours, day: date) -> list[tuple[datetime, datetime]]:
    """All of a local date, however long it is."""
    edges = [datetime(d.year, d.month, d.day, tzinfo=hours.zone) for d in (day, day + timedelta(days=1))]
    return [(edges[0].astimezone(UTC), edges[1].astimezone(UTC))]


def _cut(
    begin: datetime,
    end: datetime,
    started_at: datetime,
    due_at: datetime,
    waits: list[tuple[datetime, datetime]],
) -> list[tuple[Look, datetime, datetime]]:
    """An open stretch in pieces: before the clock, counting, standing still, after it."""
    edges = {begin, end, started_at, due_at, *(edge for wait in waits for edge in wait)}
    inner = sorted(edge for edge in edges if begin <= edge <= end)
    found: list[tuple[Look, datetime, datetime]] = []
    for a, b in zip(inner, inner[1:], strict=False):
        look: Look = "open"
        if b <= started_at or a >= due_at:
            look = "unused"
        elif any(since <= a and b <= until for since, until in waits):
            look = "paused"
        if found and found[-1][0] == look and found[-1][2] == a:
            found[-1] = (look, found[-1][1], b)
        else:
            found.append((look, a, b))
    return found


def _is_on(hours: WeekHours, day: date, at: datetime) -> bool:
    return at.astimezone(hours.zone).date() == day


def _minute(hours: WeekHours, day: date, at: datetime, *, is_end: bool = False) -> int:
    """The minute of the wall clock; the end of a day that lasts to midnight is its last."""
    local = at.astimezone(hours.zone)
    if is_end and local.date() > day:
        return MINUTES_A_DAY
    return local.hour * 60 + local.minute


def _folded(days: list[DayOfClock]) -> tuple[list[DayOfClock], list[DayOfClock]]:
    """The first days and the last ones when there are too many for a picture; and those left out."""
    if len(days) <= MOST_DAYS:
        return days, []
    head, tail = days[: MOST_DAYS // 2], days[-(MOST_DAYS - MOST_DAYS // 2) :]
    left_out = days[len(head) : -len(tail)]
    first = tail[0]
    folded = DayOfClock(
        first.day, first.pieces, first.counted, first.paused, first.is_holiday, first.name, first.begins,
        first.falls_due, len(left_out),
    )  # fmt: skip
    return [*head, folded, *tail[1:]], left_out
