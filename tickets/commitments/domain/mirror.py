"""A case's commitment clock is its earliest date still owed: so the queue has one order. Inside ``tenant``."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from helpdesk import clock
from tickets.cases.models import Ticket
from tickets.clocks.models import Clock
from tickets.clocks.rules import promised
from tickets.commitments.enums import CommitmentState
from tickets.commitments.models import Commitment
from tickets.enums import ClockKind

# What is owed to the customer: told and not yet due, or broken and nothing done about it since.
OWED = Q(state=CommitmentState.OPEN, told_at__isnull=False) | Q(
    state=CommitmentState.BROKEN, made_good_at__isnull=True
)


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
