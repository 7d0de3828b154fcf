"""Articles as readers and answers see them: published, not expired. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet, Sum

from faq.enums import ArticleState
from faq.models import Article
from faq.rules.document import document_of
from faq.rules.markdown import as_plain
from faq.rules.search import Entry, Ready, Shelf, ready
from helpdesk import clock
from helpdesk.tenancy.models import Organization


@dataclass(frozen=True, slots=True)
class _Kept:
    """What an organization's shelf was made of, the shelf, and each version's words made ready."""

    stamp: Any
    shelf: Shelf
    versions: dict[int, Ready]


# Few thousand articles of an organization are some megabytes: the shelves of the last ones asked are kept, by process.
_MOST_SHELVES = 32
_shelves: dict[int, _Kept] = {}
_lock = Lock()


def today_in(organization: Organization) -> date:
    """The day it is where the organization is: an article holds through its last day there."""
    return clock.now().astimezone(ZoneInfo(organization.timezone)).date()


def live_articles(organization: Organization, *, country: str = "") -> QuerySet[Article]:
    """What readers may read now, of a country when one is given."""
    holds = Q(expires_on__isnull=True) | Q(expires_on__gte=today_in(organization))
    found = Article.objects.filter(holds, organization=organization, state=ArticleState.PUBLISHED)
    if country:
        found = found.filter(Q(countries=[]) | Q(countries__contains=[country]))
    return found.select_related("version", "category")


def countries_of(organization: Organization) -> list[str]:
    """The countries its live articles name, its own first; one or none when there is nothing to choose."""
    named = {
        code for codes in live_articles(organization).values_list("countries", flat=True) for code in codes
    }
    return sorted(named | {organization.country}, key=lambda code: (code != organization.country, code))


def published_articles(organization: Organization) -> list[tuple[str, Any]]:
    """(address word, since when it stands) of every live article: for a map of the site."""
    rows = live_articles(organization).order_by("pk")
    return [(one.slug, one.version.published_at) for one in rows if one.version]


def search_articles(
    organization: Organization, text: str, *, country: str = "", most: int = 10
) -> list[Article]:
    """The live articles that answer a question, best first."""
    found = shelf_of(organization).find(text, most * 3 if country else most)
    articles = live_articles(organization, country=country).in_bulk([one.key for one in found])
    return [articles[one.key] for one in found if one.key in articles][:most]


def shelf_of(organization: Organization) -> Shelf:
    """The organization's live articles, ready to be searched; of what changed only new versions are read."""
    stamp = _stamp(organization)
    with _lock:
        kept = _shelves.get(organization.pk)
    if kept is not None and kept.stamp == stamp:
        return kept.shelf
    known = kept.versions if kept is not None else {}
    live = live_articles(organization)
    wanted = list(live.values_list("version_id", flat=True))
    fresh = live.filter(version__in=[pk for pk in wanted if pk not in known])
    versions = {pk: known[pk] for pk in wanted if pk in known}
    versions |= {one.version_id: ready(entry_of(one)) for one in fresh if one.version_id is not None}
    shelf = Shelf(versions.values())
    with _lock:
        _shelves.pop(organization.pk, None)
        _shelves[organization.pk] = _Kept(stamp, shelf, versions)
        while len(_shelves) > _MOST_SHELVES:
            _shelves.pop(next(iter(_shelves)))
    return shelf


def entry_of(article: Article) -> Entry:
    """Its published words."""
    said = document_of(article.version.document if article.version else None)
    return Entry(article.pk, said.title, said.keywords, said.summary, as_plain(said.body))


def by_category(articles: Sequence[Article]) -> list[tuple[Any, list[Article]]]:
    """Themes in their order, each with its articles; the theme of none last, as None."""
    groups: dict[Any, list[Article]] = {}
    for one in articles:
        groups.setdefault(one.category, []).append(one)
    return sorted(groups.items(), key=lambda pair: (pair[0] is None, pair[0].place if pair[0] else 0))


def _stamp(organization: Organization) -> tuple[Any, ...]:
    """Another one as soon as an article is published, retired, brought back or expires; not for a draft."""
    row = live_articles(organization).aggregate(n=Count("pk"), sum=Sum("version_id"), last=Max("version_id"))
    return row["n"], row["sum"], row["last"]
