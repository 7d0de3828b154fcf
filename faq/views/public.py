"""The public pages of articles: themes, one article, a search, «¿te sirvió?», the short link. Without log-in, without
JavaScript; pages that are the same for everybody are kept by the door until what they show changes."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from faq.domain.queries.shelf import (
    by_category,
    countries_of,
    live_articles,
    search_articles,
    today_in,
)
from faq.domain.readers import note_missed, reader_key
from faq.domain.readers import vote as count_vote
from faq.enums import ArticleState
from faq.models import Article, Category
from faq.rules.document import document_of
from faq.rules.markdown import as_html, as_plain
from faq.structured import faq_page
from helpdesk import clock
from helpdesk.site.visitors import for_visitors
from helpdesk.tenancy.models import Organization
from helpdesk.text import excerpt

# Of one address in a minute: what a person votes, and searches in vain.
VOTES, MISSES = 20, 20
DESCRIPTION = 155


@for_visitors(keeps=True)
def questions(request: Any) -> HttpResponse:
    """Every theme with its articles, of the visitor's country."""
    country = _country(request)
    articles = list(live_articles(request.org, country=country).order_by("title"))
    _until_midnight(request)
    return render(
        request, "faq/public/questions.html",
        {"groups": by_category(articles), "countries": _countries(request, country), "n": len(articles),
         "structured": faq_page(request.org, articles[:100])},
    )  # fmt: skip


@for_visitors(keeps=True)
def theme(request: Any, theme: str) -> HttpResponse:
    """The articles of one theme."""
    found = Category.objects.filter(slug=theme).first()
    if found is None:
        return _gone(request, _("Ese tema no existe."), 404)
    country = _country(request)
    articles = list(live_articles(request.org, country=country).filter(category=found).order_by("title"))
    _until_midnight(request)
    return render(
        request, "faq/public/theme.html",
        {"theme": found, "articles": articles, "countries": _countries(request, country),
         "structured": faq_page(request.org, articles)},
    )  # fmt: skip


@for_visitors(keeps=True)
def article(request: Any, slug: str) -> HttpResponse:
    """One article as it was published; of one that is not there any more, a clear sentence and where to go on."""
    found = Article.objects.select_related("version", "category").filter(slug=slug).first()
    if found is None or found.version is None:
        return _gone(request, _("Aquí no hay ninguna respuesta."), 404, words=slug.replace("-", " "))
    if refusal := _why_not(request.org, found):
        return _gone(request, refusal, 410, words=found.title)
    said = document_of(found.version.document)
    _until_midnight(request)
    others = live_articles(request.org).filter(category=found.category).exclude(pk=found.pk)
    return render(
        request, "faq/public/article.html",
        {"article": found, "said": said, "html": as_html(said.body), "others": others.order_by("title")[:6],
         "description": said.summary or excerpt(as_plain(said.body), DESCRIPTION), "voted": request.GET.get("gracias"),
         "elsewhere": bool(found.countries) and request.org.country not in found.countries,
         "structured": faq_page(request.org, [found])},
    )  # fmt: skip


@for_visitors()
def search(request: Any) -> HttpResponse:
    """What answers some words; what is not found is written down, without data."""
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:200]
    country = _country(request)
    articles = search_articles(request.org, words, country=country) if words else []
    if words and not articles and not _is_too_often(request, "missed", MISSES):
        note_missed(request.org.pk, words)
    said = [(one, document_of(one.version.document)) for one in articles if one.version]
    results = [
        {"article": one, "words": text.summary or excerpt(as_plain(text.body), DESCRIPTION)}
        for one, text in said
    ]
    return render(
        request, "faq/public/search.html",
        {"words": words, "results": results, "themes": _themes(request.org) if words and not articles else []},
    )  # fmt: skip


@csrf_exempt
@for_visitors("POST")
def vote(request: Any, slug: str) -> HttpResponse:
    """«¿Te sirvió?»: counted once a reader a day. No cookie is needed; a page elsewhere cannot vote for its readers."""
    found = live_articles(request.org).filter(slug=slug).first()
    if found is None:
        return _gone(request, _("Esa respuesta ya no está publicada."), 410)
    said = request.POST.get("sirvio", "")
    is_ours = request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
    if said in ("si", "no") and is_ours and not _is_too_often(request, "vote", VOTES):
        reader = reader_key(request.META.get("REMOTE_ADDR", ""), request.headers.get("User-Agent", ""))
        count_vote(found, is_useful=said == "si", reader=reader)
    thanks = "no" if said == "no" else "si"
    return redirect(f"{_path(request.org, found)}?gracias={thanks}#opinion")


@for_visitors()
def short(request: Any, code: str) -> HttpResponse:
    """The short link: to the article, or to the sentence that says why it is not there."""
    found = Article.objects.filter(code=code, version__isnull=False).first()
    if found is None:
        return _gone(request, _("Ese enlace no lleva a ninguna respuesta."), 404)
    return redirect(_path(request.org, found))


def _path(organization: Organization, found: Article) -> str:
    return reverse("public:article", args=[organization.slug, found.slug])


def _why_not(organization: Organization, found: Article) -> str:
    """Why a published article is not shown; empty while it is."""
    if found.state != ArticleState.PUBLISHED:
        return _("Esta respuesta ya no está publicada.")
    if found.expires_on is not None and found.expires_on < today_in(organization):
        return _("Esta respuesta venció y la estamos revisando.")
    return ""


def _gone(request: Any, sentence: str, status: int, *, words: str = "") -> HttpResponse:
    """The site's own page with the sentence, and what may help instead."""
    others = search_articles(request.org, words, most=4) if words else []
    context = {"sentence": sentence, "others": others, "words": words}
    return render(request, "faq/public/gone.html", context, status=status)


def _country(request: Any) -> str:
    """The country chosen in the address, when some article names it; else the organization's own."""
    chosen = request.GET.get("pais", "").upper()
    return chosen if chosen and chosen in countries_of(request.org) else request.org.country


def _countries(request: Any, country: str) -> list[tuple[str, bool]]:
    """The countries to choose from, when there is more than one, and which is shown."""
    codes = countries_of(request.org)
    return [(code, code == country) for code in codes] if len(codes) > 1 else []


def _themes(organization: Organization) -> list[Category]:
    used = live_articles(organization).values("category")
    return list(Category.objects.filter(pk__in=used).order_by("place"))


def _until_midnight(request: Any) -> None:
    """Articles expire with their last day where the organization is: no page is kept over it."""
    zone = ZoneInfo(request.org.timezone)
    tomorrow = today_in(request.org) + timedelta(days=1)
    request.holds_until = datetime.combine(tomorrow, time(), zone)


def _is_too_often(request: Any, what: str, most: int) -> bool:
    minute = int(clock.now().timestamp()) // 60
    key = f"faq:{what}:{request.org.pk}:{request.META.get('REMOTE_ADDR', '')}:{minute}"
    cache.add(key, 0, timeout=120)
    return bool(cache.incr(key) > most)
