"""What people are called, when the network tells it later than what they say."""

from __future__ import annotations

from django.db import connection, transaction

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
