"""Asks, for all organizations at once, only "what is past and unmet?"; marks it and says which cases moved."""

from __future__ import annotations

from collections import defaultdict

from django.db import connection, transaction

from helpdesk.tenancy.context import tenant

LIMIT = 2000


def sweep_clocks() -> dict[int, list[int]]:
    """Mark breached and warned clocks; ticket ids by organization. As the worker, with no tenant.

    10,000 due in the same second are five statements of 2,000 rows: one index range each.
    """
    touched: dict[int, list[int]] = defaultdict(list)
    for column, due in (("breached_at", "due_at"), ("warned_at", "warn_at")):
        while rows := _mark(column, due):
            for organization_id, ticket_id in rows:
                touched[organization_id].append(ticket_id)
            if column == "breached_at":
                _tell_tickets(rows)
            if len(rows) < LIMIT:
                break
    return dict(touched)


def _mark(column: str, due: str) -> list[tuple[int, int]]:
    unwarned = "AND warned_at IS NULL" if column == "warned_at" else ""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE tickets_clock SET {column} = now() WHERE id IN ("
            f"SELECT id FROM tickets_clock WHERE {due} <= now() AND met_at IS NULL AND cancelled_at IS NULL "
            f"AND breached_at IS NULL AND paused_at IS NULL {unwarned} "
            f"ORDER BY {due} LIMIT {LIMIT} FOR UPDATE SKIP LOCKED) RETURNING organization_id, ticket_id"
        )
        return cursor.fetchall()


def _tell_tickets(rows: list[tuple[int, int]]) -> None:
    by_organization: dict[int, list[int]] = defaultdict(list)
    for organization_id, ticket_id in rows:
        by_organization[organization_id].append(ticket_id)
    for organization_id, ticket_ids in by_organization.items():
        with tenant(organization_id), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE tickets_ticket SET is_overdue = true, version = version + 1 "
                "WHERE organization_id = %s AND id = ANY(%s) AND NOT is_overdue "
                "AND state IN ('new', 'open', 'waiting_customer', 'waiting_area')",
                [organization_id, sorted(ticket_ids)],
            )
            cursor.execute(
                "INSERT INTO helpdesk_auditevent (organization_id, action, ticket_id, data) "
                "SELECT %s, 'clock.breached', t, '{}' FROM unnest(%s) AS t",
                [organization_id, ticket_ids],
            )
