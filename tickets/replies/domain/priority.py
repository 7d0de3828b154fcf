"""Another priority for a case, taken by a person: what is owed changes with it, from when it was owed."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership
from tickets.cases.models import Ticket
from tickets.clocks.domain import marks
from tickets.clocks.rules import ClockRow
from tickets.enums import ClockKind, Priority
from tickets.replies.domain.teaching import teach_urgency


@transaction.atomic
def take_priority(ticket: Ticket, *, priority: Priority, why: str, by: Membership | None) -> bool:
    """Give the case that priority with its reason, and date its running clocks again. False when it has it.

    A clock goes on from the instant it began; what waits already added to it stays added.
    """
    if ticket.priority == priority or not ticket.is_open:
        return False
    former, ticket.priority = ticket.priority, priority
    ticket.priority_reasons = [*ticket.priority_reasons, why[:80]]
    _date_again(ticket, former)
    marks.place_in_queue(ticket)
    ticket.version += 1
    ticket.save()
    audit.record(
        ticket.organization_id,
        "ticket.priority_changed",
        actor_id=by.pk if by else None,
        ticket_id=ticket.pk,
        former_priority=former,
        priority=priority.value,
    )
    teach_urgency(ticket, priority, by=by)
    return True


def _date_again(ticket: Ticket, former: str) -> None:
    rules, now = marks.rules_for(ticket), clock.now()
    for running in marks.running(ticket):
        kind = ClockKind(running.kind)
        before: ClockRow | None = rules.start(kind, former, running.started_at)
        after: ClockRow | None = rules.start(kind, ticket.priority, running.started_at)
        if after is None:
            running.cancelled_at = now
        else:
            waited = max(running.due_at - before.due_at, timedelta()) if before else timedelta()
            running.due_at, running.warn_at = after.due_at + waited, after.warn_at + waited
            running.why = after.why
        running.save(update_fields=["due_at", "warn_at", "why", "cancelled_at"])
