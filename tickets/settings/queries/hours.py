"""When the organization attends and what it owes, as the clocks count it. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from helpdesk.tenancy.models import Organization
from helpdesk.ui.dates import zone
from protocols.models import Calendar, Holiday, OpeningHours, SlaPolicy
from protocols.rules.calendar import MINUTES_A_DAY, WeekHours

DAYS, NEXT_HOLIDAYS = 14, 8
PRIORITIES = ("critical", "high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Day:
    """A weekday or a date with its open stretches, in minutes of its wall clock."""

    stretches: tuple[tuple[int, int], ...]
    weekday: int
    day: date | None = None
    holiday: str = ""

    @property
    def spans(self) -> list[str]:
        """«8:00–12:30», …"""
        return [f"{_clock(begin)}–{_clock(end)}" for begin, end in self.stretches]


@dataclass(frozen=True, slots=True)
class Week:
    """An organization's calendar, ready to be shown."""

    calendar: Calendar
    days: list[Day]
    fortnight: list[Day]
    holidays: list[Holiday]
    is_open: bool


def week_of(organization: Organization, *, now: datetime) -> Week | None:
    """The first calendar of the organization; None when there is none."""
    calendar = Calendar.objects.filter(organization=organization).order_by("id").first()
    if calendar is None:
        return None
    today = now.astimezone(zone(calendar.timezone)).date()
    intervals = OpeningHours.objects.filter(organization=organization, calendar=calendar)
    holidays = list(
        Holiday.objects.filter(organization=organization, calendar=calendar, day__gte=today).order_by("day")
    )
    hours = WeekHours.of(
        calendar.timezone,
        intervals.values_list("weekday", "opens_at", "closes_at"),
        holidays=[holiday.day for holiday in holidays],
        always_open=calendar.is_always_open,
    )
    return Week(
        calendar=calendar,
        days=list(_weekdays(hours)),
        fortnight=list(_fortnight(hours, today, {one.day: one.name for one in holidays})),
        holidays=holidays[:NEXT_HOLIDAYS],
        is_open=any(begin <= now < end for begin, end in hours.spans_of(today)),
    )


def _weekdays(hours: WeekHours) -> Iterator[Day]:
    """Monday to Sunday of a week without holidays."""
    plain = WeekHours(hours.timezone, hours.intervals, always_open=hours.always_open)
    monday = date(2024, 1, 1)
    for weekday in range(7):
        yield Day(tuple(plain.minutes_of(monday + timedelta(days=weekday))), weekday)


def _fortnight(hours: WeekHours, today: date, holidays: dict[date, str]) -> Iterator[Day]:
    for offset in range(DAYS):
        day = today + timedelta(days=offset)
        yield Day(tuple(hours.minutes_of(day)), day.weekday(), day, holidays.get(day, ""))


def policies_of(organization: Organization) -> list[SlaPolicy]:
    """What is owed, by priority, the most urgent first."""
    policies = {policy.priority: policy for policy in SlaPolicy.objects.filter(organization=organization)}
    return [policies[priority] for priority in PRIORITIES if priority in policies]


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}" if minute < MINUTES_A_DAY else "24:00"
