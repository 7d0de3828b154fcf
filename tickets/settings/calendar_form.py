"""The form of a calendar: what was posted or stored as a draft, and the buttons that change a draft. No database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, time
from typing import Any

from django.utils.translation import gettext_lazy as _

from protocols.calendars.draft import MIDNIGHT, CalendarDraft, Row
from protocols.rules.defaults import PROPOSED_EARLY_CLOSINGS
from protocols.rules.holidays import UnknownPlace, holidays_for, regions_for

# What is proposed: this year and the next two.
YEARS = 3
COUNTRIES = (
    ("AR", _("Argentina")), ("BO", _("Bolivia")), ("BR", _("Brasil")), ("CL", _("Chile")), ("CO", _("Colombia")),
    ("CR", _("Costa Rica")), ("CU", _("Cuba")), ("DO", _("República Dominicana")), ("EC", _("Ecuador")),
    ("SV", _("El Salvador")), ("ES", _("España")), ("US", _("Estados Unidos")), ("GT", _("Guatemala")),
    ("HN", _("Honduras")), ("MX", _("México")), ("NI", _("Nicaragua")), ("PA", _("Panamá")), ("PY", _("Paraguay")),
    ("PE", _("Perú")), ("PT", _("Portugal")), ("PR", _("Puerto Rico")), ("UY", _("Uruguay")), ("VE", _("Venezuela")),
)  # fmt: skip
ZONES = (
    "America/Asuncion", "America/Bogota", "America/Argentina/Buenos_Aires", "America/Caracas", "America/Mexico_City",
    "America/Costa_Rica", "America/El_Salvador", "America/Guatemala", "America/Guayaquil", "America/Havana",
    "America/La_Paz", "America/Lima", "America/Los_Angeles", "America/Managua", "America/Montevideo",
    "America/New_York", "America/Panama", "America/Puerto_Rico", "America/Santiago", "America/Santo_Domingo",
    "America/Sao_Paulo", "America/Tegucigalpa", "America/Tijuana", "Atlantic/Canary", "Europe/Lisbon",
    "Europe/Madrid", "Pacific/Easter", "Pacific/Galapagos",
)  # fmt: skip


def posted(data: Any) -> CalendarDraft:
    """What the form holds, whatever somebody did to it."""
    week = [
        list(zip(data.getlist(f"from-{day}"), data.getlist(f"until-{day}"), strict=False)) for day in range(7)
    ]
    columns = [data.getlist(f"row-{name}") for name in ("what", "day", "name", "from", "until")]
    return CalendarDraft(
        name=data.get("name", "")[:200],
        timezone=data.get("timezone", "")[:60],
        is_always_open=data.get("always") == "1",
        week=week,
        rows=[Row(*(cell[:200] for cell in cells)) for cells in zip(*columns, strict=False)],
    )


def stored(
    *,
    name: str,
    timezone: str,
    is_always_open: bool,
    intervals: Iterable[tuple[int, time, time]],
    holidays: Iterable[tuple[date, str]],
    one_offs: Iterable[tuple[date, time, time, bool, str]],
) -> CalendarDraft:
    """A calendar's rows as its form shows them."""
    week: list[list[tuple[str, str]]] = [[] for _day in range(7)]
    for day, begins, ends in sorted(intervals):
        week[day].append((f"{begins:%H:%M}", end_words(ends)))
    rows = [Row("holiday", f"{day}", words) for day, words in holidays]
    for day, begins, ends, opens, words in one_offs:
        is_whole = not opens and (begins, ends) == (time(0), MIDNIGHT)
        stretch = ("", "") if is_whole else (f"{begins:%H:%M}", end_words(ends))
        rows.append(Row("opening" if opens else "closure", f"{day}", words, *stretch))
    return CalendarDraft(
        name, timezone, is_always_open, week, sorted(rows, key=lambda row: (row.day, row.begins))
    )


def end_words(end: time) -> str:
    """«18:00»; the end of a day is 24:00."""
    return "24:00" if end == MIDNIGHT else f"{end:%H:%M}"


def change(draft: CalendarDraft, what: str, data: Any, *, year: int) -> tuple[CalendarDraft, int | None]:
    """The draft after a button of the form; with it how many holidays were brought, if any were asked for."""
    verb, _colon, rest = what.partition(":")
    where = [int(part) for part in rest.split(":") if part.isdecimal()]
    if verb == "add" and where and where[0] < 7:
        return _with_day(draft, where[0], [*draft.week[where[0]], ("", "")]), None
    if verb == "drop" and len(where) == 2 and where[0] < 7:
        kept = [pair for at, pair in enumerate(draft.week[where[0]]) if at != where[1]]
        return _with_day(draft, where[0], kept), None
    if verb == "copy":
        return replace(draft, week=[draft.week[0]] * 5 + list(draft.week[5:])), None
    if verb == "row":
        return replace(draft, rows=[Row("closure", "", ""), *draft.rows]), None
    if verb == "unrow" and where:
        return replace(draft, rows=[row for at, row in enumerate(draft.rows) if at != where[0]]), None
    if verb == "fill":
        return _filled(draft, data.get("country", ""), data.get("region", ""), range(year, year + YEARS))
    if verb == "early":
        new = early_closings(draft, year)
        return replace(draft, rows=sorted([*draft.rows, *new], key=lambda row: (row.day, row.begins))), None
    return draft, None


def early_closings(draft: CalendarDraft, year: int) -> list[Row]:
    """The half days of December that are proposed and not written yet: never silent (care.md 5)."""
    known = {row.day for row in draft.rows}
    days = [(date(year, month, day), begins) for month, day, begins in PROPOSED_EARLY_CLOSINGS]
    return [
        Row("closure", f"{day}", str(_("Cierre temprano")), begins, "24:00")
        for day, begins in days
        if f"{day}" not in known
    ]


def _with_day(draft: CalendarDraft, day: int, pairs: Sequence[tuple[str, str]]) -> CalendarDraft:
    return replace(draft, week=[pairs if at == day else other for at, other in enumerate(draft.week)])


def _filled(
    draft: CalendarDraft, country: str, region: str, years: Iterable[int]
) -> tuple[CalendarDraft, int | None]:
    """With the holidays of a place that are not among the rows yet."""
    try:
        found = holidays_for(country, years, region or None)
    except UnknownPlace:
        return draft, 0
    known = {row.day for row in draft.rows if row.what == "holiday"}
    new = [Row("holiday", f"{day}", name) for day, name in found if f"{day}" not in known]
    rows = sorted([*draft.rows, *new], key=lambda row: (row.day, row.begins))
    return replace(draft, rows=rows), len(new)


def regions(country: str) -> list[tuple[str, str]]:
    """The regions of a country with holidays of their own; none for a country without data."""
    try:
        return regions_for(country)
    except UnknownPlace:
        return []
