"""Numbers of cases and radicados: per organization, gap-free, taken as late as possible in a transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from tickets.cases.models import Filing, Ticket

# The counter row of case numbers; radicados have one row per year.
CASES = 0


def take_numbers(cursor: Any, organization_id: int, year: int, count: int) -> int:
    """The first of ``count`` new numbers. The counter's row stays locked until the commit: no gaps."""
    if count == 0:
        return 0
    cursor.execute(
        "INSERT INTO tickets_counter AS c (organization_id, year, n) VALUES (%s, %s, %s) "
        "ON CONFLICT (organization_id, year) DO UPDATE SET n = c.n + excluded.n RETURNING n",
        [organization_id, year, count],
    )
    return cursor.fetchone()[0] - count + 1


def radicado_of(year: int, sequence: int) -> str:
    """``2026-000123``."""
    return f"{year}-{sequence:06d}"


def file_case(ticket: Ticket, *, now: datetime, zone: ZoneInfo) -> Filing:
    """File a case: its radicado counts from the receipt of the first message. Saves the filing, not the ticket."""
    year = now.astimezone(zone).year
    with connection.cursor() as cursor:
        ticket.radicado = radicado_of(year, take_numbers(cursor, ticket.organization_id, year, 1))
    return Filing.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        radicado=ticket.radicado,
        kind=ticket.kind,
        received_at=ticket.opened_at,
    )
