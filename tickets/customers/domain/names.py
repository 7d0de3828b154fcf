"""What people are called, when the network tells it later than what they say."""

from __future__ import annotations

from django.db import connection, transaction

from helpdesk.secrets.cutting import cut_secrets
from helpdesk.tenancy.models import Membership
from helpdesk.text import clean
from tickets.customers.domain.people import changed, lock
from tickets.customers.models import Customer

# What a person is called until we know.
NAMELESS = "—"


@transaction.atomic
def give_names(organization_id: int, scope: str, names: dict[str, str]) -> list[int]:
    """Name identities and the customers that had no name; the cases whose rows change. Inside ``tenant``."""
    if not names:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tickets_identity i SET name = left(v.name, 160) "
            "FROM unnest(%s::text[], %s::text[]) AS v(external_id, name) "
            "WHERE i.organization_id = %s AND i.scope = %s AND i.external_id = v.external_id "
            "RETURNING i.customer_id, i.name",
            [list(names), list(names.values()), organization_id, scope],
        )
        people = cursor.fetchall()
        cursor.execute(
            "UPDATE tickets_customer c SET name = v.name FROM unnest(%s::bigint[], %s::text[]) AS v(id, name) "
            "WHERE c.organization_id = %s AND c.id = v.id AND c.name = %s",
            [[pk for pk, _name in people], [name for _pk, name in people], organization_id, NAMELESS],
        )
        cursor.execute(
            "UPDATE tickets_ticket SET version = version + 1 "
            "WHERE organization_id = %s AND customer_id = ANY(%s) RETURNING id",
            [organization_id, [pk for pk, _name in people]],
        )
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def rename(customer: Customer, *, name: str, by: Membership | None) -> list[int]:
    """Put right what a person is called; the cases whose rows change. Inside ``tenant``.

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
