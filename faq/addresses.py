"""Public addresses of articles, whole: for canonical links, answers and other people's pages."""

from __future__ import annotations

import re

from django.urls import reverse

from faq.models import Article
from helpdesk.site.visitors import base_url
from helpdesk.tenancy.models import Organization

# A short link in a text, whatever host it stands under: the code says which article, its organization the rest.
_SHORT = re.compile(r"/ayuda/(?P<org>[-\w]{1,40})/r/(?P<code>[a-z0-9]{4,8})(?![a-z0-9])")


def article_address(organization: Organization, article: Article) -> str:
    """Where an article is read."""
    return _whole(organization, "public:article", article.slug)


def short_address(organization: Organization, article: Article) -> str:
    """The short link of an article, for answers."""
    return _whole(organization, "public:short", article.code)


def codes_in(text: str, slug: str) -> tuple[str, ...]:
    """The codes of the organization's short links in a text, each once, in order."""
    return tuple(dict.fromkeys(found["code"] for found in _SHORT.finditer(text) if found["org"] == slug))


def _whole(organization: Organization, name: str, word: str) -> str:
    return f"{base_url(organization.slug)}{reverse(name, args=[organization.slug, word])}"
