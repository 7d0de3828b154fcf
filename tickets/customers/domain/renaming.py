"""What a person is called, put right."""

from __future__ import annotations

from django.db import connection, transaction

from helpdesk.secrets.cutting import cut_secrets
from helpdesk.tenancy.models import Membership
from helpdesk.text import clean
from tickets.customers.domain.people import changed, lock
from tickets.customers.models import Customer


@transaction.atomic
def rename(customer: Customer, *, name: str, by: Membership | None) -> list[int]:
    """Give a customer another name; the cases whose rows change. Inside ``tenant``.

    ``by`` is None for another system. The audit says that it was done, not the names.
    """
    said = " ".join(cut_secrets(clean(name)).split())[:160]
    if not said or said == customer.name:
        return []
    (locked,) = lock(customer.organization_id, customer.pk)
    locked.name = said
    locked.save(update_fields=["name"])
    changed(locked, "customer.renamed", by=by, ticket_id=None)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tickets_ticket SET version = version + 1 "
            "WHERE organization_id = %s AND customer_id = %s RETURNING id",
            [customer.organization_id, customer.pk],
        )
        return [row[0] for row in cursor.fetchall()]
