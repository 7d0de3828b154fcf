"""Calendars as they are kept, who attends by which, and what saving one would do to the clocks. Inside ``tenant``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from channels_social.enums import Purpose
from helpdesk.tenancy.context import whole
from protocols.models import Calendar, Holiday, OneOff, OpeningHours
from protocols.rules.business_time import BusinessTime
from protocols.rules.calendar import WeekHours
from tickets.clocks.domain.recompute import first_cases, with_customers
from tickets.clocks.domain.retarget import Dated, Measures, count_anew, measures_of
from tickets.clocks.models import ClockRecount
from tickets.settings.calendar_form import CalendarDraft, stored
from tickets.settings.models import AccountPolicy

# Cases a preview looks at: a page answers while somebody types.
PREVIEWED = 2000
# How long what a change did to the clocks stays on the page.
RECENT = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Impact:
    """What saving would do: cases looked at, clocks that move, that are late, soon or no longer late then."""

    seen: int
    moved: int
    late: int
    soon: int
    healed: int
    is_more: bool


def calendars_of(organization_id: int) -> list[Calendar]:
    """Every calendar, the organization's first one first."""
    rows = Calendar.objects.filter(organization_id=organization_id).select_related("saved_by")
    return list(rows.order_by("id"))


def draft_of(calendar: Calendar) -> CalendarDraft:
    """A calendar as its form shows it."""
    intervals, holidays, single = rows_of(calendar)
    return stored(
        name=calendar.name,
        timezone=calendar.timezone,
        is_always_open=calendar.is_always_open,
        intervals=intervals,
        holidays=holidays,
        one_offs=single,
    )


def rows_of(
    calendar: Calendar,
) -> tuple[list[tuple[int, time, time]], list[tuple[date, str]], list[tuple[date, time, time, bool, str]]]:
    """Its stretches, holidays and single days."""
    mine = {"organization_id": calendar.organization_id, "calendar": calendar}
    return (
        list(OpeningHours.objects.filter(**mine).values_list("weekday", "opens_at", "closes_at")),
        list(Holiday.objects.filter(**mine).order_by("day").values_list("day", "name")),
        list(
            OneOff.objects.filter(**mine)
            .order_by("day", "begins_at")
            .values_list("day", "begins_at", "ends_at", "is_open", "name")
        ),
    )


def policies_with_accounts(organization_id: int) -> list[AccountPolicy]:
    """Each account with its calendar; the doors of what is written down by hand are none that attends."""
    rows = AccountPolicy.objects.filter(organization_id=organization_id).select_related("account", "calendar")
    return list(rows.exclude(account__purpose=Purpose.BY_HAND).order_by("account_id"))


def last_recount(calendar: Calendar, *, now: datetime) -> ClockRecount | None:
    """The newest look at its open clocks, while it goes on and for some hours after."""
    rows = ClockRecount.objects.filter(organization_id=calendar.organization_id, calendar=calendar)
    found = rows.order_by("-id").first()
    is_old = found and found.finished_at and found.finished_at < now - RECENT
    return None if is_old else found


def impact_of(calendar: Calendar, hours: WeekHours, *, now: datetime) -> Impact:
    """What these hours would do to the open clocks of the calendar, of the first cases; changes nothing.

    For the organization, not for who asks: numbers only.
    """
    asked = ClockRecount(organization_id=calendar.organization_id, calendar=calendar)
    with whole():
        tickets = first_cases(asked, PREVIEWED + 1)
        found = count_anew(_tried(calendar, hours), with_customers(tickets[:PREVIEWED]), now=now)
    due = [one for one in found if one.is_moved and one.row.cancelled_at is None]
    return Impact(
        seen=min(len(tickets), PREVIEWED),
        moved=len(due),
        late=sum(one.row.due_at <= now < one.former for one in due),
        soon=sum(_is_soon(one, now) for one in due),
        healed=sum(one.former <= now < one.row.due_at for one in due),
        is_more=len(tickets) > PREVIEWED,
    )


def _tried(calendar: Calendar, hours: WeekHours) -> Measures:
    """What clocks are counted by, as it would be with these hours."""
    kept = measures_of(calendar.organization)
    accounts = {
        account_id: replace(rules, calendar=BusinessTime(hours), calendar_version=calendar.version + 1)
        if rules.calendar_id == calendar.pk
        else rules
        for account_id, rules in kept.accounts.items()
    }
    if kept.law.calendar_id != calendar.pk:
        return Measures(accounts, kept.law)
    return Measures(accounts, replace(kept.law, days=replace(kept.law.days, holidays=hours.holidays)))


def _is_soon(one: Dated, now: datetime) -> bool:
    """Whether its last warning is past then, and is not today."""
    last = one.row.alarms[-1] if one.row.alarms else None
    if last is None or one.former_alarm is None:
        return False
    return last <= now < min(one.row.due_at, one.former_alarm)
