"""An organization's first articles and themes, from those of its sector. Inside ``tenant``; twice plants once."""

from __future__ import annotations

from faq.domain.naming import free_code, free_slug
from faq.domain.queries.shelf import today_in
from faq.domain.themes import add_theme
from faq.domain.writing import HOLDS, put_in_force
from faq.enums import Origin
from faq.models import Article, Category
from faq.rules.document import Document
from faq.seeds import Seed, seeds_of
from helpdesk.tenancy.models import Membership, Organization


def plant_articles(organization: Organization, *, owner: Membership | None) -> int:
    """Publish the articles of the sector that are not there; how many. ``owner`` answers for them."""
    have = set(
        Article.objects.filter(organization=organization).exclude(seed="").values_list("seed", flat=True)
    )
    missing = [seed for seed in seeds_of(organization.sector) if seed.key not in have]
    for seed in missing:
        _plant(organization, seed, owner)
    return len(missing)


def _plant(organization: Organization, seed: Seed, owner: Membership | None) -> None:
    theme = Category.objects.filter(organization=organization, name=seed.theme).first()
    theme = theme or add_theme(organization, name=seed.theme, by=None)
    article = Article.objects.create(
        organization=organization, seed=seed.key, origin=Origin.SEED, owner=owner, title=seed.title,
        expires_on=today_in(organization) + HOLDS, code=free_code(organization.pk),
        slug=free_slug(Article, organization.pk, seed.title, longest=80),
    )  # fmt: skip
    document = Document(
        title=seed.title, summary=seed.summary, body=seed.body, keywords=seed.keywords, category=theme.pk
    )
    put_in_force(article, document, by=None)
