"""Figures of a period and of the one before, from the days that are counted already: no case is read.

Inside the request's transaction: row-level security leaves who asks the accounts they see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from helpdesk.tenancy.planned import ask
from tickets.insights.domain.raw import COUNTS, HISTOGRAMS
from tickets.insights.enums import Cut
from tickets.insights.rules.figures import Sums
from tickets.insights.rules.periods import Period

NUMBERS = (*COUNTS, "hours", *HISTOGRAMS)


# Long numbers as text: the driver makes decimals of them one digit at a time.
def _sums(names: Iterable[str]) -> str:
    return ", ".join(f"sum({name})::{'bigint' if name in COUNTS else 'text'} AS {name}" for name in names)


_SUMS = _sums(NUMBERS)
_DAYS = (
    "f.organization_id = %(org)s AND f.cut = %(cut)s AND f.edition = 0 AND (f.day BETWEEN %(first)s AND %(last)s "
    "OR f.day BETWEEN %(former)s AND %(latter)s)"
)
_ACCOUNT = " AND (%(account)s::bigint IS NULL OR f.account = %(account)s::bigint)"
_KEY = " AND f.key = %(key)s"
_IS_NOW = "f.day >= %(first)s AS is_now"
# Both periods.
PERIODS = (
    f"SELECT is_now, {_SUMS} FROM (SELECT f.*, {_IS_NOW} FROM tickets_dayfigure f WHERE {_DAYS}{_ACCOUNT}{_KEY}) f "
    "GROUP BY is_now"
)
# The series of the period, and its hours by weekday (1 is Monday): only what is drawn of them.
DRAWN = (
    "opened",
    "first_open",
    "first_met",
    "first_late",
    "solved_open",
    "kept",
    "broken",
    "scored",
    "satisfied",
    "hours",
)
COURSE = (
    f"SELECT point, dow, {_sums(DRAWN)} FROM (SELECT f.*, CASE %(unit)s::text WHEN 'day' THEN f.day "
    "ELSE date_trunc(%(unit)s::text, f.day::timestamp)::date END AS point, extract(isodow FROM f.day)::int AS dow "
    "FROM tickets_dayfigure f WHERE f.organization_id = %(org)s AND f.cut = %(cut)s AND f.edition = 0 "
    f"AND f.day BETWEEN %(first)s AND %(last)s{_ACCOUNT}{_KEY}) f GROUP BY GROUPING SETS ((point), (dow))"
)
# What groups are told by.
TOLD = (
    "opened", "messages", "first_open", "first_met", "first_late", "solved_met", "solved_late", "kept", "broken",
    "renegotiated", "scored", "satisfied",
)  # fmt: skip
BY_KEY = (
    f"SELECT is_now, key, {_sums(TOLD)} FROM (SELECT f.*, {_IS_NOW} FROM tickets_dayfigure f "
    f"WHERE {_DAYS}{_ACCOUNT}) f GROUP BY is_now, key"
)
BY_ACCOUNT = (
    f"SELECT is_now, account::text AS key, {_sums(TOLD)} FROM (SELECT f.*, {_IS_NOW} FROM tickets_dayfigure f "
    f"WHERE {_DAYS}{_ACCOUNT}{_KEY}) f GROUP BY is_now, account"
)
HOURS = (
    f"SELECT {_sums(['hours'])} FROM tickets_dayfigure f WHERE f.organization_id = %(org)s AND f.cut = %(cut)s "
    f"AND f.edition = 0 AND f.day = ANY(%(days)s::date[]){_ACCOUNT}{_KEY}"
)
# Few days only: every way to take them apart.
EVERYTHING = (
    "SELECT f.cut, f.key, f.day BETWEEN %(first)s AND %(last)s AS is_now, sum(f.opened)::bigint AS opened, "
    "sum(f.messages)::bigint AS messages, sum(f.first_late + f.next_late + f.solved_late)::bigint AS late, "
    "sum(f.broken)::bigint AS broken FROM tickets_dayfigure f WHERE f.organization_id = %(org)s AND f.edition = 0 "
    "AND f.cut IN ('kind', 'motive', 'area', 'agent', 'priority') AND (f.day BETWEEN %(first)s AND %(last)s "
    "OR f.day = ANY(%(days)s::date[]))" + _ACCOUNT + " GROUP BY 1, 2, 3"
)
# Days of closed months that are different now: what they were, and what they would be.
ADJUSTED = (
    f"SELECT edition, {_SUMS} FROM tickets_dayfigure f WHERE f.organization_id = %(org)s AND f.cut = %(cut)s "
    # As an array: mostly there is none, and then no day is read.
    "AND f.day = ANY(ARRAY(SELECT DISTINCT a.day FROM tickets_dayfigure a "
    "WHERE a.organization_id = %(org)s AND a.edition = 1 AND a.day BETWEEN %(first)s AND %(last)s))"
    f"{_ACCOUNT}{_KEY} GROUP BY edition"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see: a period, perhaps of one account, perhaps of what is one thing, taken apart by."""

    organization_id: int
    period: Period
    account: int | None = None
    cut: str = Cut.ALL
    key: str = ""
    by: str = Cut.MOTIVE

    @property
    def params(self) -> dict[str, Any]:
        before = self.period.before
        return {
            "org": self.organization_id, "first": self.period.first, "last": self.period.last,
            "former": before.first, "latter": before.last, "account": self.account, "cut": self.cut, "key": self.key,
            "unit": self.period.unit.value,
        }  # fmt: skip


