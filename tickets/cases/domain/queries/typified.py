"""What cases were typified as, and what the organization learns from it. Inside ``tenant``; every read is bounded."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from helpdesk.stems import stem, stems_of, words_of
from protocols.typification.domain.queries.published import Published
from protocols.typification.rules.ranking import Past, known_motives
from tickets.cases.classification import Classification
from tickets.cases.models import Message, Ticket
from tickets.enums import Direction

# Of one case: its newest messages, and so many stems of them.
MESSAGES, STEMS, STEM_LENGTH = 12, 24, 24
# Past cases that suggestions are learned from: the newest.
LEARNED_FROM = 400
# The newest cases of the last days, of which «Otros» may take its share.
DAYS, COUNTED, OTHERS_LIMIT = 30, 20_000, 0.05
# Below so many cases a share says nothing.
ENOUGH = 20


@dataclass(frozen=True, slots=True)
class Use:
    """How often each motive was chosen lately, under what it counts as today."""

    counts: Counter[str]
    others: int
    total: int

    @property
    def share(self) -> float:
        """The part of «Otros», 0 to 1."""
        return self.others / self.total if self.total else 0.0

    @property
    def too_many_others(self) -> bool:
        """«Otros» above 5 %: the tree misses a name (care.md 7)."""
        return self.total >= ENOUGH and self.share > OTHERS_LIMIT


def current(ticket: Ticket) -> Classification | None:
    """How the case stands typified."""
    return Classification.objects.filter(
        organization_id=ticket.organization_id, ticket=ticket, is_current=True
    ).first()


def text_of(ticket: Ticket) -> str:
    """What the customer said in the case: the newest messages, deleted ones left out."""
    said = (
        Message.objects.filter(
            organization_id=ticket.organization_id,
            ticket=ticket,
            direction=Direction.IN,
            deleted_at=None,
            is_courtesy=False,
        )
        .order_by("-occurred_at", "-id")
        .values_list("text", flat=True)[:MESSAGES]
    )
    return "\n".join(reversed(list(said)))


def stems_for(ticket: Ticket) -> list[str]:
    """What is kept of the words of a case: stems, no figures, nothing of the customer's own name."""
    own = {stem(word) for word in words_of(ticket.customer.name)}
    kept = [
        one
        for one in stems_of(text_of(ticket))
        if one not in own and len(one) <= STEM_LENGTH and not any(letter.isdigit() for letter in one)
    ]
    return kept[:STEMS]


def past_of(tree: Published, organization_id: int) -> Past:
    """The organization's newest typified cases, for suggestions; the machine's own guesses are no lesson."""
    rows = (
        Classification.objects.filter(organization_id=organization_id, is_current=True, by__isnull=False)
        .order_by("-at")
        .values_list("motive_id", "stems")[:LEARNED_FROM]
    )
    return known_motives(
        [(tree.keys[motive], stems) for motive, stems in rows if motive in tree.keys], tree.tree
    )


def use_of(tree: Published, organization_id: int, *, now: datetime) -> Use:
    """How the tree was used in the last thirty days; merged motives count as what they were merged into."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT motive_id, count(*) FROM (SELECT motive_id FROM tickets_classification "
            "WHERE organization_id = %s AND is_current AND at >= %s ORDER BY at DESC LIMIT %s) newest GROUP BY 1",
            [organization_id, now - timedelta(days=DAYS), COUNTED],
        )
        rows = cursor.fetchall()
    counts: Counter[str] = Counter()
    for motive, n in rows:
        if node := tree.tree.target(tree.keys.get(motive, "")):
            counts[node.key] += n
    others = sum(n for key, n in counts.items() if (node := tree.tree.get(key)) and node.is_other)
    return Use(counts, others, counts.total())
