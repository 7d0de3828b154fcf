"""What people are called, when the network tells it later than what they say."""

from __future__ import annotations

from django.db import connection, transaction

from tickets.customers.models import IdentityKey
from tickets.customers.rules.likeness import keys_of

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
            "RETURNING i.customer_id, i.name, i.id, i.handle",
            [list(names), list(names.values()), organization_id, scope],
        )
        named = cursor.fetchall()
        _note_keys(organization_id, named)
        people = [(customer, name) for customer, name, _identity, _handle in named]
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


def _note_keys(organization_id: int, named: list[tuple[int, str, int, str]]) -> None:
    """What the likeness of these identities is looked up by, now that they have a name."""
    IdentityKey.objects.bulk_create(
        [
            IdentityKey(organization_id=organization_id, identity_id=identity, key=key)
            for _customer, name, identity, handle in named
            for key in sorted(keys_of(handle, name))
        ],
        ignore_conflicts=True,
    )