@dataclass(slots=True)
class Whole:
    """Sums of both periods, the series and the hours by weekday (0 is Monday)."""

    now: Sums = field(default_factory=lambda: Sums({}))
    before: Sums = field(default_factory=lambda: Sums({}))
    points: dict[date, Sums] = field(default_factory=dict)
    weekdays: dict[int, Sums] = field(default_factory=dict)


def whole(asked: Asked) -> Whole:
    """All of it, with two statements."""
    found = Whole()
    for row in _rows(PERIODS, asked.params):
        if row["is_now"]:
            found.now = Sums(row)
        else:
            found.before = Sums(row)
    for row in _rows(COURSE, asked.params):
        if row["point"] is not None:
            found.points[row["point"]] = Sums(row)
        else:
            found.weekdays[row["dow"] - 1] = Sums(row)
    return found


def groups(asked: Asked) -> dict[str, tuple[Sums, Sums]]:
    """Now and before by what it is taken apart by; by account when it is of one thing already."""
    if asked.cut != Cut.ALL or asked.by == "account":
        return _paired(BY_ACCOUNT, asked.params)
    return _paired(BY_KEY, asked.params | {"cut": asked.by})


def hours_of_days(asked: Asked, days: list[date]) -> list[int]:
    """Messages by hour of these days together."""
    rows = _rows(HOURS, asked.params | {"days": days})
    return Sums(rows[0]).hours()


def by_cut(asked: Asked, cut: str) -> dict[str, tuple[Sums, Sums]]:
    """Now and before, by one thing or by account, whatever the page is taken apart by."""
    if cut == "account":
        return _paired(BY_ACCOUNT, asked.params)
    return _paired(BY_KEY, asked.params | {"cut": cut})


def everything(asked: Asked, days: list[date]) -> dict[tuple[str, str], dict[bool, dict[str, int]]]:
    """Of few days, sums by every way to take them apart: of the period, and of the ``days`` it is compared with."""
    found: dict[tuple[str, str], dict[bool, dict[str, int]]] = defaultdict(dict)
    for row in _rows(EVERYTHING, asked.params | {"days": days}):
        found[row["cut"], row["key"]][row["is_now"]] = row
    return found


def adjusted(asked: Asked) -> tuple[Sums, Sums] | None:
    """Of the days of closed months that are different now: in force, and with what came later; None when none is."""
    found = {row["edition"]: Sums(row) for row in _rows(ADJUSTED, asked.params)}
    return (found.get(0, Sums({})), found.get(1, Sums({}))) if found else None


def _paired(sql: str, params: dict[str, Any]) -> dict[str, tuple[Sums, Sums]]:
    found: dict[str, dict[bool, Sums]] = defaultdict(dict)
    for row in _rows(sql, params):
        found[row["key"]][row["is_now"]] = Sums(row)
    return {key: (pair.get(True, Sums({})), pair.get(False, Sums({}))) for key, pair in found.items()}


def _rows(sql: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        ask(cursor, sql, params)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
