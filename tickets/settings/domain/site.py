"""What an admin decides about the public site. Inside ``tenant``."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from helpdesk import audit
from helpdesk.site.files import CleanFile
from helpdesk.site.models import Site
from helpdesk.tenancy.models import Membership, Organization

FIELDS = (
    "is_on", "takes_cases", "shows_team", "colour", "greeting", "signature", "privacy_url", "defender_url",
)  # fmt: skip


def site_for(organization: Organization) -> Site:
    """The organization's site, made unpublished when first looked at."""
    return Site.objects.get_or_create(organization=organization)[0]


@transaction.atomic
def save_site(given: dict[str, Any], *, logo: CleanFile | None, drops_logo: bool, by: Membership) -> bool:
    """Keep what was decided; whether anything changed. The audit names the fields, not their words."""
    site = Site.objects.select_for_update().get(organization_id=by.organization_id)
    changed = [name for name in FIELDS if getattr(site, name) != given[name]]
    for name in changed:
        setattr(site, name, given[name])
    if logo is not None:
        site.logo, site.logo_type = logo.body, logo.content_type
    elif drops_logo and site.logo_type:
        site.logo, site.logo_type = None, ""
    else:
        logo, drops_logo = None, False
    if logo is not None or drops_logo:
        changed.append("logo")
    if changed:
        site.save(update_fields=[*FIELDS, "logo", "logo_type"])
        audit.record(by.organization_id, "site.changed", actor_id=by.pk, what=changed)
    return bool(changed)
