"""«¿Por qué vence a esta hora?»: a clock's days as a picture, and the same in words."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.ui.dates import NBSP, date_words, hour_words, zone
from protocols.calendars.rows import hours_of
from protocols.models import Calendar, Holiday, OneOff
from protocols.rules.deadlines import Pause
from tickets.cases.models import Ticket
from tickets.clocks.models import Clock, Wait
from tickets.clocks.why import DayOfClock, Explanation, explain
from tickets.console.why_term import exact, policy_words, why_of_term
from tickets.enums import ClockKind
from tickets.settings.models import AccountPolicy

# Units of the drawing: a day lying.
WIDTH = 480


def why_of(clock: Clock, ticket: Ticket, *, now: datetime) -> dict[str, Any]:
    """All that made a clock: policy, calendar, waits, days. Inside ``tenant``."""
    if clock.kind == ClockKind.LEGAL:
        return why_of_term(clock, ticket) | {"moved": moved_words(clock, ticket.organization.timezone)}
    calendar = _calendar(clock, ticket)
    pauses = _pauses(ticket) if clock.kind != ClockKind.COMMITMENT else []
    is_wall = bool(clock.why.get("wall")) or calendar is None
    stands_still = clock.paused_at is not None and clock.met_at is None
    until = max(now, clock.paused_at) if stands_still and clock.paused_at else clock.due_at
    days, where = None, calendar.timezone if calendar else ticket.organization.timezone
    if calendar is not None:
        hours = hours_of([calendar])[calendar.pk]
        laid = explain(hours, clock.started_at, until, pauses, _names(calendar), is_wall_time=is_wall)
        days = _drawn(laid, clock, where=where, stands_still=stands_still)
    whole = timedelta(minutes=clock.why.get("minutes", 0))
    counted = laid.counted if calendar is not None else whole
    return {
        "running": clock,
        "policy": policy_words(clock),
        "due": exact(clock.due_at, where),
        "label": ClockKind(clock.kind).label,
        "calendar": calendar,
        "is_wall": is_wall,
        "is_promise": clock.kind == ClockKind.COMMITMENT,
        "days": days,
        "owed": span_words(whole) if whole else "",
        "left": span_words(max(whole - counted, timedelta())) if stands_still else "",
        "pauses": [
            _pause_words(pause, where) for pause in pauses if _touches(pause, clock.started_at, until)
        ],
        "is_unlike": bool(whole) and not stands_still and abs(counted - whole) > timedelta(minutes=1),
        "counted": span_words(counted),
        "moved": moved_words(clock, where),
    }


def span_words(duration: timedelta) -> str:
    """«45 min», «3 h», «1 h 30»."""
    hours, minutes = divmod(round(duration.total_seconds() / 60), 60)
    if not hours:
        return f"{minutes}{NBSP}min"
    return f"{hours}{NBSP}h" + (f"{NBSP}{minutes:02d}" if minutes else "")


def _calendar(clock: Clock, ticket: Ticket) -> Calendar | None:
    """The one it was counted with, else the account's."""
    rows = Calendar.objects.filter(organization_id=clock.organization_id)
    found = rows.filter(pk=clock.why.get("calendar") or 0).first()
    if found is not None:
        return found
    policies = AccountPolicy.objects.filter(organization_id=clock.organization_id).select_related("calendar")
    policy = policies.filter(account_id=ticket.account_id).first() or policies.order_by("id").first()
    return policy.calendar if policy else rows.order_by("id").first()


def _pauses(ticket: Ticket) -> list[Pause]:
    rows = Wait.objects.filter(organization_id=ticket.organization_id, ticket=ticket).order_by("started_at")
    return [Pause(row.started_at, row.ended_at, row.reason) for row in rows]


def _names(calendar: Calendar) -> dict[date, str]:
    mine = {"organization_id": calendar.organization_id, "calendar": calendar}
    names = dict(OneOff.objects.filter(**mine).exclude(name="").values_list("day", "name"))
    return names | dict(Holiday.objects.filter(**mine).values_list("day", "name"))


def _touches(pause: Pause, start: datetime, end: datetime) -> bool:
    return pause.start < end and (pause.end is None or pause.end > start)


def _pause_words(pause: Pause, where: str) -> str:
    since = exact(pause.start, where)
    if pause.end is None:
        return _("esperando al cliente desde el %(since)s") % {"since": since}
    return _("esperando al cliente del %(since)s al %(until)s") % {
        "since": since,
        "until": exact(pause.end, where),
    }


def moved_words(clock: Clock, where: str) -> dict[str, Any] | None:
    """From when it was moved, by what change, and when that was done."""
    moved = clock.why.get("moved")
    if not moved:
        return None
    return {
        "former": exact(datetime.fromisoformat(moved["from"]), where),
        "at": datetime.fromisoformat(moved["at"]),
        "is_of_policy": moved.get("cause") == "policy",
    }


def _drawn(laid: Explanation, clock: Clock, *, where: str, stands_still: bool) -> dict[str, Any]:
    """The rows of the picture; all on one scale, from the first hour that matters to the last."""
    minutes = [edge for day in laid.days for piece in day.pieces for edge in (piece.begin, piece.end)]
    minutes += [edge for day in laid.days for edge in (day.begins, day.falls_due) if edge is not None]
    first = max(0, (min(minutes, default=0) // 60 - 1) * 60)
    last = min(24 * 60, (-(-max(minutes, default=1440) // 60) + 1) * 60)
    scale = WIDTH / (last - first)

    def at(minute: int, since: int = first) -> str:
        # As text: a number would be written with the comma of the language.
        return f"{(minute - since) * scale:.1f}"

    return {
        "rows": [_row(day, clock, at, where=where, stands_still=stands_still) for day in laid.days],
        "from": f"{first // 60}:00",
        "until": f"{last // 60}:00",
        "width": WIDTH,
        "paused": span_words(laid.paused) if laid.paused else "",
        "skipped_counted": span_words(laid.skipped_counted),
    }


def _row(day: DayOfClock, clock: Clock, at: Any, *, where: str, stands_still: bool) -> dict[str, Any]:
    is_last = day.falls_due is not None and not stands_still
    notes = []
    if day.begins is not None:
        notes.append(_("empieza %s") % hour_words(clock.started_at, where))
    if is_last:
        notes.append(_("vence %s") % hour_words(clock.due_at, where))
    if day.paused:
        notes.append(_("en pausa %s") % span_words(day.paused))
    closed = "" if day.pieces else (_("festivo") if day.is_holiday else _("cerrado"))
    if closed or day.name:
        notes.append(": ".join(filter(None, [closed, day.name])))
    noon = datetime(day.day.year, day.day.month, day.day.day, 12, tzinfo=zone(where))
    return {
        "name": date_words(noon, where),
        "bars": [(piece.look, at(piece.begin), at(piece.end, piece.begin)) for piece in day.pieces],
        "begins": at(day.begins) if day.begins is not None else None,
        "due": at(day.falls_due) if is_last and day.falls_due is not None else None,
        "is_holiday": day.is_holiday and not day.pieces,
        "counted": span_words(day.counted) if day.counted else "",
        "notes": " · ".join(notes),
        "skipped": ngettext("… %(n)s día más …", "… %(n)s días más …", day.skipped) % {"n": day.skipped}
        if day.skipped
        else "",
    }
