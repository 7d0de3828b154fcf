"""A calendar as somebody writes it, before it is one: read leniently, judged, and told back place by place. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from protocols.rules.business_time import BusinessTime, NeverOpens
from protocols.rules.calendar import Interval, OneOff, WeekHours

# What a day and a calendar may hold: more is a paste gone wrong.
MAX_A_DAY, MAX_ROWS = 6, 400
# 23:59 as an end means midnight (`WeekHours`): it is kept so, because a day of a database ends before 24:00.
MIDNIGHT = time(23, 59)
# As much open time as anything owed may ask for: sixty working days.
LEAST_OPEN = timedelta(hours=500)
_TIME = re.compile(r"(\d{1,2})(?:\s*[:.hH]?\s*(\d{2}))?\s*(?:([ap])\s*\.?\s*m\.?)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong and where: a code that the page has a sentence for, and the row it stands in."""

    code: str
    place: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One holiday, closure or opening as written. ``what`` is holiday, closure or opening."""

    what: str
    day: str
    name: str = ""
    begins: str = ""
    ends: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.day.strip() or self.name.strip())


@dataclass(frozen=True, slots=True)
class CalendarDraft:
    """Everything of a calendar in the words of who writes it; ``week`` has (from, until) pairs by weekday."""

    name: str
    timezone: str
    is_always_open: bool = False
    week: Sequence[Sequence[tuple[str, str]]] = ((),) * 7
    rows: Sequence[Row] = ()


@dataclass(slots=True)
class Reading:
    """What a draft says: hours that can be counted with when there is no mistake."""

    hours: WeekHours | None = None
    intervals: list[Interval] = field(default_factory=list)
    holidays: list[tuple[date, str]] = field(default_factory=list)
    # day, from, until, whether it opens, why
    one_offs: list[tuple[date, time, time, bool, str]] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)


def read_draft(draft: CalendarDraft, *, now: datetime) -> Reading:
    """Read a draft and say every mistake in it; never raises for what somebody wrote."""
    reading = Reading()
    if not draft.name.strip():
        reading.mistakes.append(Mistake("no_name", "name"))
    if not is_zone(draft.timezone):
        reading.mistakes.append(Mistake("no_zone", "timezone", draft.timezone))
    for day, pairs in enumerate(draft.week):
        reading.intervals += _day(day, pairs, reading.mistakes)
    _read_rows(draft.rows, reading)
    if not reading.mistakes:
        reading.hours = _hours(draft, reading)
        if not _opens(reading.hours, now):
            reading.mistakes.append(Mistake("never_opens", "week"))
    return reading


def is_zone(name: str) -> bool:
    """Whether that names a zone of the world (IANA)."""
    try:
        return bool(ZoneInfo(name)) and "/" in name
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def read_time(said: str, *, is_end: bool = False) -> time | None:
    """«8», «8:30», «0830», «2 p. m.», «24:00»; None for what is no hour. Midnight as an end is 23:59."""
    found = _TIME.fullmatch(said.strip())
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if is_end and minute == 0 and hour in (0, 24):
        return MIDNIGHT
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(day: int, pairs: Iterable[tuple[str, str]], mistakes: list[Mistake]) -> list[Interval]:
    """The stretches of a weekday; two that overlap are told, two that touch are fine."""
    place, found = f"day-{day}", []
    for begins, ends in pairs:
        if not (begins.strip() or ends.strip()):
            continue
        stretch = _stretch(begins, ends, place, mistakes)
        if stretch is not None:
            found.append((day, *stretch))
    found.sort()
    if len(found) > MAX_A_DAY:
        mistakes.append(Mistake("many_stretches", place, str(MAX_A_DAY)))
    for one, other in zip(found, found[1:], strict=False):
        if other[1] < one[2]:
            mistakes.append(Mistake("overlap", place, f"{_span(one)} · {_span(other)}"))
    return found


def _stretch(begins: str, ends: str, place: str, mistakes: list[Mistake]) -> tuple[time, time] | None:
    first, last = read_time(begins), read_time(ends, is_end=True)
    if first is None or last is None:
        mistakes.append(Mistake("no_time", place, (ends if first is not None else begins).strip() or "–"))
        return None
    if last <= first:
        mistakes.append(Mistake("inverted", place, f"{first:%H:%M}–{last:%H:%M}"))
        return None
    return first, last


def _read_rows(rows: Sequence[Row], reading: Reading) -> None:
    if len(rows) > MAX_ROWS:
        reading.mistakes.append(Mistake("many_rows", "rows", str(MAX_ROWS)))
    for number, row in enumerate(rows[:MAX_ROWS]):
        if not row.is_empty:
            _read_row(row, f"row-{number}", reading)
    days = Counter([(day, "") for day, _ in reading.holidays])
    days.update((one[0], f"{one[1]}{one[3]}") for one in reading.one_offs)
    for (day, _), count in days.items():
        if count > 1:
            reading.mistakes.append(Mistake("twice", "rows", day.isoformat()))


def _read_row(row: Row, place: str, reading: Reading) -> None:
    try:
        day = date.fromisoformat(row.day.strip())
    except ValueError:
        reading.mistakes.append(Mistake("no_day", place, row.day.strip() or row.name.strip()))
        return
    name = " ".join(row.name.split())[:120]
    if row.what == "holiday":
        reading.holidays.append((day, name))
        return
    is_whole = row.what == "closure" and not (row.begins.strip() or row.ends.strip())
    stretch = (time(0), MIDNIGHT) if is_whole else _stretch(row.begins, row.ends, place, reading.mistakes)
    if stretch is not None:
        reading.one_offs.append((day, *stretch, row.what == "opening", name))


def _hours(draft: CalendarDraft, reading: Reading) -> WeekHours:
    def stretches(is_open: bool) -> list[OneOff]:
        return [(day, a, b) for day, a, b, opens, _ in reading.one_offs if opens == is_open]

    return WeekHours.of(
        draft.timezone,
        reading.intervals,
        holidays=[day for day, _ in reading.holidays],
        closures=stretches(False),
        openings=stretches(True),
        always_open=draft.is_always_open,
    )


def _opens(hours: WeekHours, now: datetime) -> bool:
    """Whether it opens enough for what is owed to be counted: a week without a stretch that opens on a few single
    days has an end, and after it no case could be dated."""
    try:
        BusinessTime(hours).add(now, LEAST_OPEN)
    except NeverOpens:
        return False
    return True


def _span(interval: Interval) -> str:
    return f"{interval[1]:%H:%M}–{'24:00' if interval[2] == MIDNIGHT else f'{interval[2]:%H:%M}'}"
