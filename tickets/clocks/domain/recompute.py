"""Open clocks counted anew because a calendar, who uses it, or a policy changed: asked for in a row, done in batches.

Every clock is computed from its own facts (start, policy, waits) and the rules as they are now, so that doing it
twice, or going on after a worker died, gives the same. What was promised never moves.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from helpdesk import audit, clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership, Organization
from protocols.models import Calendar, SlaPolicy
from tickets.cases.models import Ticket
from tickets.clocks.domain.dating import begin_owed, write_dated
from tickets.clocks.domain.legal import forget_legal_rules
from tickets.clocks.domain.marks import place_all
from tickets.clocks.domain.retarget import Dated, count_anew, measures_of
from tickets.clocks.domain.terms import RULES_AGE, forget_rules
from tickets.clocks.models import ClockRecount
from tickets.enums import OPEN_STATES

# Cases a transaction holds at most, and seconds a turn works before others get theirs.
BATCH, TURN_S = 400, 5.0
# Longer than any process goes on with former rules.
SETTLING = timedelta(seconds=RULES_AGE + 5)
OPEN = tuple(state.value for state in OPEN_STATES)
# Of a calendar: the cases of its accounts, and every legal term when the law counts by its holidays.
OF_CALENDAR = """
FROM tickets_ticket t WHERE t.organization_id = %(org)s AND t.id > %(reached)s AND (
    t.state IN %(open)s AND (t.account_id IN (SELECT p.account_id FROM tickets_accountpolicy p
        WHERE p.organization_id = %(org)s AND p.calendar_id = %(calendar)s) OR t.account_id IS NULL)
    OR %(calendar)s = (SELECT min(id) FROM protocols_calendar WHERE organization_id = %(org)s)
        AND EXISTS (SELECT 1 FROM tickets_clock c WHERE c.organization_id = %(org)s AND c.ticket_id = t.id
                    AND c.kind = 'legal' AND c.met_at IS NULL AND c.cancelled_at IS NULL))
"""
OF_PRIORITY = """
FROM tickets_ticket t WHERE t.organization_id = %(org)s AND t.id > %(reached)s AND t.state IN %(open)s
AND t.priority = %(priority)s
"""


@transaction.atomic
def recompute_clocks(
    organization: Organization, *, calendar: Calendar, cause: str = "hours", by: Membership | None = None
) -> ClockRecount:
    """Ask for the open clocks of a calendar to be counted anew; a worker does it. Inside ``tenant``.

    One that was asked for and goes on begins again: it has to see the calendar as it is now.
    """
    return _ask(organization, {"calendar": calendar}, cause=cause, version=calendar.version, by=by)


@transaction.atomic
def recompute_for(policy: SlaPolicy, *, by: Membership | None) -> ClockRecount:
    """The same for the open cases of a policy's priority: which of them it is for may have changed too."""
    organization = Organization.objects.get(pk=policy.organization_id)
    scope = {"calendar": None, "priority": policy.priority}
    return _ask(organization, scope, cause="policy", version=policy.version, by=by, policy=policy)


def latest_of_policies(organization_id: int) -> ClockRecount | None:
    """The last change of policy and how far it came. Inside ``tenant``."""
    rows = ClockRecount.objects.filter(organization_id=organization_id, calendar=None)
    return rows.order_by("-id").first()


def _ask(organization: Organization, scope: dict[str, Any], **facts: Any) -> ClockRecount:
    forget_rules()
    forget_legal_rules()
    waiting = ClockRecount.objects.filter(organization=organization, settles_at__isnull=False, **scope)
    waiting.update(settles_at=None, finished_at=clock.now())
    asked_by = facts.pop("by")
    return ClockRecount.objects.create(
        organization=organization, settles_at=clock.now() + SETTLING, asked_by=asked_by, **scope, **facts
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
        .select_related("calendar", "organization")
        .filter(pk=recount_id, settles_at__isnull=False)
        .first()
    )
    if recount is None or (recount.finished_at is not None and recount.settles_at > clock.now()):
        return None
    if recount.total is None:
        recount.total = count_cases(recount)
    tickets = _lock_cases(recount)
    if not tickets:
        _end_round(recount)
        return None
    moved = _move(recount, tickets)
    recount.reached = tickets[-1]
    if recount.finished_at is None:
        recount.seen += len(tickets)
    recount.moved += len(moved)
    recount.save()
    return moved


def _end_round(recount: ClockRecount) -> None:
    """Everything was looked at; once more from the beginning when all processes know the new rules."""
    if recount.finished_at is None:
        recount.finished_at, recount.reached = clock.now(), 0
    else:
        recount.settles_at = None
        audit.record(
            recount.organization_id, "clocks.recounted", actor_id=recount.asked_by_id, cause=recount.cause,
            calendar=recount.calendar_id, policy=recount.policy_id, version=recount.version, seen=recount.seen,
            moved=recount.moved,
        )  # fmt: skip
    recount.save()


def cases_of(recount: ClockRecount) -> tuple[str, dict[str, Any]]:
    """The clause and its parameters for the cases a recount has still to look at."""
    asked = {"org": recount.organization_id, "reached": recount.reached, "open": OPEN}
    if recount.calendar_id is None:
        return OF_PRIORITY, asked | {"priority": recount.priority}
    return OF_CALENDAR, asked | {"calendar": recount.calendar_id}


def count_cases(recount: ClockRecount) -> int:
    """How many cases it has still to look at."""
    clause, asked = cases_of(recount)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {clause}", asked)
        return cursor.fetchone()[0]


def first_cases(recount: ClockRecount, limit: int) -> list[int]:
    """The next cases it looks at, in order."""
    clause, asked = cases_of(recount)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t.id {clause} ORDER BY t.id LIMIT {limit}", asked)
        return [row[0] for row in cursor.fetchall()]


def with_customers(ids: list[int]) -> list[Ticket]:
    """These cases with what chooses their policy."""
    return list(Ticket.objects.filter(pk__in=ids).select_related("customer").order_by("pk"))


def _lock_cases(recount: ClockRecount) -> list[int]:
    """The next cases, locked first and in order as by every writer."""
    clause, asked = cases_of(recount)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t.id {clause} ORDER BY t.id LIMIT {BATCH} FOR UPDATE OF t", asked)
        return [row[0] for row in cursor.fetchall()]


def _move(recount: ClockRecount, ids: list[int]) -> list[int]:
    """Count the clocks of these cases anew and write them; the case of every clock that moved or began."""
    forget_rules()
    forget_legal_rules()
    tickets, measures, now = with_customers(ids), measures_of(recount.organization), clock.now()
    found = count_anew(measures, tickets, now=now)
    for one in found:
        if one.row.due_at != one.former:
            one.row.why["moved"] = _moved(one, recount, now)
    write_dated(recount.organization_id, found)
    begun = begin_owed(measures, tickets) if recount.calendar_id is None else []
    moved = [one.ticket_id for one in found if one.is_moved] + begun
    place_all(recount.organization_id, sorted(set(moved)))
    return moved


def _moved(one: Dated, recount: ClockRecount, now: datetime) -> dict[str, Any]:
    """What is added to what explains the clock: from when it moved, when and by whom that was done."""
    return {
        "from": one.former.isoformat(),
        "at": now.isoformat(),
        "by": recount.asked_by_id,
        "cause": recount.cause,
    }
