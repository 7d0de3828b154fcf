"""Commitments and legal terms of today, what areas owe, how fast answers leave. Inside ``tenant``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Min, Q

from helpdesk.tenancy.models import Organization
from helpdesk.ui.dates import day_end
from tickets.areas.models import Consultation
from tickets.clocks.models import Clock
from tickets.commitments.enums import CommitmentState
from tickets.commitments.models import Commitment
from tickets.enums import ClockKind

SHOWN = 6
COUNTED = 500
# A promise broken longer ago than this is for the figures, not for now.
REMEMBERED = timedelta(days=3)
LATELY = timedelta(hours=2)
PACE = """
SELECT count(DISTINCT thread_key), count(DISTINCT (created_by_id, date_bin('30 minutes', sent_at, 'epoch')))
FROM (SELECT thread_key, created_by_id, sent_at FROM channels_social_outboundaction
      WHERE organization_id = %s AND state = 'sent' AND sent_at > %s AND created_by_id IS NOT NULL AND lane < '3_bulk'
      ORDER BY sent_at DESC LIMIT 5000) lately
"""


@dataclass(frozen=True, slots=True)
class Today:
    """What was promised for today and what the law wants today; ``more``: there are more than are shown."""

    promises: list[Commitment]
    promises_left: int
    broken: int
    kept: int
    terms: list[Clock]
    terms_left: int


def today_of(organization: Organization, now: datetime, *, own: int | None = None) -> Today:
    """Dates that end today in the organization's zone, broken promises of the last days first."""
    ends = day_end(organization.timezone, now)
    owed = Commitment.objects.filter(
        Q(state=CommitmentState.OPEN) | Q(state=CommitmentState.BROKEN, made_good_at=None),
        organization=organization, due_at__gte=now - REMEMBERED, due_at__lt=ends, told_at__isnull=False,
    )  # fmt: skip
    kept = Commitment.objects.filter(
        organization=organization, state=CommitmentState.KEPT, settled_at__gte=ends - timedelta(days=1)
    )
    terms = Clock.objects.filter(
        organization=organization, kind=ClockKind.LEGAL, met_at=None, cancelled_at=None, due_at__lt=ends
    )
    if own is not None:
        owed, kept = owed.filter(owner_id=own), kept.filter(owner_id=own)
        terms = terms.filter(ticket__assignee_id=own)
    states = Counter(owed.order_by("due_at").values_list("state", flat=True)[:COUNTED])
    return Today(
        promises=list(owed.select_related("ticket", "ticket__customer", "owner").order_by("due_at")[:SHOWN]),
        promises_left=states[CommitmentState.OPEN],
        broken=states[CommitmentState.BROKEN],
        kept=kept.count(),
        terms=list(terms.select_related("ticket", "ticket__customer").order_by("due_at")[:SHOWN]),
        terms_left=terms.values("pk")[:COUNTED].count(),
    )


@dataclass(frozen=True, slots=True)
class AreaLine:
    """What an area owes: questions, of them late, and until when the first."""

    name: str
    owed: int
    late: int
    next_due: datetime | None


def areas_of(organization_id: int) -> list[AreaLine]:
    """The areas that owe an answer now, the latest first."""
    rows = (
        Consultation.objects.filter(organization_id=organization_id, answered_at=None, cancelled_at=None)
        .values("area__name")
        .annotate(owed=Count("id"), late=Count("id", filter=Q(breached_at__isnull=False)), due=Min("due_at"))
        .order_by("-late", "due")
    )
    return [AreaLine(row["area__name"], row["owed"], row["late"], row["due"]) for row in rows]


def answered_lately(organization_id: int, now: datetime) -> tuple[int, int]:
    """Threads answered by people in the last two hours, and in how many half hours of a person."""
    with connection.cursor() as cursor:
        cursor.execute(PACE, [organization_id, now - LATELY])
        found: tuple[Any, Any] = cursor.fetchone()
    return int(found[0]), int(found[1])
