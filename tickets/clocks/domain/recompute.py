"""Open clocks counted anew because their calendar, or who uses it, changed: asked for in a row, done in batches.

Every clock is computed from its own facts (start, minutes, waits) and the calendar as it is now, so that doing it
twice, or going on after a worker died, gives the same. What falls due around the clock or was promised never moves.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from helpdesk import clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Organization
from protocols.calendars.rows import hours_of
from protocols.models import Calendar
from protocols.rules.business_time import BusinessTime, business_time
from protocols.rules.deadlines import Pause, due_after
from tickets.clocks.domain.terms import RULES_AGE, forget_rules
from tickets.clocks.models import ClockRecount, Wait
from tickets.clocks.rules import FAR, WARN_SHARE
from tickets.enums import OPEN_STATES

# Cases a transaction holds at most, and seconds a turn works before others get theirs.
BATCH, TURN_S = 400, 5.0
# Longer than any process goes on with former rules.
SETTLING = timedelta(seconds=RULES_AGE + 5)
OPEN = tuple(state.value for state in OPEN_STATES)
CASES = """
FROM tickets_ticket t WHERE t.organization_id = %(org)s AND t.state IN %(open)s AND t.id > %(reached)s
AND (t.account_id IN (SELECT p.account_id FROM tickets_accountpolicy p
                      WHERE p.organization_id = %(org)s AND p.calendar_id = %(calendar)s)
     OR t.account_id IS NULL)
"""
CLOCKS = """
SELECT c.id, c.ticket_id, c.started_at, c.due_at, c.warn_at, c.why, c.breached_at
FROM tickets_clock c JOIN tickets_ticket t ON t.organization_id = c.organization_id AND t.id = c.ticket_id
WHERE c.organization_id = %(org)s AND c.ticket_id = ANY(%(tickets)s) AND c.met_at IS NULL
AND c.cancelled_at IS NULL AND c.kind <> 'commitment' AND NOT coalesce((c.why->>'wall')::boolean, false)
AND (t.account_id IS NOT NULL OR (c.why->>'calendar')::bigint = %(calendar)s) ORDER BY c.id
"""
MOVE = """
UPDATE tickets_clock c SET due_at = v.due, warn_at = v.warn, why = c.why || v.why,
    breached_at = CASE WHEN v.due <= %(now)s THEN c.breached_at END,
    warned_at = CASE WHEN v.warn <= %(now)s THEN c.warned_at END
FROM unnest(%(ids)s, %(dues)s::timestamptz[], %(warns)s::timestamptz[], %(whys)s::jsonb[]) AS v(id, due, warn, why)
WHERE c.organization_id = %(org)s AND c.id = v.id
"""
# As `marks.place_in_queue`, for many.
PLACE = """
UPDATE tickets_ticket t SET next_deadline_at = n.due_at, next_clock_kind = coalesce(n.kind, ''),
    queue_at = coalesce(n.due_at, %(far)s), is_overdue = coalesce(n.is_late, false), version = t.version + 1
FROM unnest(%(tickets)s) AS k(id) LEFT JOIN LATERAL (
    SELECT c.due_at, c.kind, bool_or(c.breached_at IS NOT NULL) OVER () AS is_late FROM tickets_clock c
    WHERE c.organization_id = %(org)s AND c.ticket_id = k.id AND c.met_at IS NULL AND c.cancelled_at IS NULL
    AND c.paused_at IS NULL ORDER BY c.due_at LIMIT 1) n ON true
