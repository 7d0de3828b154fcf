"""What fails now for many, as every page may say it. Inside ``tenant``; nothing of a customer in it."""

from __future__ import annotations

from django.db.models.functions import Now

from tickets.incidents.enums import IncidentState
from tickets.incidents.models import Incident


def live_incidents(organization_id: int) -> list[Incident]:
    """Open ones, newest first, and proposals nobody decided yet."""
    live = Incident.objects.filter(
        organization_id=organization_id, state__in=[IncidentState.OPEN, IncidentState.PROPOSED]
    )
    found = list(live.select_related("account", "declared_by").order_by("-id")[:20])
    return sorted(found, key=lambda one: one.state != IncidentState.OPEN)


def pinned_of(organization_id: int) -> list[Incident]:
    """The open ones with a sentence to answer with; those that are planned for later are not said yet."""
    return list(
        Incident.objects.filter(
            organization_id=organization_id, state=IncidentState.OPEN, starts_at__lte=Now()
        )
        .exclude(statement="")
        .order_by("-id")[:3]
    )
