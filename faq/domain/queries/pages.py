"""What those who write articles see. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from faq.enums import ArticleState
from faq.models import Article, ArticleVersion, ArticleVote, Category, MissedSearch
from helpdesk.tenancy.models import Membership
from helpdesk.text import fold

SOON = timedelta(days=14)
VIEWS = ("todos", "revision", "borradores", "publicados", "por-vencer", "retirados")


@dataclass(frozen=True, slots=True)
class Line:
    """An article in the list."""

    article: Article
    stage: str
    useful: int
    useless: int
    is_expired: bool
    expires_soon: bool


def stage_of(article: Article, today: date) -> str:
    """One word for where it is: what waits for somebody first."""
    if article.state == ArticleState.RETIRED:
        return "retired"
    if article.is_in_review:
        return "review"
    if article.state == ArticleState.DRAFT:
        return "draft"
    if article.expires_on is not None and article.expires_on < today:
        return "expired"
    return "changed" if article.draft is not None else "published"


def lines_of(organization_id: int, *, view: str, words: str, today: date) -> list[Line]:
    """The articles of a view, found by their title, what waits for review first."""
    rows = Article.objects.filter(_filter(view, today), organization_id=organization_id).select_related(
        "category", "owner", "saved_by"
    )
    found = [one for one in rows.order_by("-review_asked_at", "title") if fold(words) in fold(one.title)][
        :500
    ]
    votes = votes_of(found)
    return [
        Line(
            one, stage_of(one, today), *votes.get(one.pk, (0, 0)),
            is_expired=one.expires_on is not None and one.expires_on < today,
            expires_soon=one.expires_on is not None and today <= one.expires_on < today + SOON,
        )
        for one in sorted(found, key=lambda one: not one.is_in_review)
    ]  # fmt: skip


def _filter(view: str, today: date) -> Q:
    published = Q(state=ArticleState.PUBLISHED)
    return {
        "revision": Q(review_asked_at__isnull=False),
        "borradores": Q(draft__isnull=False),
        "publicados": published,
        "por-vencer": published & Q(expires_on__lt=today + SOON),
        "retirados": Q(state=ArticleState.RETIRED),
    }.get(view, Q())


def votes_of(articles: Iterable[Article]) -> dict[int, tuple[int, int]]:
    """How many said it helped, and how many that it did not, by article."""
    rows = ArticleVote.objects.filter(article__in=[one.pk for one in articles]).values("article_id")
    counted = rows.annotate(yes=Count("pk", filter=Q(is_useful=True)), n=Count("pk"))
    return {row["article_id"]: (row["yes"], row["n"] - row["yes"]) for row in counted}


def versions_of(article: Article) -> Sequence[ArticleVersion]:
    """What was published, newest first."""
    return list(
        ArticleVersion.objects.filter(article=article).select_related("published_by").order_by("-number")[:50]
    )


def authors_of(article: Article) -> Sequence[Membership]:
    """Who wrote in the draft."""
    found = Membership.objects.filter(organization_id=article.organization_id, pk__in=article.authors)
    return list(found.order_by("display_name"))


def themes(organization_id: int) -> list[tuple[Category, int]]:
    """The themes in their order, each with how many articles it has."""
    counted = Article.objects.filter(organization_id=organization_id).values("category_id")
    n = {row["category_id"]: row["n"] for row in counted.annotate(n=Count("pk"))}
    rows = Category.objects.filter(organization_id=organization_id).order_by("place", "pk")
    return [(row, n.get(row.pk, 0)) for row in rows]


def missed_searches(organization_id: int) -> Sequence[MissedSearch]:
    """What readers looked for most and did not find, still to be settled."""
    rows = MissedSearch.objects.filter(organization_id=organization_id, article=None, dismissed_at=None)
    return list(rows.order_by("-times", "-last_at")[:20])


def owners(organization_id: int) -> Sequence[Membership]:
    """Who may answer for an article."""
    rows = Membership.objects.filter(organization_id=organization_id, is_active=True)
    return list(rows.order_by("display_name"))
