"""Asks, for all organizations at once, only "what is past and unmet?"; marks it and says which cases moved."""

from __future__ import annotations

from collections import defaultdict

from django.db import connection, transaction

from helpdesk.tenancy.context import tenant
from tickets.enums import ClockKind

LIMIT = 2000
# What is marked, by which instant, and what the mark is. A warning makes room for the next one of its clock.
UNMET = "met_at IS NULL AND cancelled_at IS NULL AND breached_at IS NULL AND paused_at IS NULL"
WARNED = (
    "warned_at = now(), warned = greatest(1, (SELECT count(*) FROM unnest(alarms) AS a WHERE a <= now())), "
    "warn_at = (SELECT min(a) FROM unnest(alarms) AS a WHERE a > now())"
)
MARKS = (("breached_at = now()", "due_at", UNMET), (WARNED, "warn_at", f"{UNMET} AND warn_at IS NOT NULL"))


_LINES = (
    "INSERT INTO helpdesk_auditevent (organization_id, action, ticket_id, data) "
    "SELECT %s, %s, t, '{}' FROM unnest(%s) AS t"
)


def sweep_clocks() -> dict[int, list[int]]:
    """Mark breached and warned clocks; ticket ids by organization. As the worker, with no tenant.

    10,000 due in the same second are five rounds of 2,000 rows, one index range each. A clock and its case
    are marked in one transaction, the case locked first as by every writer; cases that somebody holds at the
    moment are left to the next sweep.
    """
    touched: dict[int, list[int]] = defaultdict(list)
    for mark, due, condition in MARKS:
        while found := _due(due, condition):
            marked = 0
            for organization_id, pairs in found.items():
                tickets = _mark(organization_id, pairs, mark, f"{due} <= now() AND {condition}")
                touched[organization_id] += tickets
                marked += len(tickets)
            if not marked or sum(map(len, found.values())) < LIMIT:
                break
    return {organization_id: tickets for organization_id, tickets in touched.items() if tickets}


def _due(due: str, condition: str) -> dict[int, list[tuple[int, int]]]:
    """The clocks longest past, with their cases, by organization."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT organization_id, id, ticket_id FROM tickets_clock WHERE {due} <= now() AND {condition} "
            f"ORDER BY {due} LIMIT {LIMIT}"
        )
        for organization_id, *pair in cursor.fetchall():
            found[organization_id].append(tuple(pair))
    return found


def _mark(organization_id: int, pairs: list[tuple[int, int]], mark: str, condition: str) -> list[int]:
    """Mark these clocks of one organization as far as they are still due and their cases free; the cases."""
    clocks = [clock for clock, _ticket in pairs]
    with tenant(organization_id), connection.cursor() as cursor:
        # By their ids, not by a join: right after a burst the planner believes the tables to be empty.
        cursor.execute(
            "SELECT id FROM tickets_ticket WHERE organization_id = %s AND id = ANY(%s) "
            "ORDER BY id FOR UPDATE SKIP LOCKED",
            [organization_id, sorted({ticket for _clock, ticket in pairs})],
        )
        free = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            f"UPDATE tickets_clock SET {mark} WHERE organization_id = %s AND id = ANY(%s) "
            f"AND ticket_id = ANY(%s) AND {condition} RETURNING ticket_id, kind",
            [organization_id, clocks, free],
        )
        marked = cursor.fetchall()
        tickets = [ticket for ticket, _kind in marked]
        if mark == MARKS[0][0] and tickets:
            _tell_tickets(organization_id, tickets)
        elif legal := [ticket for ticket, kind in marked if kind == ClockKind.LEGAL]:
            # Of the law's term each warning stays on the case: it is evidence.
            cursor.execute(_LINES, [organization_id, "term.warned", legal])
        return tickets


def _tell_tickets(organization_id: int, tickets: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tickets_ticket SET is_overdue = true, version = version + 1 "
            "WHERE organization_id = %s AND id = ANY(%s) AND NOT is_overdue "
            "AND state IN ('new', 'open', 'waiting_customer', 'waiting_area')",
            [organization_id, tickets],
        )
        cursor.execute(_LINES, [organization_id, "clock.breached", tickets])
