"""The cases the board names: a few rows each, every one by an index of the case table. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from helpdesk.tenancy.models import Organization
from tickets.console.rows import QueueRow, fetch
from tickets.enums import OPEN_STATES

OPEN = "t.state IN ({})".format(", ".join(f"'{state.value}'" for state in OPEN_STATES))
AHEAD = timedelta(hours=1)
SOON = timedelta(minutes=30)
# So many rows are named; the strip of the hour shows more, and how many there are is counted.
NAMED, SHOWN_LATE, SHOWN_STALE = 20, 3, 6
MOST = 500
# What the forecast counts at the most: those who wait longest.
READ = 20_000


class Limits:
    """The condition that narrows to what a member looks at; row-level security says the same once more."""

    def __init__(self, accounts: Sequence[int] | None, own: int | None) -> None:
        self.accounts = None if accounts is None else frozenset(accounts)
        self.sql, self.params = "", []
        if accounts is not None:
            self.sql, self.params = " AND t.account_id = ANY(%s)", [list(accounts)]
        if own is not None:
            self.sql += " AND t.assignee_id = %s"
            self.params.append(own)


def late_rows(organization: Organization, limits: Limits, now: datetime) -> list[QueueRow]:
    """Those that became late last: they can be mended."""
    where = f"{OPEN} AND t.is_overdue{limits.sql}"
    tail = f"ORDER BY t.queue_at DESC, t.id DESC LIMIT {SHOWN_LATE}"
    return list(reversed(fetch(organization, where, limits.params, tail, now)))


def due_rows(organization: Organization, limits: Limits, now: datetime) -> list[QueueRow]:
    """What falls due within the hour, first due first."""
    where = f"{OPEN} AND t.queue_at > %s AND t.queue_at <= %s AND NOT t.is_overdue{limits.sql}"
    params = [now, now + AHEAD, *limits.params]
    return fetch(organization, where, params, f"ORDER BY t.queue_at, t.id LIMIT {NAMED}", now)


def stale_rows(organization: Organization, limits: Limits, now: datetime) -> list[QueueRow]:
    """Whose customers wait for an answer longer than they were owed one, longest first."""
    where = f"{OPEN} AND t.is_overdue AND t.unanswered_since IS NOT NULL{limits.sql}"
    return fetch(organization, where, limits.params, f"ORDER BY t.queue_at, t.id LIMIT {SHOWN_STALE}", now)


def hour_of(organization_id: int, limits: Limits, now: datetime) -> list[tuple[datetime, int | None]]:
    """When each case of the coming hour falls due, and whose it is."""
    return _read(
        f"SELECT t.queue_at, t.assignee_id FROM tickets_ticket t WHERE t.organization_id = %s AND {OPEN} "
        f"AND t.queue_at > %s AND t.queue_at <= %s AND NOT t.is_overdue{limits.sql} "
        f"ORDER BY t.queue_at, t.id LIMIT {MOST}",
        [organization_id, now, now + AHEAD, *limits.params],
    )


def waiting_due(organization_id: int, limits: Limits, now: datetime) -> list[tuple[datetime | None, int]]:
    """How many of those who wait longest for an answer fall due in which minute; what is past is one of them."""
    return _read(
        "SELECT date_bin('1 minute', CASE WHEN due < %s THEN %s ELSE due END, 'epoch'), count(*)::int "
        "FROM (SELECT t.next_deadline_at AS due FROM tickets_ticket t "
        f"WHERE t.organization_id = %s AND {OPEN} AND t.unanswered_since IS NOT NULL"
        f"{limits.sql} ORDER BY t.unanswered_since, t.id LIMIT {READ}) waiting GROUP BY 1",
        [now, now - timedelta(minutes=1), organization_id, *limits.params],
    )


def _read(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
