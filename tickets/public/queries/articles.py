"""Articles that may answer what somebody is about to ask, and those the home begins with. Inside ``tenant``."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from faq.domain.queries.shelf import live_articles, search_articles
from faq.models import Article
from faq.rules.document import document_of
from faq.rules.markdown import as_plain
from helpdesk.tenancy.models import Organization
from helpdesk.text import excerpt

SUGGESTED, FIRST = 3, 6
SUMMARY = 180


@dataclass(frozen=True, slots=True)
class Suggested:
    """An article and where it is read."""

    title: str
    url: str
    summary: str


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme with its number of answers."""

    name: str
    url: str
    n: int


def articles_about(organization: Organization, text: str) -> list[Suggested]:
    """At most three that may answer it, the likest first."""
    found = search_articles(organization, text[:300], country=organization.country, most=SUGGESTED)
    return [_suggested(organization, one) for one in found]


def first_articles(organization: Organization) -> list[Article]:
    """What the home begins with: the newest."""
    rows = live_articles(organization, country=organization.country)
    return list(rows.order_by("-version__published_at", "-pk")[:FIRST])


def shown(organization: Organization, articles: list[Article]) -> list[Suggested]:
    """Articles as the home shows them."""
    return [_suggested(organization, one) for one in articles]


def themes(organization: Organization) -> list[Theme]:
    """The themes that have answers, in their order."""
    counts: dict[int, int] = {}
    kept = {}
    for one in live_articles(organization, country=organization.country):
        if one.category is not None:
            kept[one.category.pk] = one.category
            counts[one.category.pk] = counts.get(one.category.pk, 0) + 1
    return [
        Theme(theme.name, reverse("public:theme", args=[organization.slug, theme.slug]), counts[theme.pk])
        for theme in sorted(kept.values(), key=lambda theme: (theme.place, theme.name))
    ]


def _suggested(organization: Organization, one: Article) -> Suggested:
    said = document_of(one.version.document if one.version else None)
    summary = said.summary or excerpt(as_plain(said.body), SUMMARY)
    return Suggested(said.title, reverse("public:article", args=[organization.slug, one.slug]), summary)
