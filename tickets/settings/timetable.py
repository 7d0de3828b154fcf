"""Hours, holidays and lengths of time, as the page draws them: words and rectangles."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from helpdesk.ui.dates import NBSP, month, weekday
from protocols.rules.calendar import MINUTES_A_DAY
from tickets.settings.queries.hours import Day, Week

# Units of the drawings: a day lying is 240 wide, a day standing 104 high.
LYING, STANDING = 240, 104


def timetable(week: Week) -> dict[str, Any]:
    """A week and two weeks."""
    return {
        "is_open": week.is_open,
        "changes_at": week.changes_at,
        "days": [
            {"name": capfirst(WEEKDAYS[day.weekday]), "spans": day.spans, "bars": _bars(day, LYING)}
            for day in week.days
        ],
        "fortnight": [
            {
                "name": weekday(day.day),  # type: ignore[arg-type]
                "number": day.day.day if day.day else "",
                "bars": _bars(day, STANDING),
                "why": _why(day, week),
                "title": " · ".join(filter(None, [date_words(day.day), day.name, *day.spans])),  # type: ignore[arg-type]
            }
            for day in week.fortnight
        ],
    }


def _why(day: Day, week: Week) -> str:
    """A word for a day that is not as its weekday."""
    if day.day in week.hours.holidays and not day.stretches:
        return _("festivo")
    usual = next(one for one in week.days if one.weekday == day.weekday)
    if day.stretches == usual.stretches:
        return ""
    if not day.stretches:
        return _("cierre")
    return _("hasta %s") % day.spans[-1].rpartition("–")[2] if len(day.stretches) < 2 else _("especial")


def _bars(day: Day, length: int) -> list[tuple[str, str]]:
    """(from, size) of each open stretch."""
    scale = length / MINUTES_A_DAY
    return [(f"{begin * scale:.1f}", f"{(end - begin) * scale:.1f}") for begin, end in day.stretches]


def date_words(day: date) -> str:
    """«lun 7 dic 2026»."""
    return f"{weekday(day)} {day.day} {month(day)} {day.year}".replace(" ", NBSP)  # type: ignore[arg-type]


def minutes_words(minutes: int | None) -> str:
    """«15 min», «2 h», «2 h 30»; a dash where nothing is owed."""
    if minutes is None:
        return "–"
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{hours}{NBSP}h" + (f"{NBSP}{rest:02d}" if rest else "")
