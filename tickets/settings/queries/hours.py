"""When the organization attends, as the clocks count it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from protocols.rules.calendar import MINUTES_A_DAY, WeekHours

DAYS = 14


@dataclass(frozen=True, slots=True)
class Day:
    """A weekday or a date with its open stretches, in minutes of its wall clock."""

    stretches: tuple[tuple[int, int], ...]
    weekday: int
    day: date | None = None
    # Of a holiday or a single day.
    name: str = ""

    @property
    def spans(self) -> list[str]:
        """«8:00–12:30», …"""
        return [f"{_clock(begin)}–{_clock(end)}" for begin, end in self.stretches]


@dataclass(frozen=True, slots=True)
class Week:
    """Hours, ready to be shown."""

    hours: WeekHours
    days: list[Day]
    fortnight: list[Day]
    is_open: bool
    # When that changes; None when it never does.
    changes_at: datetime | None = None


def week_of(hours: WeekHours, names: Mapping[date, str], *, now: datetime) -> Week:
    """A week and the next two weeks of these hours; ``names`` are of holidays and single days."""
    today = now.astimezone(hours.zone).date()
    spans = [span for offset in range(DAYS) for span in hours.spans_of(today + timedelta(days=offset))]
    edges = sorted(edge for span in spans for edge in span if edge > now)
    # Stretches that touch at midnight are one.
    turns = [edge for edge in edges if edges.count(edge) == 1]
    return Week(
        hours=hours,
        days=list(_weekdays(hours)),
        fortnight=list(_fortnight(hours, today, names)),
        is_open=any(begin <= now < end for begin, end in spans),
        changes_at=turns[0] if turns and not hours.always_open else None,
    )


def _weekdays(hours: WeekHours) -> Iterator[Day]:
    """Monday to Sunday of a week without holidays."""
    plain = WeekHours(hours.timezone, hours.intervals, always_open=hours.always_open)
    monday = date(2024, 1, 1)
    for weekday in range(7):
        yield Day(tuple(plain.minutes_of(monday + timedelta(days=weekday))), weekday)


def _fortnight(hours: WeekHours, today: date, names: Mapping[date, str]) -> Iterator[Day]:
    for offset in range(DAYS):
        day = today + timedelta(days=offset)
        yield Day(tuple(hours.minutes_of(day)), day.weekday(), day, names.get(day, ""))


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}" if minute < MINUTES_A_DAY else "24:00"
