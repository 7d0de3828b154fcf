"""Articles as readers and answers see them: published, not expired. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet

from faq.enums import ArticleState
from faq.models import Article
from faq.rules.document import document_of
from faq.rules.markdown import as_plain
from faq.rules.search import Entry, Shelf
from helpdesk import clock
from helpdesk.tenancy.models import Organization

# What an organization's shelf was made of, and the shelf; made anew when that has changed. Few thousand articles
# of an organization are some megabytes, so the shelves of the last ones asked are kept, by process.
_MOST_SHELVES = 32
_shelves: dict[int, tuple[Any, Shelf]] = {}
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
    """The organization's live articles, ready to be searched."""
    stamp = (today_in(organization), *_stamp(organization.pk))
    with _lock:
        kept = _shelves.get(organization.pk)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    shelf = Shelf(entries_of(live_articles(organization)))
    with _lock:
        _shelves.pop(organization.pk, None)
        _shelves[organization.pk] = (stamp, shelf)
        while len(_shelves) > _MOST_SHELVES:
            _shelves.pop(next(iter(_shelves)))
    return shelf


def entries_of(articles: Iterable[Article]) -> list[Entry]:
    """Their published words."""
    found = []
    for one in articles:
        said = document_of(one.version.document if one.version else None)
        found.append(Entry(one.pk, said.title, said.keywords, said.summary, as_plain(said.body)))
    return found


def by_category(articles: Sequence[Article]) -> list[tuple[Any, list[Article]]]:
    """Themes in their order, each with its articles; the theme of none last, as None."""
    groups: dict[Any, list[Article]] = {}
    for one in articles:
        groups.setdefault(one.category, []).append(one)
    return sorted(groups.items(), key=lambda pair: (pair[0] is None, pair[0].place if pair[0] else 0))


def _stamp(organization_id: int) -> tuple[Any, Any, Any]:
    row = Article.objects.filter(organization_id=organization_id).aggregate(
        n=Count("pk"), saved=Max("saved_at"), version=Max("version_id")
    )
    return row["n"], row["saved"], row["version"]
