"""The articles the composer offers to link: those that answer what the customer asked first. Inside ``tenant``."""

from __future__ import annotations

from dataclasses import dataclass

from faq.addresses import short_address
from faq.domain.queries.shelf import live_articles, search_articles
from faq.models import Article
from faq.rules.document import document_of
from faq.rules.markdown import as_plain
from helpdesk.tenancy.models import Organization
from helpdesk.text import excerpt
from tickets.cases.models import Message, Ticket
from tickets.enums import Direction
from tickets.questions.domain.linking import Uses, uses_of

MOST, SUGGESTED, READ = 20, 3, 3


@dataclass(frozen=True, slots=True)
class Offer:
    """An article as the composer shows it."""

    title: str
    summary: str
    link: str
    countries: list[str]
    solved: int
    is_suggested: bool


def offers_for(organization: Organization, ticket: Ticket, words: str) -> list[Offer]:
    """What has the words, or, before any are written, what the case asks and then the rest by title."""
    if words:
        found, suggested = search_articles(organization, words, most=MOST), set[int]()
    else:
        first = search_articles(organization, _asked(ticket), country=organization.country, most=SUGGESTED)
        suggested = {one.pk for one in first}
        rest = live_articles(organization).exclude(pk__in=suggested).order_by("title")
        found = [*first, *rest[: MOST - len(first)]]
    uses = uses_of(organization, [one.pk for one in found])
    return [
        _offer(organization, one, uses.get(one.pk, Uses()), is_suggested=one.pk in suggested) for one in found
    ]


def _offer(organization: Organization, article: Article, uses: Uses, *, is_suggested: bool) -> Offer:
    said = document_of(article.version.document if article.version else None)
    return Offer(
        said.title, said.summary or excerpt(as_plain(said.body), 140), short_address(organization, article),
        list(said.countries), uses.solved, is_suggested,
    )  # fmt: skip


def _asked(ticket: Ticket) -> str:
    rows = Message.objects.filter(
        ticket=ticket, direction=Direction.IN, needs_attention=True, is_courtesy=False, deleted_at=None
    )
    return " ".join(rows.order_by("-occurred_at").values_list("text", flat=True)[:READ])[:1000]
