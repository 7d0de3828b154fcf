"""What the calendar's page shows of a draft: its lines, its mistakes where they stand, the zones to choose from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst

from protocols.calendars.draft import CalendarDraft, Mistake, Row, is_zone
from tickets.settings.calendar_form import ZONES
from tickets.settings.calendar_words import mistake_words, zone_words

# Rows of the coming months stand open; what is past or far lies folded.
NEAR = timedelta(days=200)


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its place in the form."""

    at: int
    row: Row
    wrongs: tuple[str, ...] = ()


def lines_of(draft: CalendarDraft, mistakes: Iterable[Mistake], *, today: date) -> dict[str, Any]:
    """The week by day and the rows by when they are, each with what is wrong in it; and all that is wrong."""
    wrongs = wrongs_of(mistakes)
    places = wrongs["places"]
    near: list[Line] = []
    past: list[Line] = []
    far: list[Line] = []
    for at, row in enumerate(draft.rows):
        day = _day(row)
        where = near if day is None or today <= day <= today + NEAR else past if day < today else far
        where.append(Line(at, row, tuple(places.get(f"row-{at}", ()))))
    # The buttons count as the form is posted: in the order in which the rows stand on the page.
    places_on_page = count()
    near, far, past = (
        [replace(line, at=next(places_on_page)) for line in group] for group in (near, far, past)
    )
    days = [
        {
            "at": at,
            "name": capfirst(str(WEEKDAYS[at])),
            "pairs": list(enumerate(pairs)),
            "wrongs": places.get(f"day-{at}", ()),
        }
        for at, pairs in enumerate(draft.week)
    ]
    return {"days": days, "near": near, "past": past, "far": far, "wrongs": wrongs["all"], "places": places}


def wrongs_of(mistakes: Iterable[Mistake]) -> dict[str, Any]:
    """The sentences, all and by the place they stand in."""
    by_place: dict[str, list[str]] = defaultdict(list)
    said = []
    for mistake in mistakes:
        words = mistake_words(mistake)
        by_place[mistake.place].append(words)
        said.append(words)
    return {"all": said, "places": dict(by_place)}


def zones(chosen: str, now: datetime) -> list[tuple[str, str]]:
    """Zones to choose from, the chosen one among them."""
    names = {*ZONES, chosen} if is_zone(chosen) else set(ZONES)
    return sorted(((name, zone_words(name, now)) for name in names), key=lambda one: one[1])


def _day(row: Row) -> date | None:
    try:
        return date.fromisoformat(row.day)
    except ValueError:
        return None
