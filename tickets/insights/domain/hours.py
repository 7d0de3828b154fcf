"""The open hours of calendars, laid out as rows up to some weeks ahead. Inside ``tenant``."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Max, Min

from helpdesk.tenancy.models import Organization
from protocols.calendars.rows import hours_of
from protocols.models import Calendar
from protocols.rules.calendar import WeekHours
from tickets.cases.models import Ticket
from tickets.insights.models import OpenHours

AHEAD = timedelta(days=40)


def lay_out(organization: Organization, *, now: datetime) -> int:
    """Lay out what is missing, and what a changed calendar changes from the beginning of today on; rows written.

    Hours that are past stay: what took two business hours last month still took two.
    """
    calendars = list(Calendar.objects.filter(organization=organization))
    known = {
        row["calendar_id"]: row
        for row in OpenHours.objects.filter(organization=organization)
        .values("calendar_id")
        .annotate(until=Max("closes_at"), version=Max("version"))
    }
    missing = [one for one in calendars if _is_missing(one, known.get(one.pk), now)]
    hours = hours_of(missing) if missing else {}
    return sum(_lay(one, hours[one.pk], known.get(one.pk), now) for one in missing)


def _is_missing(calendar: Calendar, known: dict | None, now: datetime) -> bool:
    return known is None or known["version"] != calendar.version or known["until"] < now + AHEAD


def _lay(calendar: Calendar, hours: WeekHours, known: dict | None, now: datetime) -> int:
    rows = OpenHours.objects.filter(organization_id=calendar.organization_id, calendar=calendar)
    cut = datetime.combine(_first_day(calendar, hours, known, now), time(), hours.zone).astimezone(UTC)
    rows.filter(opens_at__gte=cut).delete()
    rows.filter(closes_at__gt=cut).update(closes_at=cut)
    last = rows.order_by("-opens_at").first()
    before = last.before + _seconds(last.opens_at, last.closes_at) if last else 0
    fresh, day = [], cut.astimezone(hours.zone).date()
    while day <= (now + 2 * AHEAD).date():
        for opens_at, closes_at in hours.spans_of(day):
            fresh.append(_row(calendar, opens_at, closes_at, before))
            before += _seconds(opens_at, closes_at)
        day += timedelta(days=1)
    OpenHours.objects.bulk_create(fresh, batch_size=1000)
    rows.update(version=calendar.version)
    return len(fresh)


def _first_day(calendar: Calendar, hours: WeekHours, known: dict | None, now: datetime) -> date:
    """From when on it is laid out: its whole past the first time, then today."""
    today = now.astimezone(hours.zone).date()
    if known is not None:
        return today
    opened = Ticket.objects.filter(organization_id=calendar.organization_id)
    first = opened.aggregate(first=Min("opened_at"))["first"]
    return date(max(1990, (min(first, now) if first else now).year - 1), 1, 1)


def _row(calendar: Calendar, opens_at: datetime, closes_at: datetime, before: int) -> OpenHours:
    return OpenHours(
        organization_id=calendar.organization_id, calendar=calendar, opens_at=opens_at, closes_at=closes_at,
        before=before, version=calendar.version,
    )  # fmt: skip


def _seconds(opens_at: datetime, closes_at: datetime) -> int:
    return round((closes_at - opens_at).total_seconds())
