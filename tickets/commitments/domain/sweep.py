"""Asks, for all organizations at once, which promised dates warn or are broken now; marks it once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from psycopg2.extras import execute_values

from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tickets.clocks.domain.marks import place_all
from tickets.commitments.domain.duty import Duty, Held, duty_of
from tickets.commitments.domain.mirror import mirror_all
from tickets.commitments.enums import CommitmentState
from tickets.commitments.rules.warnings import next_look, warning_due

LIMIT = 2000
DUE = (
    "SELECT organization_id, ticket_id FROM tickets_commitment WHERE next_at <= now() "
    f"ORDER BY next_at LIMIT {LIMIT}"
)
FREE = (
    "SELECT id, account_id, assignee_id, is_reserved FROM tickets_ticket WHERE organization_id = %s AND id = ANY(%s) "
    "ORDER BY id FOR UPDATE SKIP LOCKED"
)
ROWS = (
    "SELECT id, ticket_id, state, due_at, made_at, owner_id, warned FROM tickets_commitment "
    "WHERE organization_id = %s AND ticket_id = ANY(%s) AND next_at <= %s ORDER BY due_at, id FOR UPDATE"
)
MARK = """
UPDATE tickets_commitment AS c SET state = v.state, settled_at = coalesce(v.settled::timestamptz, c.settled_at),
    next_at = v.next::timestamptz, warned = v.warned::smallint, owner_id = v.owner::bigint
FROM (VALUES %s) AS v(org, id, state, settled, next, warned, owner)
WHERE c.organization_id = v.org AND c.id = v.id
"""
GIVE = """
UPDATE tickets_ticket AS t SET assignee_id = v.member FROM (VALUES %s) AS v(org, id, member)
WHERE t.organization_id = v.org AND t.id = v.id
"""


@dataclass(slots=True)
class Date:
    """A promised date as the sweep looks at it."""

    id: int
    ticket_id: int
    state: str
    due_at: datetime
    made_at: datetime
    owner_id: int | None
    warned: int | None
    settled_at: datetime | None = None
    next_at: datetime | None = None


def sweep_commitments() -> dict[int, list[int]]:
    """Warn and break what is due; case ids by organization. As the worker, with no tenant.

    One indexed query finds them; 10,000 due in the same second are five rounds. They are marked, with their audit
    lines, in one transaction for each organization of a round, the cases locked first and in order as by every
    writer; a case that somebody holds at the moment is left to the next sweep. The same instant twice changes nothing.
    """
    touched: dict[int, list[int]] = defaultdict(list)
    while due := _due():
        done = 0
        for organization_id, cases in due.items():
            with tenant(organization_id):
                marked = _mark(organization_id, sorted(cases))
            touched[organization_id] += marked
            done += len(marked)
        if not done or sum(map(len, due.values())) < LIMIT // 2:
            break
    return {organization_id: sorted(set(cases)) for organization_id, cases in touched.items() if cases}


def _due() -> dict[int, set[int]]:
    """The cases of the dates longest past, by organization."""
    found: dict[int, set[int]] = defaultdict(set)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DUE)
        for organization_id, ticket_id in cursor.fetchall():
            found[organization_id].add(ticket_id)
    return found


def _mark(org: int, wanted: list[int]) -> list[int]:
    """Mark what is due in these cases as far as nobody holds them; the cases."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(FREE, [org, wanted])
        cases = {row[0]: Held(*row) for row in cursor.fetchall()}
        cursor.execute(ROWS, [org, list(cases), now])
        dates = [Date(*row) for row in cursor.fetchall()]
    if not dates:
        return []
    lines: list[AuditEvent] = []
    duty, given = duty_of(org, cases.values()), {}
    for date in dates:
        if date.state == CommitmentState.OPEN:
            _hand_on(date, cases[date.ticket_id], duty, given, lines)
            _look_at(date, now, lines)
    _write(org, dates, given)
    for line in lines:
        line.organization_id = org
    AuditEvent.objects.bulk_create(lines)
    touched = sorted({date.ticket_id for date in dates})
    mirror_all(org, touched)
    place_all(org, touched)
    return touched


def _look_at(date: Date, now: datetime, lines: list[AuditEvent]) -> None:
    """It is broken, or a warning is given and the next one awaited."""
    if date.due_at <= now:
        date.state, date.settled_at = CommitmentState.BROKEN, now
        lines.append(_line("commitment.broken", date))
        return
    warned = warning_due(date.due_at, since=date.made_at, now=now)
    date.next_at = next_look(date.due_at, since=date.made_at, after=now)
    if warned is not None and warned != date.warned:
        lines.append(_line("commitment.warned", date, minutes=warned, owner=date.owner_id))
    date.warned = warned


def _hand_on(date: Date, case: Held, duty: Duty, given: dict[int, int], lines: list[AuditEvent]) -> None:
    """A date whose owner is not there any more goes to somebody who is, and so does the case if it was theirs."""
    former, owner = date.owner_id, duty.owner_of(case, date.owner_id)
    if owner is None or owner == former:
        return
    date.owner_id = owner
    if case.assignee_id == former:
        given[case.id] = owner
    lines.append(_line("commitment.moved", date, former=former, to=owner))


def _line(action: str, date: Date, **data: Any) -> AuditEvent:
    return AuditEvent(action=action, ticket_id=date.ticket_id, data={"commitment": date.id, **data})


def _write(org: int, dates: list[Date], given: dict[int, int]) -> None:
    rows = [(org, one.id, one.state, one.settled_at, one.next_at, one.warned, one.owner_id) for one in dates]
    with connection.cursor() as cursor:
        execute_values(cursor.cursor, MARK, rows, page_size=2 * LIMIT)
        if given:
            execute_values(
                cursor.cursor, GIVE, [(org, case, member) for case, member in given.items()], page_size=LIMIT
            )
