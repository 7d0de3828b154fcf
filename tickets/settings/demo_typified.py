"""The demo's cases, typified as an agent would who takes the first suggestion; only where words really say so."""

from __future__ import annotations

from helpdesk.tenancy.models import Organization
from protocols.typification.domain.queries.published import published
from tickets.cases.domain.classifying import Choice, classify
from tickets.cases.domain.queries.typified import current, text_of
from tickets.cases.models import Ticket

# So well must a suggestion fit: at least one whole name or synonym of several words.
PLAIN = 5.0
AT_ONCE = 500


def typify_demo(organization: Organization) -> int:
    """Give the cases that have none their motive, and their product when it is named; how many. Inside ``tenant``."""
    tree, done = published(organization.pk), 0
    if tree is None:
        return 0
    # By organization in so many words: the owner, who seeds, sees every tenant's rows.
    tickets = Ticket.objects.filter(organization=organization).select_related("customer", "organization")
    for ticket in tickets.select_for_update(of=("self",)).order_by("-id")[:AT_ONCE]:
        if current(ticket) is not None:
            continue
        text = text_of(ticket)
        motive = tree.motives.suggest(text, kind=ticket.kind, most=1)
        product = tree.products.suggest(text, most=1)
        if not motive or motive[0].score < PLAIN:
            continue
        named = product[0].key if product and product[0].score >= PLAIN else ""
        classify(ticket, Choice(motive=motive[0].key, product=named, rank=1), by=None)
        done += 1
    return done
