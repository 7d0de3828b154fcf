"""What customers are told of incidents: approved notices only. Inside ``tenant``; the public pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk import clock
from helpdesk.tenancy.models import Organization
from tickets.incidents.enums import IncidentState, NoticeStage
from tickets.incidents.models import IncidentNotice

# What is over stays to be read for a day.
OVER_FOR = timedelta(hours=24)
MOST = 10


@dataclass(frozen=True, slots=True)
class PublishedNotice:
    """One notice as it is read in public. ``estimated_at`` None: still not estimated, the next notice comes at
    ``next_notice_at``. ``over_at``: since then it is solved."""

    number: int
    title: str
    situation: str
    measures: str
    estimated_at: datetime | None
    next_notice_at: datetime | None
    published_at: datetime
    starts_at: datetime
    over_at: datetime | None


def published_notices(organization: Organization) -> list[PublishedNotice]:
    """The notices that stand now, newest first: of open incidents, and of those closed within a day."""
    now = clock.now()
    rows = (
        IncidentNotice.objects.filter(organization=organization, stage=NoticeStage.PUBLISHED)
        .exclude(incident__state=IncidentState.CLOSED, incident__closed_at__lt=now - OVER_FOR)
        .exclude(incident__state=IncidentState.DISMISSED)
        .select_related("incident")
        .order_by("-decided_at")[:MOST]
    )
    return [_told(row) for row in rows]


def _told(row: IncidentNotice) -> PublishedNotice:
    incident = row.incident
    assert row.decided_at is not None  # a check of the table says so
    return PublishedNotice(
        number=incident.number, title=row.title, situation=row.situation, measures=row.measures,
        estimated_at=row.estimated_at, next_notice_at=row.next_notice_at, published_at=row.decided_at,
        starts_at=incident.starts_at, over_at=incident.closed_at,
    )  # fmt: skip
