"""How many cases come in, by half hours. Inside ``tenant``."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Sum

from tickets.incidents.models import CaseFlow

HALF_HOUR = timedelta(minutes=30)


def half_hour_of(at: datetime) -> datetime:
    """The beginning of its half hour."""
    return at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)


def arrivals_lately(organization_id: int, now: datetime) -> float:
    """New cases an hour, out of the half hour that runs and the two before it."""
    first = half_hour_of(now) - 2 * HALF_HOUR
    rows = CaseFlow.objects.filter(organization_id=organization_id, starts_at__gte=first)
    opened = rows.aggregate(n=Sum("opened"))["n"] or 0
    return opened / ((now - first).total_seconds() / 3600)
