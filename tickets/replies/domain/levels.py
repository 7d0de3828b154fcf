"""The level a customer is on: what is owed to them, in the cases that are open too. Inside ``tenant``."""

from __future__ import annotations

from django.db import transaction

from helpdesk import audit
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership
from protocols.models import CustomerTier
from tickets.cases.models import Ticket
from tickets.clocks.domain import marks
from tickets.clocks.domain.retarget import retarget_case
from tickets.customers.models import Customer
from tickets.enums import OPEN_STATES


@transaction.atomic
def put_on_level(
    customer: Customer, tier: CustomerTier | None, *, by: Membership, ticket_id: int
) -> list[int]:
    """Put a customer on a level, or on none; the open cases that are owed by another policy now."""
    if customer.tier_id == (tier.pk if tier else None):
        return []
    Customer.objects.filter(pk=customer.pk).update(tier=tier)
    audit.record(
        customer.organization_id, "customer.level_changed", actor_id=by.pk, ticket_id=ticket_id,
        former=customer.tier_id, term=tier.name if tier else "",
    )  # fmt: skip
    with whole():
        open_cases = Ticket.objects.filter(
            organization_id=customer.organization_id, customer=customer, state__in=OPEN_STATES
        ).select_related("customer", "organization")
        return [
            ticket.pk
            for ticket in open_cases.order_by("pk").select_for_update(of=("self",))
            if _moved(ticket)
        ]


def _moved(ticket: Ticket) -> bool:
    if not retarget_case(ticket):
        return False
    marks.place_in_queue(ticket)
    ticket.version += 1
    ticket.save()
    return True
