"""Public addresses of articles, whole: for canonical links, answers and other people's pages."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from faq.models import Article
from helpdesk.tenancy.models import Organization


def public_address(name: str, slug: str, *args: str) -> str:
    """The whole address of a public page of the organization with that slug."""
    return f"{settings.BASE_URL}{reverse(name, args=[slug, *args])}"


def article_address(organization: Organization, article: Article) -> str:
    """Where an article is read."""
    return public_address("help_article", organization.slug, article.slug)


def short_address(organization: Organization, article: Article) -> str:
    """The short link of an article, for answers."""
    return public_address("help_short", organization.slug, article.code)
