"""Calendars as their rows say. Inside ``tenant``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import time
from typing import Any

from protocols.models import Calendar, Holiday, OneOff, OpeningHours
from protocols.rules.calendar import WeekHours

ALWAYS = [(day, time(0), time(0)) for day in range(7)]


def hours_of(calendars: Iterable[Calendar]) -> dict[int, WeekHours]:
    """Each calendar as pure hours, by id; three queries. One that never opens attends always: customers assume so."""
    known = list(calendars)
    mine: dict[str, Any] = {"calendar__in": [calendar.pk for calendar in known]}
    week = _by_calendar(OpeningHours.objects.filter(**mine), "weekday", "opens_at", "closes_at")
    holidays = _by_calendar(Holiday.objects.filter(**mine), "day")
    single = _by_calendar(OneOff.objects.filter(**mine), "is_open", "day", "begins_at", "ends_at")
    found = {}
    for calendar in known:
        openings = [row[1:] for row in single[calendar.pk] if row[0]]
        found[calendar.pk] = WeekHours.of(
            calendar.timezone,
            week[calendar.pk] or ([] if openings else ALWAYS),
            holidays=[day for (day,) in holidays[calendar.pk]],
            closures=[row[1:] for row in single[calendar.pk] if not row[0]],
            openings=openings,
            always_open=calendar.is_always_open,
        )
    return found


def _by_calendar(rows: Any, *columns: str) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for calendar_id, *row in rows.values_list("calendar_id", *columns):
        found[calendar_id].append(tuple(row))
    return found
