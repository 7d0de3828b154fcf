"""Two public sites with articles: `python -m benches.public_data SLUG SLUG`, as the owner; prints their pages."""

from __future__ import annotations

import json
import sys


def main(slugs: list[str]) -> dict[str, list[str]]:
    """Publish the sites, plant the articles of their sector; the paths of what a visitor reads."""
    import django

    django.setup()
    from faq.domain.planting import plant_articles
    from faq.domain.queries.shelf import live_articles
    from helpdesk.site.models import Site
    from helpdesk.tenancy.context import tenant
    from helpdesk.tenancy.models import Organization

    found = {}
    for slug in slugs:
        organization = Organization.objects.get(slug=slug)
        with tenant(organization.pk):
            Site.objects.update_or_create(organization=organization, defaults={"is_on": True, "greeting": ""})
            plant_articles(organization, owner=None)
            words = list(live_articles(organization).order_by("pk").values_list("slug", flat=True))
        pages = ["", "marca.css", "preguntas/", *(f"preguntas/{word}/" for word in words)]
        found[slug] = [f"/ayuda/{slug}/{page}" for page in pages]
    return found


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1:])))
