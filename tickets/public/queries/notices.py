"""The notices of incidents that somebody else approved and that still stand. Inside ``tenant``."""

from __future__ import annotations

from helpdesk.tenancy.models import Organization
from tickets.incidents.enums import NoticeStage
from tickets.incidents.models import IncidentNotice

MOST = 10


def published_notices(organization: Organization) -> list[IncidentNotice]:
    """The newest first."""
    rows = IncidentNotice.objects.filter(
        organization=organization, stage=NoticeStage.PUBLISHED, ended_at=None
    )
    return list(rows.order_by("-decided_at")[:MOST])
