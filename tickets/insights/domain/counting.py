"""Days counted from the rows and put in the place of what was there: idempotent, a range in one statement.

Inside ``tenant``, as who sees everything of it (the worker, the owner).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from helpdesk.tenancy.models import Organization
from tickets.insights.domain.raw import FIGURES, MEASURES
from tickets.insights.enums import Cut, Edition

KEYS = ("cut", "day", "account", "key")
_SET = ", ".join(f"{name} = excluded.{name}" for name in MEASURES)
_OLD = ", ".join(f"f.{name}" for name in MEASURES)
_NEW = ", ".join(f"excluded.{name}" for name in MEASURES)
_ALL = ", ".join((*KEYS, *MEASURES))
_EVERY_CUT = ", ".join(f"'{cut}'" for cut in Cut.values)
# Only what differs is written: a day is counted every minute and few of its rows have changed.
PUT = f"""
WITH fresh AS MATERIALIZED ({FIGURES}), gone AS (
    DELETE FROM tickets_dayfigure f WHERE f.organization_id = %(org)s AND f.cut IN ({_EVERY_CUT})
        AND f.edition = %(edition)s AND f.day BETWEEN %(first)s AND %(last)s AND NOT EXISTS (
            SELECT FROM fresh r WHERE r.cut = f.cut AND r.day = f.day AND r.account = f.account AND r.key = f.key)
)
INSERT INTO tickets_dayfigure AS f (organization_id, edition, {_ALL})
SELECT %(org)s, %(edition)s, {_ALL} FROM fresh
ON CONFLICT (organization_id, cut, edition, day, account, key) DO UPDATE SET {_SET}
WHERE ({_OLD}) IS DISTINCT FROM ({_NEW})
"""
# A day of a closed month without anything has still been counted: a row of nothing says so.
EMPTY = (
    f"INSERT INTO tickets_dayfigure (organization_id, edition, {_ALL}) VALUES (%(org)s, %(edition)s, 'all', "
    f"%(first)s, 0, '', {', '.join('0' for _name in MEASURES)}) ON CONFLICT DO NOTHING"
)
# Rows that are not the same on both sides, without those of nothing.
_ZERO = " AND ".join(f"{name} = 0" for name in MEASURES)
DIFFERENCES = f"""
WITH raw AS (SELECT {_ALL} FROM ({FIGURES}) figures), stored AS (
    SELECT {_ALL} FROM tickets_dayfigure f WHERE f.organization_id = %(org)s
    AND f.cut IN ({_EVERY_CUT}) AND f.edition = @edition AND f.day BETWEEN %(first)s AND %(last)s
    AND NOT ({_ZERO}))
SELECT false, {_ALL} FROM (TABLE raw EXCEPT TABLE stored) missing
UNION ALL SELECT true, {_ALL} FROM (TABLE stored EXCEPT TABLE raw) wrong
"""
# Of each day the edition with everything in it.
_LATEST = (
    "(SELECT coalesce(max(l.edition), 0) FROM tickets_dayfigure l WHERE l.organization_id = f.organization_id "
    "AND l.day = f.day AND l.edition = 1)"
)


def put_days(organization: Organization, first: date, last: date, edition: int = Edition.IN_FORCE) -> int:
    """Count the days and keep the result; how many rows are different now."""
    with _counting() as cursor:
        cursor.execute(PUT, _params(organization, first, last, edition))
        return cursor.rowcount


def adjust_day(organization: Organization, day: date) -> bool:
    """Count a day of a closed month: what is in force stays, beside it stands what it would be now. True if it differs.

    A day that is again as it was when it was closed has nothing beside it.
    """
    params = _params(organization, day, day, Edition.ADJUSTED)
    with _counting() as cursor:
        cursor.execute(DIFFERENCES.replace("@edition", str(int(Edition.IN_FORCE))) + " LIMIT 1", params)
        if cursor.fetchone() is None:
            cursor.execute(
                "DELETE FROM tickets_dayfigure WHERE organization_id = %(org)s AND edition = %(edition)s "
                "AND day = %(first)s",
                params,
            )
            return False
        cursor.execute(PUT, params)
        cursor.execute(EMPTY, params)
    return True


def differences(organization: Organization, first: date, last: date) -> list[dict[str, Any]]:
    """Where figures are not what the rows say: day, cut, account, key, measure, stored and raw; empty when proved.

    Of a day in a closed month, the adjusted edition where there is one.
    """
    with _counting() as cursor:
        cursor.execute(
            DIFFERENCES.replace("@edition", _LATEST), _params(organization, first, last, Edition.IN_FORCE)
        )
        rows = cursor.fetchall()
    found: dict[tuple[Any, ...], list[dict[str, Any] | None]] = {}
    for is_stored, *row in rows:
        pair = found.setdefault(tuple(row[: len(KEYS)]), [None, None])
        pair[not is_stored] = dict(zip(MEASURES, row[len(KEYS) :], strict=True))
    return [
        dict(zip(KEYS, key, strict=True)) | {"measure": name, "stored": stored, "raw": raw}
        for key, (had, counted) in sorted(found.items())
        for name in MEASURES
        if (stored := (had or {}).get(name, 0)) != (raw := (counted or {}).get(name, 0))
    ]


@contextmanager
def _counting() -> Iterator[Any]:
    """A cursor without compilation: for a day of some thousand rows it takes twenty times what it saves."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL jit = off")
        yield cursor


def stretches(days: list[date], most: int = 31) -> Iterator[tuple[date, date]]:
    """Days as ranges without holes, none longer than ``most``."""
    runs = groupby(enumerate(sorted(set(days))), key=lambda pair: pair[1].toordinal() - pair[0])
    for _start, run in runs:
        chain = [day for _place, day in run]
        for place in range(0, len(chain), most):
            piece = chain[place : place + most]
            yield piece[0], piece[-1]


def bounds_of(organization: Organization, first: date, last: date) -> tuple[datetime, datetime]:
    """The instants at which the first day begins and the day after the last one does, in the organization's zone."""
    zone = ZoneInfo(organization.timezone)
    return (
        datetime.combine(first, time(), zone),
        datetime.combine(last + timedelta(days=1), time(), zone),
    )


def _params(organization: Organization, first: date, last: date, edition: int) -> dict[str, Any]:
    since, until = bounds_of(organization, first, last)
    return {
        "org": organization.pk, "zone": organization.timezone, "since": since, "until": until, "first": first,
        "last": last, "edition": int(edition),
    }  # fmt: skip
