"""The public sites of the demo organizations."""

from __future__ import annotations

from helpdesk.site.models import Site
from helpdesk.tenancy.models import Organization

SITES = {
    "frailejon": {"colour": "#0b6b3a", "signature": "Banco Frailejón S. A. · Bogotá"},
    "alisios": {
        "colour": "#b4451a",
        "signature": "Alisios Líneas Aéreas, S. A. · Las Palmas de Gran Canaria",
    },
}


def open_demo_site(organization: Organization) -> None:
    """The site of a demo organization, published, unless it is there. Inside ``tenant``."""
    facts = SITES.get(organization.slug, {})
    Site.objects.get_or_create(organization=organization, defaults={"is_on": True, **facts})
