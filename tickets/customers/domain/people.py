"""Of whom a row is: customers found, locked, and followed to whom they were unified with. Inside ``tenant``."""

from __future__ import annotations

from django.db import connection

from helpdesk import audit
from helpdesk.tenancy.models import Membership
from tickets.customers.models import Customer


class Refused(Exception):
    """What was asked of a customer cannot be done; ``code`` has its sentence in ``customers.sentences``."""

    def __init__(self, code: str, **detail: object) -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


def lock(organization_id: int, *customer_ids: int) -> list[Customer]:
    """The customers, locked in the order of their keys after their cases, as every writer does.

    Intake and colleagues lock a case first and touch its customer after (a reference locks the row it names):
    the other order would make them wait for each other in a circle.
    """
    ids = sorted(set(customer_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM tickets_ticket WHERE organization_id = %s AND customer_id = ANY(%s) "
            "ORDER BY id FOR UPDATE",
            [organization_id, ids],
        )
    return list(
        Customer.objects.select_for_update(of=("self",))
        .filter(organization_id=organization_id, pk__in=ids)
        .order_by("pk")
    )


def changed(
    customer: Customer, action: str, *, by: Membership | None, ticket_id: int | None, **data: object
) -> None:
    """The audit line of a change to a person, on the case where it was made."""
    audit.record(
        customer.organization_id, action, actor_id=by.pk if by else None, ticket_id=ticket_id,
        customer=customer.pk, **data,
    )  # fmt: skip