WHERE t.organization_id = %(org)s AND t.id = k.id
"""


@dataclass(frozen=True, slots=True)
class Moved:
    """A clock that falls due at another instant."""

    id: int
    ticket_id: int
    former: datetime
    due_at: datetime
    warn_at: datetime
    warned_before: datetime


@transaction.atomic
def recompute_clocks(organization: Organization, *, calendar: Calendar, cause: str = "hours") -> ClockRecount:
    """Ask for the open clocks of a calendar to be counted anew; a worker does it. Inside ``tenant``.

    One that was asked for and goes on begins again: it has to see the calendar as it is now.
    """
    forget_rules()
    waiting = ClockRecount.objects.filter(
        organization=organization, calendar=calendar, settles_at__isnull=False
    )
    waiting.update(settles_at=None, finished_at=clock.now())
    return ClockRecount.objects.create(
        organization=organization, calendar=calendar, cause=cause, settles_at=clock.now() + SETTLING
    )


def work_recounts(tell: Callable[[int, list[int]], None], *, seconds: float = TURN_S) -> int:
    """Go on with what waits, as the worker with no tenant; how many clocks moved. ``tell`` hears of their cases."""
    moved, end = 0, clock.now() + timedelta(seconds=seconds)
    for organization_id, recount_id in _waiting():
        while clock.now() < end:
            with tenant(organization_id):
                tickets = _turn(recount_id)
            if tickets is None:
                break
            moved += len(tickets)
            if tickets:
                tell(organization_id, sorted(set(tickets)))
    return moved


def _waiting() -> list[tuple[int, int]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT organization_id, id FROM tickets_clockrecount WHERE settles_at IS NOT NULL "
            "AND (finished_at IS NULL OR settles_at <= %s) ORDER BY id LIMIT 50",
            [clock.now()],
        )
        return cursor.fetchall()


def _turn(recount_id: int) -> list[int] | None:
    """One batch: the cases of the clocks that moved; None when nothing is left to do now, or another does it."""
    recount = (
        ClockRecount.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("calendar")
        .filter(pk=recount_id, settles_at__isnull=False)
        .first()
    )
    if recount is None or (recount.finished_at is not None and recount.settles_at > clock.now()):
        return None
    if recount.total is None:
        recount.total = _count(recount)
    tickets = _lock_cases(recount)
    if not tickets:
        _end_round(recount)
        return None
    found = _counted(recount.organization_id, recount.calendar, tickets)
    _write(recount, found)
    recount.reached = tickets[-1]
    if recount.finished_at is None:
        recount.seen += len(tickets)
    recount.moved += len(found)
    recount.save()
    return [one.ticket_id for one in found]


def _end_round(recount: ClockRecount) -> None:
    """Everything was looked at; once more from the beginning when all processes know the new calendar."""
    if recount.finished_at is None:
        recount.finished_at, recount.reached = clock.now(), 0
    else:
        recount.settles_at = None
    recount.save()


def _asked(recount: ClockRecount) -> dict[str, Any]:
    return {
        "org": recount.organization_id,
        "calendar": recount.calendar_id,
        "reached": recount.reached,
        "open": OPEN,
    }


def _count(recount: ClockRecount) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {CASES}", _asked(recount))
        return cursor.fetchone()[0]


def _lock_cases(recount: ClockRecount) -> list[int]:
    """The next cases, locked first and in order as by every writer."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t.id {CASES} ORDER BY t.id LIMIT {BATCH} FOR UPDATE", _asked(recount))
        return [row[0] for row in cursor.fetchall()]


def _counted(organization_id: int, calendar: Calendar, tickets: list[int]) -> list[Moved]:
    times = business_time(hours_of([calendar])[calendar.pk])
    return count_anew(organization_id, calendar.pk, times, tickets, now=clock.now())


def count_anew(
    organization_id: int, calendar_id: int, times: BusinessTime, tickets: list[int], *, now: datetime
) -> list[Moved]:
    """Which clocks of these cases fall due at another instant with that calendar. Changes nothing.

    One that is broken already and stays so is left as it is.
    """
    with connection.cursor() as cursor:
        cursor.execute(CLOCKS, {"org": organization_id, "calendar": calendar_id, "tickets": tickets})
        rows = cursor.fetchall()
    waits = waits_of(organization_id, tickets)
    found = []
    for pk, ticket_id, started_at, due_at, warn_at, why, breached_at in rows:
        said = json.loads(why) if isinstance(why, str) else why
        whole, pauses = timedelta(minutes=said["minutes"]), waits.get(ticket_id, ())
        due = due_after(times, started_at, whole, pauses) or due_at
        warn = due_after(times, started_at, whole * WARN_SHARE, pauses) or warn_at
        if (due, warn) != (due_at, warn_at) and not (breached_at and due <= now):
            found.append(Moved(pk, ticket_id, due_at, due, warn, warn_at))
    return found


def waits_of(organization_id: int, tickets: Iterable[int]) -> dict[int, list[Pause]]:
    """The waits that are over, by case: one that goes on holds its clocks where they stopped."""
    found: dict[int, list[Pause]] = {}
    rows = Wait.objects.filter(
        organization_id=organization_id, ticket_id__in=list(tickets), ended_at__isnull=False
    )
    for ticket_id, start, end, reason in rows.values_list("ticket_id", "started_at", "ended_at", "reason"):
        found.setdefault(ticket_id, []).append(Pause(start, end, reason))
    return found


def _write(recount: ClockRecount, found: list[Moved]) -> None:
    if not found:
        return
    now, calendar = clock.now(), recount.calendar
    told = {
        "ids": [one.id for one in found],
        "dues": [one.due_at for one in found],
        "warns": [one.warn_at for one in found],
        "whys": [_why(one, calendar, now) for one in found],
        "tickets": sorted({one.ticket_id for one in found}),
        "org": recount.organization_id,
        "now": now,
        "far": FAR,
    }
    with connection.cursor() as cursor:
        cursor.execute(MOVE, told)
        cursor.execute(PLACE, told)


def _why(one: Moved, calendar: Calendar, now: datetime) -> str:
    """What is added to what explains the clock: with which calendar it is counted now, and from when it moved."""
    facts: dict[str, Any] = {"calendar": calendar.pk, "calendar_version": calendar.version}
    if one.former != one.due_at:
        facts["moved"] = {"from": one.former.isoformat(), "at": now.isoformat(), "by": calendar.saved_by_id}
    return json.dumps(facts)
