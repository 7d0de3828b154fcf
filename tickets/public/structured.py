"""What search engines read of an organization: JSON-LD of schema.org, safe inside a page."""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString

from helpdesk.tenancy.models import Organization
from tickets.public.queries.attending import Account, Attending

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def organization_page(
    organization: Organization, url: str, attending: Attending | None, accounts: list[Account]
) -> SafeString:
    """The organization with its accounts and when it attends, holidays too; ``url`` is its help's first page."""
    contact: dict[str, Any] = {"@type": "ContactPoint", "contactType": "customer service", "url": url}
    if attending is not None:
        told = attending.structured
        week = told["openingHoursSpecification"] + told["specialOpeningHoursSpecification"]
        contact["hoursAvailable"] = [{"@type": "OpeningHoursSpecification", **one} for one in week]
    page = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": organization.name,
        "url": url,
        "sameAs": [one.url for one in accounts if one.url.startswith("https://")],
        "contactPoint": contact,
    }
    written = json.dumps(page, ensure_ascii=False, separators=(",", ":"))
    for character, escape in _ESCAPES.items():
        written = written.replace(character, escape)
    return SafeString(written)
