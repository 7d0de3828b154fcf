"""Clocks that were counted anew, written for many cases at once. Inside ``tenant``, the cases locked."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection
from psycopg2.extras import execute_values

from helpdesk import clock
from helpdesk.tenancy.models import Organization
from tickets.cases.models import Ticket
from tickets.clocks.domain.retarget import Dated, Measures, count_anew, measures_of, owed_besides
from tickets.clocks.models import Clock
from tickets.clocks.rules import ClockRow

PAGE = 2000
MOVE = """
UPDATE tickets_clock AS c SET due_at = v.due::timestamptz, warn_at = v.warn::timestamptz,
    alarms = v.alarms::timestamptz[], warned = v.warned, why = v.why::jsonb, breached_at = v.breached::timestamptz,
    cancelled_at = v.cancelled::timestamptz, warned_at = CASE WHEN v.warned > 0 THEN c.warned_at END
FROM (VALUES %s) AS v(org, id, due, warn, alarms, warned, why, breached, cancelled)
WHERE c.organization_id = v.org AND c.id = v.id
"""


def retarget_cases(organization: Organization, tickets: list[Ticket]) -> None:
    """What ``retarget_case`` does for one, for many open cases, their customers known."""
    measures = measures_of(organization)
    write_dated(organization.pk, count_anew(measures, tickets, now=clock.now()))
    begin_owed(measures, tickets)


def write_dated(org: int, found: list[Dated]) -> None:
    """One statement: what Django would write is a case distinction of a line per row and column."""
    rows = [
        (
            org, one.id, one.due_at, one.warn_at, list(one.alarms), one.warned, json.dumps(one.why),
            one.breached_at, one.cancelled_at,
        )
        for one in (dated.row for dated in found)
    ]  # fmt: skip
    if rows:
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, MOVE, rows, page_size=PAGE)


def begin_owed(measures: Measures, tickets: list[Ticket]) -> list[int]:
    """Start what these cases are owed and nothing runs of; the case of each clock that began."""
    begun = owed_besides(measures, tickets)
    Clock.objects.bulk_create(Clock(organization_id=ticket.organization_id, ticket=ticket, kind=row.kind,
                                    **_facts(row)) for ticket, row in begun)  # fmt: skip
    return [ticket.pk for ticket, _row in begun]


def _facts(row: ClockRow) -> dict[str, Any]:
    names = ("started_at", "due_at", "warn_at", "warned", "why", "paused_at")
    return {name: getattr(row, name) for name in names} | {"alarms": list(row.alarms)}
