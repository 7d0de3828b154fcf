"""A case's commitment clock is its earliest date still owed: so the queue has one order. Inside ``tenant``."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import Q

from helpdesk import clock
from tickets.cases.models import Ticket
from tickets.clocks.models import Clock
from tickets.clocks.rules import PROMISE_WARNING, promised
from tickets.commitments.enums import CommitmentState
from tickets.commitments.models import Commitment
from tickets.enums import ClockKind

# What is owed to the customer: told and not yet due, or broken and nothing done about it since.
OWED = Q(state=CommitmentState.OPEN, told_at__isnull=False) | Q(
    state=CommitmentState.BROKEN, made_good_at__isnull=True
)
# As `mirror`, for many: what is owed first, the clock that says so, and those that say nothing any more.
FIRST = """
SELECT DISTINCT ON (m.ticket_id) m.ticket_id, m.id, m.due_at, m.made_at, m.source, m.settled_at
FROM tickets_commitment m WHERE m.organization_id = %(org)s AND m.ticket_id = ANY(%(tickets)s)
AND (m.state = 'open' AND m.told_at IS NOT NULL OR m.state = 'broken' AND m.made_good_at IS NULL)
ORDER BY m.ticket_id, m.due_at, m.id
"""
RUNS = "kind = 'commitment' AND met_at IS NULL AND cancelled_at IS NULL"
FACTS = """
f.due_at, greatest(f.due_at - %(warning)s, least(f.made_at, f.due_at)),
jsonb_build_object('promised', true, 'minutes', 0, 'wall', true, 'source', f.source, 'commitment', f.id), f.settled_at
"""
MIRROR = (
    f"UPDATE tickets_clock SET cancelled_at = %(now)s WHERE organization_id = %(org)s AND ticket_id = ANY(%(tickets)s) "
    f"AND {RUNS} AND ticket_id NOT IN (SELECT ticket_id FROM ({FIRST}) AS f)",
    f"UPDATE tickets_clock AS c SET (due_at, warn_at, why, breached_at) = (SELECT {FACTS}), started_at = f.made_at, "
    f"warned_at = NULL, warned = 0, alarms = '{{}}' FROM ({FIRST}) AS f "
    f"WHERE c.organization_id = %(org)s AND c.ticket_id = f.ticket_id AND {RUNS} "
    "AND (c.due_at <> f.due_at OR (c.why->>'commitment')::bigint IS DISTINCT FROM f.id)",
    "INSERT INTO tickets_clock (organization_id, ticket_id, kind, started_at, due_at, warn_at, why, breached_at) "
    f"SELECT %(org)s, f.ticket_id, 'commitment', f.made_at, {FACTS} FROM ({FIRST}) AS f WHERE NOT EXISTS ("
    f"SELECT 1 FROM tickets_clock WHERE organization_id = %(org)s AND ticket_id = f.ticket_id AND {RUNS})",
    "UPDATE tickets_clock AS c SET breached_at = f.settled_at "
    f"FROM ({FIRST}) AS f WHERE c.organization_id = %(org)s AND c.ticket_id = f.ticket_id AND {RUNS} "
    "AND c.breached_at IS NULL AND f.settled_at IS NOT NULL",
)


def mirror_all(organization_id: int, tickets: list[int]) -> None:
    """Let the running clocks of these cases say what is owed first: four statements, however many they are."""
    said = {"org": organization_id, "tickets": tickets, "now": clock.now(), "warning": PROMISE_WARNING}
    with connection.cursor() as cursor:
        for statement in MIRROR:
            cursor.execute(statement, said)


def mirror(ticket: Ticket, *, met_at: datetime | None = None) -> None:
    """Let the running clock of the case say what is owed first; when nothing is, it ends.

    ``met_at``: it ends as met then; otherwise it is cancelled. Saves clocks only: ``marks.place_in_queue`` follows.
    """
    of_case = Clock.objects.filter(
        organization_id=ticket.organization_id,
        ticket=ticket,
        kind=ClockKind.COMMITMENT,
        met_at=None,
        cancelled_at=None,
    )
    first = (
        Commitment.objects.filter(OWED, organization_id=ticket.organization_id, ticket=ticket)
        .order_by("due_at", "id")
        .first()
    )
    if first is None:
        of_case.update(**({"met_at": met_at} if met_at else {"cancelled_at": clock.now()}))
        return
    row = promised(first.due_at, since=first.made_at, source=first.source)
    facts = {
        "started_at": row.started_at,
        "due_at": row.due_at,
        "warn_at": row.warn_at,
        "why": row.why | {"commitment": first.pk},
        "breached_at": first.settled_at,
    }
    running = of_case.first()
    if running is None:
        Clock.objects.create(
            organization_id=ticket.organization_id, ticket=ticket, kind=ClockKind.COMMITMENT, **facts
        )
    elif running.due_at != first.due_at or running.why.get("commitment") != first.pk:
        of_case.update(**facts, warned_at=None, warned=0, alarms=[])
