"""What search engines are told: what there is, and what is nobody's business."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from faq.domain.queries.shelf import published_articles
from helpdesk.site.visitors import base_url, for_visitors
from tickets.public.queries.articles import themes

PAGES = ("home", "questions", "who", "case", "status")
# Consoles, log-in, hooks and the API are under every other first word: only the public site may be read.
ROBOTS = "User-agent: *\nDisallow: /\nAllow: /ayuda/\nAllow: /static/\n"


@for_visitors(keeps=True)
def sitemap(request: Any) -> HttpResponse:
    """Every public page with what is known of its age."""
    slug = request.org.slug
    rows = [(reverse(f"public:{name}", args=[slug]), None) for name in PAGES]
    rows += [(theme.url, None) for theme in themes(request.org)]
    rows += [
        (reverse("public:article", args=[slug, word]), at) for word, at in published_articles(request.org)
    ]
    urls = [(f"{request.site_url}{path}", at) for path, at in rows]
    return render(request, "public/sitemap.xml", {"urls": urls}, content_type="application/xml")


def robots(request: HttpRequest) -> HttpResponse:
    """One file for the house; on an organization's own domain it names the map of its site."""
    host = request.get_host().split(":")[0]
    slug = settings.PUBLIC_DOMAINS.get(host, "")
    found = f"Sitemap: {base_url(slug)}{reverse('public:sitemap', args=[slug])}\n" if slug else ""
    answer = HttpResponse(ROBOTS + found, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "public, max-age=3600"
    return answer
