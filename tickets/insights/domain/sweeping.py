"""Marks become figures: what changed is counted anew, a few days a turn; ended months are closed. Inside ``tenant``.

Marks are taken away in the transaction that counts: killed at any moment, they are there again, and what was counted
is as before. A change that commits meanwhile has its own marks, which the statement that took these did not see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from helpdesk.tenancy.models import Organization
from tickets.insights.domain.counting import adjust_day, put_days, stretches
from tickets.insights.domain.hours import lay_out
from tickets.insights.enums import Cut
from tickets.insights.models import DayFigure, FigureMark, FigureState
from tickets.insights.rules.periods import closed_until

# Days counted in one transaction: some seconds at the most, for the largest organization there is to measure.
TURN = 40
NEVER_CLOSED = date(1990, 1, 1)

# The days that the marks of the organization are about; `ticket` ones wherever something of the case is counted.
MARKED = """
WITH mark AS (DELETE FROM tickets_figuremark WHERE organization_id = %(org)s RETURNING at, day, ticket_id),
kase AS (SELECT DISTINCT ticket_id AS id FROM mark WHERE ticket_id IS NOT NULL), moment AS (
    SELECT at FROM mark WHERE at IS NOT NULL
    UNION SELECT t.opened_at FROM kase k JOIN tickets_ticket t ON t.organization_id = %(org)s AND t.id = k.id
    UNION SELECT m.occurred_at FROM kase k JOIN tickets_message m
        ON m.organization_id = %(org)s AND m.ticket_id = k.id AND m.direction = 'in'
    UNION SELECT unnest(ARRAY[c.met_at, CASE WHEN coalesce(c.met_at > c.due_at, c.breached_at IS NOT NULL)
        THEN c.due_at END]) FROM kase k JOIN tickets_clock c ON c.organization_id = %(org)s AND c.ticket_id = k.id
    UNION SELECT p.settled_at FROM kase k JOIN tickets_commitment p
        ON p.organization_id = %(org)s AND p.ticket_id = k.id
    UNION SELECT unnest(ARRAY[x.asked_at, x.answered_at]) FROM kase k JOIN tickets_aftercontact x
        ON x.organization_id = %(org)s AND x.ticket_id = k.id
    UNION SELECT a.at FROM kase k JOIN helpdesk_auditevent a ON a.organization_id = %(org)s AND a.ticket_id = k.id
        AND a.action IN ('ticket.reopened', 'ticket.assigned')
)
SELECT DISTINCT (at AT TIME ZONE %(zone)s)::date FROM moment WHERE at IS NOT NULL
UNION SELECT day FROM mark WHERE day IS NOT NULL
UNION SELECT NULL FROM mark WHERE at IS NULL AND day IS NULL AND ticket_id IS NULL
"""
# The first day on which anything is counted.
FIRST = """
SELECT min(at) FROM (
    (SELECT occurred_at AS at FROM tickets_message WHERE organization_id = %(org)s AND direction = 'in'
     ORDER BY occurred_at LIMIT 1)
    UNION ALL (SELECT opened_at FROM tickets_ticket WHERE organization_id = %(org)s ORDER BY opened_at LIMIT 1)
) earliest
"""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a turn did: days counted, and days of closed months that are different now; whether marks are left."""

    days: int
    adjusted: int
    is_left: bool


@transaction.atomic
def sweep(organization: Organization, *, now: datetime, turn: int = TURN) -> Swept | None:
    """Count what is marked; None when another process is at it."""
    state = state_of(organization, now=now)
    if state is None:
        return None
    lay_out(organization, now=now)
    today = now.astimezone(ZoneInfo(organization.timezone)).date()
    days = marked_days(organization, today)
    todo, left = days[:turn], days[turn:]
    FigureMark.objects.bulk_create([FigureMark(organization=organization, day=day) for day in left])
    for first, last in stretches([day for day in todo if not state.is_closed(day)]):
        put_days(organization, first, last)
    adjusted = sum(adjust_day(organization, day) for day in todo if state.is_closed(day))
    if not left:
        # Only when nothing is waiting: what is closed is what was known by then.
        close_months(state, today)
    if todo:
        state.swept_at = now
    state.save()
    return Swept(len(todo), adjusted, bool(left))


def close_months(state: FigureState, today: date) -> None:
    """Close the months that are over, from the first one with anything in it; saves nothing."""
    until = closed_until(today)
    if state.closed_from is None:
        days = DayFigure.objects.filter(organization_id=state.organization_id, cut=Cut.ALL, day__lt=until)
        first = days.order_by("day").values_list("day", flat=True).first()
        state.closed_from = first.replace(day=1) if first else None
    state.closed_until = max(state.closed_until, until)


def state_of(organization: Organization, *, now: datetime, waits: bool = False) -> FigureState | None:
    """The organization's row, locked; made when there is none, and then everything is counted.

    None when another process has it, unless it ``waits``.
    """
    rows = FigureState.objects.filter(organization=organization)
    if not rows.exists():
        new = FigureState(organization=organization, closed_until=NEVER_CLOSED, swept_at=now)
        FigureState.objects.bulk_create([new], ignore_conflicts=True)
        FigureMark.objects.create(organization=organization)
    return rows.select_for_update(skip_locked=not waits).first()


def marked_days(organization: Organization, today: date) -> list[date]:
    """Take the marks; the days they are about, the latest first: they are the ones that are looked at."""
    with connection.cursor() as cursor:
        cursor.execute(MARKED, {"org": organization.pk, "zone": organization.timezone})
        days = {row[0] for row in cursor.fetchall()}
    if None in days:
        days = days - {None} | set(every_day(organization, today))
    return sorted(days, reverse=True)


def every_day(organization: Organization, today: date) -> list[date]:
    """From the first day on which anything is counted to today."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST, {"org": organization.pk})
        first = cursor.fetchone()[0]
    if first is None:
        return []
    day = first.astimezone(ZoneInfo(organization.timezone)).date()
    return [day + timedelta(days=n) for n in range((today - day).days + 1)]
