"""Articles linked in answers, and the cases they helped to solve. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from channels_social.enums import ActionState
from faq.addresses import codes_in
from faq.domain.queries.shelf import live_articles
from faq.models import Article
from helpdesk import audit
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership, Organization
from tickets.cases.models import Message
from tickets.enums import TicketState
from tickets.questions.models import ArticleUse

SOLVED = (TicketState.RESOLVED, TicketState.CLOSED)
_COUNT = """
SELECT u.article_id, count(DISTINCT m.ticket_id),
       count(DISTINCT m.ticket_id) FILTER (WHERE t.state = ANY(%(solved)s))
FROM tickets_articleuse u
JOIN tickets_message m ON m.organization_id = u.organization_id AND m.id = u.message_id
JOIN tickets_ticket t ON t.organization_id = m.organization_id AND t.id = m.ticket_id
WHERE u.organization_id = %(org)s AND u.article_id = ANY(%(articles)s) AND NOT u.is_source
  AND m.send_state = %(sent)s
GROUP BY u.article_id
"""


@dataclass(frozen=True, slots=True)
class Uses:
    """In how many cases an article was linked by an answer that was sent, and how many of them are solved."""

    cases: int = 0
    solved: int = 0


def note_links(
    organization: Organization, messages: Iterable[Message], *, by: Membership | None
) -> list[int]:
    """Remember which articles these answers link; their keys. Links of other organizations mean nothing."""
    found: list[int] = []
    for message in messages:
        codes = codes_in(message.text, organization.slug)
        if not codes:
            continue
        articles = list(Article.objects.filter(organization=organization, code__in=codes).only("pk"))
        ArticleUse.objects.bulk_create(
            [ArticleUse(organization=organization, article=one, message=message) for one in articles],
            ignore_conflicts=True,
        )
        found += [one.pk for one in articles]
        if articles:
            audit.record(
                organization.pk, "article.linked", actor_id=by.pk if by else None, ticket_id=message.ticket_id,
                articles=[one.pk for one in articles],
            )  # fmt: skip
    return found


def unreadable(organization: Organization, text: str) -> list[str]:
    """The titles of articles this text links that readers would not find there: expired, retired."""
    codes = codes_in(text, organization.slug)
    if not codes:
        return []
    named = Article.objects.filter(organization=organization, code__in=codes, version__isnull=False)
    live = set(live_articles(organization).filter(code__in=codes).values_list("pk", flat=True))
    return [one.title for one in named.order_by("pk") if one.pk not in live]


def uses_of(organization: Organization, articles: Sequence[int]) -> dict[int, Uses]:
    """The cases of each article, those nobody else sees counted too: a number says nothing of anybody."""
    if not articles:
        return {}
    with whole(), connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            {"org": organization.pk, "articles": list(articles), "solved": [one.value for one in SOLVED],
             "sent": ActionState.SENT.value},
        )  # fmt: skip
        return {pk: Uses(cases, solved) for pk, cases, solved in cursor.fetchall()}
