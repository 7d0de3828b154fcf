"""Who else may be this person, with the evidence. Equality look-ups only: a million customers cost what ten do.

What is compared was computed when it came in (digests, keys of handles, quotes). Inside ``tenant``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection

from helpdesk.secrets.digest import digest_of
from tickets.customers.models import Customer
from tickets.customers.rules.likeness import COMMON

# What each sort of evidence is worth. From ``STRONG`` on it speaks for itself.
WEIGHT = {
    "document": 6, "email": 5, "phone": 4, "their_number": 4, "radicado": 3, "order": 3,
    "said_document": 5, "said_email": 4, "said_phone": 3, "handle": 2, "likeness": 1, "by_hand": 0,
}  # fmt: skip
STRONG = 3
MOST = 4
_EACH = 40


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for it; ``shown`` may be seen by everybody."""

    code: str
    shown: str


@dataclass(slots=True)
class Candidate:
    """Another customer who may be the same person."""

    customer_id: int
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def weight(self) -> int:
        """The sum of what speaks for it."""
        return sum(WEIGHT[one.code] for one in self.evidence)

    @property
    def is_strong(self) -> bool:
        """Whether one thing alone is worth asking about before answering."""
        return any(WEIGHT[one.code] >= STRONG for one in self.evidence)


_SEARCH = """
WITH mine AS MATERIALIZED (
    SELECT id, network, scope, handle_key, digest FROM tickets_identity
    WHERE organization_id = %(org)s AND customer_id = %(customer)s ORDER BY id LIMIT 40),
keys AS MATERIALIZED (
    SELECT DISTINCT k.key FROM mine JOIN tickets_identitykey k
    ON k.organization_id = %(org)s AND k.identity_id = mine.id LIMIT 80),
said AS MATERIALIZED (
    SELECT DISTINCT ON (q.digest) q.digest, q.sort, q.masked, q.number FROM mine
    CROSS JOIN LATERAL (SELECT digest, sort, masked, number FROM tickets_quote
        WHERE organization_id = %(org)s AND identity_id = mine.id ORDER BY id DESC LIMIT 40) q LIMIT 60)
SELECT found.code, found.shown, i.customer_id
FROM (
    SELECT o.network::text AS code, o.masked::text AS shown, o.id FROM mine CROSS JOIN LATERAL (
        SELECT id, network, masked FROM tickets_identity WHERE organization_id = %(org)s
        AND digest = mine.digest AND digest <> '' LIMIT %(each)s) o WHERE mine.digest <> ''
    UNION ALL
    SELECT 'handle', '@' || o.handle_key, o.id FROM mine CROSS JOIN LATERAL (
        SELECT id, handle_key FROM tickets_identity WHERE organization_id = %(org)s
        AND handle_key = mine.handle_key AND handle_key <> '' LIMIT %(each)s) o WHERE mine.handle_key <> ''
    UNION ALL
    SELECT 'likeness', '', o.identity_id FROM keys CROSS JOIN LATERAL (
        SELECT identity_id FROM tickets_identitykey WHERE organization_id = %(org)s AND key = keys.key
        LIMIT %(each)s) o
    UNION ALL
    SELECT CASE WHEN said.sort IN ('radicado', 'order') THEN said.sort::text ELSE 'said_' || said.sort END,
        said.masked::text, o.identity_id FROM said CROSS JOIN LATERAL (
        SELECT identity_id FROM tickets_quote WHERE organization_id = %(org)s AND digest = said.digest
        LIMIT %(each)s) o
    UNION ALL
    SELECT 'said_' || said.sort, said.masked, o.id FROM said CROSS JOIN LATERAL (
        SELECT id FROM tickets_identity WHERE organization_id = %(org)s AND digest = said.digest
        AND digest <> '' LIMIT %(each)s) o
    UNION ALL
    SELECT 'said_' || o.sort, o.masked, o.identity_id FROM mine CROSS JOIN LATERAL (
        SELECT sort, masked, identity_id FROM tickets_quote WHERE organization_id = %(org)s
        AND digest = mine.digest LIMIT %(each)s) o WHERE mine.digest <> ''
    UNION ALL
    SELECT 'their_number', o.masked, o.identity_id FROM unnest(%(numbers)s::text[]) AS number (digest)
    CROSS JOIN LATERAL (SELECT masked, identity_id FROM tickets_quote WHERE organization_id = %(org)s
        AND digest = number.digest LIMIT %(each)s) o
) found JOIN tickets_identity i ON i.organization_id = %(org)s AND i.id = found.id
WHERE i.customer_id <> %(customer)s
UNION
SELECT 'their_number', said.masked, t.customer_id FROM said
JOIN tickets_filing f ON f.organization_id = %(org)s AND f.radicado = said.masked
JOIN tickets_ticket t ON t.organization_id = %(org)s AND t.id = f.ticket_id
WHERE said.sort = 'radicado' AND t.customer_id <> %(customer)s
UNION
SELECT 'their_number', r.number, t.customer_id FROM said
CROSS JOIN LATERAL (
    SELECT number, ticket_id FROM tickets_reference WHERE organization_id = %(org)s AND number_key = said.number
    UNION ALL
    SELECT number, ticket_id FROM tickets_reference WHERE organization_id = %(org)s
    AND number_key = substr(said.number, 4) AND system = left(said.number, 3)) r
JOIN tickets_ticket t ON t.organization_id = %(org)s AND t.id = r.ticket_id
WHERE said.sort = 'order' AND t.customer_id <> %(customer)s
"""
_NUMBERS = """
WITH cases AS MATERIALIZED (
    SELECT id FROM tickets_ticket WHERE organization_id = %(org)s AND customer_id = %(customer)s
    ORDER BY id DESC LIMIT 20)
SELECT 'radicado:' || f.radicado FROM cases JOIN tickets_filing f
ON f.organization_id = %(org)s AND f.ticket_id = cases.id
UNION ALL
SELECT 'order:' || unnest(ARRAY[r.number_key, r.system || r.number_key]) FROM cases JOIN tickets_reference r
ON r.organization_id = %(org)s AND r.ticket_id = cases.id
"""
_APART = """
SELECT CASE WHEN kept_id = %(customer)s THEN gone_id ELSE kept_id END FROM (
    SELECT kept_id, gone_id, state FROM tickets_unification WHERE organization_id = %(org)s AND kept_id = %(customer)s
    UNION ALL
    SELECT kept_id, gone_id, state FROM tickets_unification WHERE organization_id = %(org)s AND gone_id = %(customer)s
) said WHERE state IN ('distinct', 'pending')
"""


