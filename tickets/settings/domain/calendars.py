"""Calendars as an admin keeps them. Inside ``tenant``; each verb writes its audit line and asks for a recount."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership, Organization
from protocols.calendars.draft import CalendarDraft, Reading
from protocols.models import Calendar, Holiday, OneOff, OpeningHours
from tickets.clocks.domain.recompute import recompute_clocks
from tickets.clocks.domain.terms import forget_rules
from tickets.clocks.models import ClockRecount
from tickets.settings.models import AccountPolicy


class Outdated(Exception):
    """Somebody else saved the calendar since it was read."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        super().__init__(f"calendar {calendar.pk} is at version {calendar.version}")


class InUse(Exception):
    """Accounts attend by it, or it is the only one."""


@transaction.atomic
def save_calendar(
    calendar: Calendar, draft: CalendarDraft, reading: Reading, *, version: int, by: Membership
) -> bool:
    """Write what was read; whether anything changed. Outdated when it is no longer of that version."""
    row = Calendar.objects.select_for_update(of=("self",)).select_related("saved_by").get(pk=calendar.pk)
    if row.version != version:
        raise Outdated(row)
    name = " ".join(draft.name.split())[:80]
    changed = _changed(row, draft, reading, name)
    if not changed:
        return False
    before = _week(row)
    row.name, row.timezone, row.is_always_open = name, draft.timezone, draft.is_always_open
    row.version, row.saved_at, row.saved_by = version + 1, clock.now(), by
    row.save()
    added, removed = _write(row, reading)
    audit.record(
        row.organization_id,
        "calendar.changed",
        actor_id=by.pk,
        calendar=row.pk,
        version=row.version,
        what=changed,
        added=added,
        removed=removed,
        **({"week": _week(row), "former": before} if "week" in changed else {}),
    )
    forget_rules()
    if changed != ["name"]:
        recompute_clocks(by.organization, calendar=row, cause="hours", by=by)
    return True


def add_calendar(organization: Organization, *, like: Calendar, name: str, by: Membership) -> Calendar:
    """Another calendar, with everything of one that is there."""
    with transaction.atomic():
        made = Calendar.objects.create(
            organization=organization, name=name, timezone=like.timezone, is_always_open=like.is_always_open,
            saved_at=clock.now(), saved_by=by,
        )  # fmt: skip
        for model in (OpeningHours, Holiday, OneOff):
            rows = list(model.objects.filter(organization=organization, calendar=like))
            for row in rows:
                row.pk, row.calendar = None, made
            model.objects.bulk_create(rows)
        audit.record(organization.pk, "calendar.added", actor_id=by.pk, calendar=made.pk, like=like.pk)
        forget_rules()
    return made


@transaction.atomic
def drop_calendar(calendar: Calendar, *, by: Membership) -> None:
    """Take away a calendar that nobody attends by. InUse otherwise: nothing that is in use is deleted."""
    org = calendar.organization_id
    Calendar.objects.select_for_update().filter(organization_id=org).count()
    uses = AccountPolicy.objects.filter(organization_id=org, calendar=calendar).exists()
    if uses or Calendar.objects.filter(organization_id=org).count() < 2:
        raise InUse
    # What counted with it once says so by its number; the accounts that used it were counted anew since.
    for model in (OpeningHours, Holiday, OneOff):
        model.objects.filter(organization_id=org, calendar=calendar).delete()
    ClockRecount.objects.filter(organization_id=org, calendar=calendar).delete()
    audit.record(org, "calendar.dropped", actor_id=by.pk, calendar=calendar.pk)
    calendar.delete()
    forget_rules()


@transaction.atomic
def give_calendar(policy: AccountPolicy, calendar: Calendar, *, by: Membership) -> bool:
    """Let an account attend by another calendar; its open clocks are counted anew. Whether it changed."""
    if policy.calendar_id == calendar.pk:
        return False
    former, policy.calendar = policy.calendar_id, calendar
    policy.save(update_fields=["calendar"])
    audit.record(
        policy.organization_id,
        "calendar.given",
        actor_id=by.pk,
        account=policy.account_id,
        calendar=calendar.pk,
        former_calendar=former,
    )
    forget_rules()
    recompute_clocks(by.organization, calendar=calendar, cause="account", by=by)
    return True


def _changed(row: Calendar, draft: CalendarDraft, reading: Reading, name: str) -> list[str]:
    """Codes of the parts that are not as they were."""
    mine = {"organization_id": row.organization_id, "calendar": row}
    week = set(OpeningHours.objects.filter(**mine).values_list("weekday", "opens_at", "closes_at"))
    holidays = set(Holiday.objects.filter(**mine).values_list("day", "name"))
    single = set(OneOff.objects.filter(**mine).values_list("day", "begins_at", "ends_at", "is_open", "name"))
    parts = {
        "name": row.name != name,
        "timezone": row.timezone != draft.timezone,
        "always_open": row.is_always_open != draft.is_always_open,
        "week": week != set(reading.intervals),
        "holidays": holidays != set(reading.holidays),
        "one_offs": single != set(reading.one_offs),
    }
    return [part for part, is_changed in parts.items() if is_changed]


def _write(row: Calendar, reading: Reading) -> tuple[list[str], list[str]]:
    """The rows as read; the days that were added and those that are gone."""
    mine: dict[str, Any] = {"organization_id": row.organization_id, "calendar": row}
    before = _days(mine)
    for model in (OpeningHours, Holiday, OneOff):
        model.objects.filter(**mine).delete()
    OpeningHours.objects.bulk_create(
        OpeningHours(weekday=day, opens_at=a, closes_at=b, **mine) for day, a, b in reading.intervals
    )
    Holiday.objects.bulk_create(Holiday(day=day, name=name, **mine) for day, name in reading.holidays)
    OneOff.objects.bulk_create(
        OneOff(day=day, begins_at=a, ends_at=b, is_open=opens, name=name, **mine)
        for day, a, b, opens, name in reading.one_offs
    )
    after = _days(mine)
    return sorted(after - before), sorted(before - after)


def _days(mine: dict[str, Any]) -> set[str]:
    days = {f"{day}" for day in Holiday.objects.filter(**mine).values_list("day", flat=True)}
    single = OneOff.objects.filter(**mine).values_list("day", "begins_at", "ends_at", "is_open")
    return days | {f"{day} {_span(a, b)} {'open' if opens else 'closed'}" for day, a, b, opens in single}


def _week(row: Calendar) -> list[str]:
    rows = OpeningHours.objects.filter(organization_id=row.organization_id, calendar=row)
    ordered = rows.order_by("weekday", "opens_at").values_list("weekday", "opens_at", "closes_at")
    return [f"{day} {_span(a, b)}" for day, a, b in ordered]


def _span(begin: time, end: time) -> str:
    return f"{begin:%H:%M}-{end:%H:%M}"
