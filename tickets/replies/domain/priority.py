"""Another priority for a case, taken by a person: what is owed changes with it, from when it was owed."""

from __future__ import annotations

from django.db import transaction

from helpdesk import audit
from helpdesk.tenancy.models import Membership
from tickets.cases.models import Ticket
from tickets.clocks.domain import marks
from tickets.clocks.domain.retarget import retarget_case
from tickets.enums import Priority
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
    retarget_case(ticket)
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
