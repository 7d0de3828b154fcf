"""The articles of the demo organizations: those of their sector, answered for by who may publish them."""

from __future__ import annotations

from faq.domain.planting import plant_articles
from helpdesk.tenancy.models import Membership, Organization


def plant_demo_articles(organization: Organization) -> int:
    """Publish what is missing; how many. Inside ``tenant``."""
    rows = Membership.objects.filter(organization=organization, role="supervisor", is_active=True)
    return plant_articles(organization, owner=rows.order_by("pk").first())