def suggestions(customer: Customer) -> list[Candidate]:
    """Up to four people who may be this one, the likeliest first; not those somebody said are not."""
    asked = {"org": customer.organization_id, "customer": customer.pk, "each": _EACH}
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, asked)
        numbers = [digest_of(customer.organization_id, row[0]) for row in cursor.fetchall()]
        cursor.execute(_SEARCH, asked | {"numbers": numbers})
        found = set(cursor.fetchall())
        if not found:
            return []
        cursor.execute(_APART, asked)
        apart = {row[0] for row in cursor.fetchall()}
    return weigh(found, apart)


def weigh(found: set[tuple[str, str, int]], apart: set[int]) -> list[Candidate]:
    """The candidates of what was found. What points to more than a few people is common, and says nothing."""
    people: dict[tuple[str, str], set[int]] = {}
    for code, shown, customer_id in found:
        people.setdefault((code, shown), set()).add(customer_id)
    candidates: dict[int, Candidate] = {}
    for (code, shown), ids in sorted(people.items()):
        if len(ids) > COMMON:
            continue
        for customer_id in ids - apart:
            candidates.setdefault(customer_id, Candidate(customer_id)).evidence.append(Evidence(code, shown))
    for candidate in candidates.values():
        candidate.evidence.sort(key=lambda one: (-WEIGHT[one.code], one.shown))
    return sorted(candidates.values(), key=lambda one: (-one.weight, one.customer_id))[:MOST]
