"""The themes articles are found under. Inside ``tenant``."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max

from faq.domain.naming import free_slug
from faq.domain.writing import NotAllowed
from faq.models import Article, Category
from helpdesk import audit
from helpdesk.tenancy.models import Membership, Organization


@transaction.atomic
def add_theme(organization: Organization, *, name: str, by: Membership | None) -> Category:
    """A new one at the end. Raises :class:`NotAllowed` ``no_name`` or ``taken``."""
    name = _name(name, organization.pk)
    last = Category.objects.filter(organization=organization).aggregate(last=Max("place"))["last"]
    theme = Category.objects.create(
        organization=organization, name=name, place=(last or 0) + 1,
        slug=free_slug(Category, organization.pk, name, longest=60),
    )  # fmt: skip
    if by is not None:
        _tell(theme, "added", by)
    return theme


@transaction.atomic
def rename_theme(theme: Category, *, name: str, by: Membership) -> None:
    """Another name; its address stays."""
    theme.name = _name(name, theme.organization_id, but=theme.pk)
    theme.save(update_fields=["name"])
    _tell(theme, "renamed", by)


@transaction.atomic
def raise_theme(theme: Category, *, by: Membership) -> None:
    """One place up."""
    rows = list(Category.objects.select_for_update().order_by("place", "pk"))
    at = next(n for n, row in enumerate(rows) if row.pk == theme.pk)
    if at:
        rows[at - 1], rows[at] = rows[at], rows[at - 1]
    for place, row in enumerate(rows, 1):
        row.place = place
    Category.objects.bulk_update(rows, ["place"])
    _tell(theme, "moved", by)


@transaction.atomic
def drop_theme(theme: Category, *, by: Membership) -> None:
    """Only an empty one: :class:`NotAllowed` ``theme_in_use`` otherwise."""
    if Article.objects.filter(category=theme).exists():
        raise NotAllowed("theme_in_use")
    _tell(theme, "dropped", by)
    theme.delete()


def _name(name: str, organization_id: int, but: int = 0) -> str:
    name = " ".join(name.split())[:60]
    if not name:
        raise NotAllowed("no_name")
    rows = Category.objects.filter(organization_id=organization_id, name__iexact=name)
    if rows.exclude(pk=but).exists():
        raise NotAllowed("taken")
    return name


def _tell(theme: Category, action: str, by: Membership) -> None:
    audit.record(theme.organization_id, f"article_theme.{action}", actor_id=by.pk, theme=theme.pk)
