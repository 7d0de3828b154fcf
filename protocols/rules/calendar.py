"""When an organization attends: weekly hours in a zone, holidays, single closures and openings. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

MINUTES_A_DAY = 24 * 60

#: One stretch of one weekday (0 is Monday): from, until. 00:00 and 23:59 as an end mean midnight.
Interval = tuple[int, time, time]
#: One stretch of one date.
OneOff = tuple[date, time, time]


@dataclass(frozen=True)
class WeekHours:
    """The opening hours of a calendar; hashable, so that what is computed from it can be kept.

    A day is open during its weekday's intervals unless it is a holiday, and during `openings`, holiday or
    not; `closures` win over both. `always_open` (24/7) ignores all of it. Times are of `timezone` (IANA).
    """

    timezone: str
    intervals: tuple[Interval, ...] = ()
    holidays: frozenset[date] = frozenset()
    closures: frozenset[OneOff] = frozenset()
    openings: frozenset[OneOff] = frozenset()
    always_open: bool = False

    @classmethod
    def of(
        cls,
        timezone: str,
        intervals: Iterable[Interval],
        *,
        holidays: Iterable[date] = (),
        closures: Iterable[OneOff] = (),
        openings: Iterable[OneOff] = (),
        always_open: bool = False,
    ) -> WeekHours:
        """Make hours from any iterables."""
        return cls(
            timezone,
            tuple(sorted(intervals)),
            frozenset(holidays),
            frozenset(closures),
            frozenset(openings),
            always_open,
        )

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of the hours. ZoneInfoNotFoundError for a name that is none."""
        return ZoneInfo(self.timezone)

    def minutes_of(self, day: date) -> list[tuple[int, int]]:
        """Return the open stretches of a date in minutes of its wall clock, merged and in order."""
        if self.always_open:
            return [(0, MINUTES_A_DAY)]
        regular = [] if day in self.holidays else self._by_weekday[day.weekday()]
        extra = self._openings_by_day.get(day)
        cut = self._closures_by_day.get(day)
        if not extra and not cut:
            return regular
        return _without(_merged([*regular, *(extra or [])]), cut or [])

    def spans_of(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return the open stretches of a local date as instants in UTC.

        An instant is open when the wall clock is: on the two days a year when it jumps, every minute of the
        day is asked, so an hour that happens twice is open twice and one that never happens is not.
        """
        minutes = self.minutes_of(day)
        if not minutes:
            return []
        first, last = self._midnight(day), self._midnight(day + timedelta(days=1))
        if last - first == timedelta(days=1):
            return [(first + timedelta(minutes=a), first + timedelta(minutes=b)) for a, b in minutes]
        return self._spans_of_odd_day(first, last, minutes)

    def _midnight(self, day: date) -> datetime:
        """Return the first instant of a date (where midnight is skipped, the instant of the jump)."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def _spans_of_odd_day(
        self, first: datetime, last: datetime, minutes: list[tuple[int, int]]
    ) -> list[tuple[datetime, datetime]]:
        found: list[tuple[int, int]] = []
        for offset in range((last - first) // timedelta(minutes=1)):
            wall = (first + timedelta(minutes=offset)).astimezone(self.zone)
            minute = wall.hour * 60 + wall.minute
            if any(begin <= minute < end for begin, end in minutes):
                found.append((offset, offset + 1))
        return [(first + timedelta(minutes=a), first + timedelta(minutes=b)) for a, b in _merged(found)]

    @cached_property
    def _by_weekday(self) -> list[list[tuple[int, int]]]:
        return [_merged([_minutes(a, b) for d, a, b in self.intervals if d == day]) for day in range(7)]

    @cached_property
    def _openings_by_day(self) -> dict[date, list[tuple[int, int]]]:
        return _by_day(self.openings)

    @cached_property
    def _closures_by_day(self) -> dict[date, list[tuple[int, int]]]:
        return _by_day(self.closures)


def _by_day(stretches: Iterable[OneOff]) -> dict[date, list[tuple[int, int]]]:
    days: dict[date, list[tuple[int, int]]] = {}
    for day, begin, end in stretches:
        days.setdefault(day, []).append(_minutes(begin, end))
    return {day: _merged(found) for day, found in days.items()}


def _minutes(begin: time, end: time) -> tuple[int, int]:
    """Return a stretch in minutes of the day. ValueError when it ends before it begins."""
    first, last = begin.hour * 60 + begin.minute, end.hour * 60 + end.minute
    if last in (0, MINUTES_A_DAY - 1):
        last = MINUTES_A_DAY
    if last <= first:
        raise ValueError(f"closes at {end:%H:%M}, before it opens at {begin:%H:%M}")
    return first, last


def _merged(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(stretches):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def _without(stretches: list[tuple[int, int]], cut: list[tuple[int, int]]) -> list[tuple[int, int]]:
    for away_from, until in cut:
        pieces = [((a, min(b, away_from)), (max(a, until), b)) for a, b in stretches]
        stretches = [(a, b) for pair in pieces for a, b in pair if a < b]
    return stretches
