"""Periods somebody asks figures of: days of the organization, the ones before, and what a chart can show of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

# Nobody reads ten years day by day: longer periods are cut at their beginning, and the page says so.
MOST_DAYS = 3_660
DAYS_BY_DAY, DAYS_BY_WEEK = 35, 190
# When a month is closed: a day after it ended, so that what was still on its way is in it.
SETTLING = timedelta(days=1)


class Unit(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both of them in it."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """As many days right before; of a whole month the month before, of up to a week the same weekdays before."""
        if self.first.day == 1 and self.last + timedelta(days=1) == next_month(self.first):
            last = self.first - timedelta(days=1)
            return Period(last.replace(day=1), last)
        shift = timedelta(days=max(self.days, 7))
        return Period(self.first - shift, self.last - shift)

    @property
    def unit(self) -> Unit:
        """How its series is drawn."""
        if self.days <= DAYS_BY_DAY:
            return Unit.DAY
        return Unit.WEEK if self.days <= DAYS_BY_WEEK else Unit.MONTH

    def points(self) -> Iterator[date]:
        """The beginnings of its days, weeks (Monday) or months, in order."""
        point = start_of(self.first, self.unit)
        while point <= self.last:
            yield point
            point = following(point, self.unit)


def next_month(day: date) -> date:
    """The first day of the month after this day's."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def start_of(day: date, unit: Unit) -> date:
    """The day, its Monday or the first of its month."""
    if unit is Unit.DAY:
        return day
    return day - timedelta(days=day.weekday()) if unit is Unit.WEEK else day.replace(day=1)


def following(point: date, unit: Unit) -> date:
    """The next point of a series."""
    if unit is Unit.MONTH:
        return next_month(point)
    return point + timedelta(days=1 if unit is Unit.DAY else 7)


def closed_until(today: date) -> date:
    """The first day that is not in a closed month: a month closes when the day after its end is over."""
    return (today - SETTLING).replace(day=1)


def read_period(first: str, last: str, preset: str, today: date) -> tuple[Period, list[str]]:
    """The period that was asked for, and codes of what had to be mended: it is never refused.

    ``preset`` is a number of days up to today, ``month`` (this one), ``last_month`` or a day as ISO; it counts when
    no dates are given. Codes: ``reversed``, ``future``, ``long``, ``unreadable``.
    """
    begin, end, notes = _day(first), _day(last), []
    if (first and begin is None) or (last and end is None):
        notes.append("unreadable")
    if begin is None and end is None:
        return _preset(preset, today), notes
    begin, end = begin or end, end or begin
    assert begin is not None
    assert end is not None
    if begin > end:
        begin, end = end, begin
        notes.append("reversed")
    if end > today:
        end, begin = today, min(begin, today)
        notes.append("future")
    if (end - begin).days >= MOST_DAYS:
        begin = end - timedelta(days=MOST_DAYS - 1)
        notes.append("long")
    return Period(begin, end), notes


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    # Years no calendar of ours reaches: the arithmetic of days before them would end.
    return found if found is not None and 1990 <= found.year <= 2999 else None


def _preset(preset: str, today: date) -> Period:
    if preset == "month":
        return Period(today.replace(day=1), today)
    if preset == "last_month":
        last = today.replace(day=1) - timedelta(days=1)
        return Period(last.replace(day=1), last)
    days = int(preset) if preset.isdigit() and 1 <= int(preset[:5]) <= MOST_DAYS else 28
    return Period(today - timedelta(days=days - 1), today)
