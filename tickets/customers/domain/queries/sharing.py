"""Whether two people have the same verified datum. Inside ``tenant``."""

from __future__ import annotations

from django.db import connection

from tickets.customers.models import Customer

_SHARED = """
SELECT EXISTS (
    SELECT 1 FROM tickets_identity a JOIN tickets_identity b
    ON b.organization_id = a.organization_id AND b.digest = a.digest AND b.check_state = 'verified'
    WHERE a.organization_id = %s AND a.customer_id = %s AND a.check_state = 'verified' AND a.digest <> ''
      AND b.digest <> '' AND b.customer_id = %s)
"""


def share_verified(one: Customer, other: Customer) -> bool:
    """Whether an e-mail, telephone or document was verified of both."""
    with connection.cursor() as cursor:
        cursor.execute(_SHARED, [one.organization_id, one.pk, other.pk])
        return bool(cursor.fetchone()[0])
