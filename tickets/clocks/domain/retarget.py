"""What is owed changed, by another priority, kind or policy: running clocks get the new target, elapsed time stays.

A change of policy goes through the open cases in the background, a piece at a time; each piece is one transaction
that also says how far it came, so that a worker that dies costs nothing but the piece.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction
from psycopg2.extras import execute_values

from helpdesk import audit
from helpdesk import clock as house_clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership
from protocols.models import SlaPolicy
from tickets.cases.models import Ticket
from tickets.clocks.domain import marks
from tickets.clocks.domain.terms import RULES_AGE, forget_rules, rules_by_account
from tickets.clocks.models import Clock, Retargeting, Wait
from tickets.clocks.rules import OWED, TimeRules
from tickets.clocks.rules import Wait as WaitSpan
from tickets.enums import OPEN_STATES, ClockKind

PIECE = 500
# Until then a process may still open cases by the rules of before: they are looked at too.
SETTLED = timedelta(seconds=RULES_AGE + 2)
KINDS = [kind.value for kind in OWED]


def retarget_case(ticket: Ticket, rules: TimeRules | None = None) -> int:
    """Date the running clocks of a case by what is owed now; how many moved. The case is locked, and not saved."""
    if not ticket.is_open:
        return 0
    clocks = [one for one in marks.running(ticket) if one.kind in KINDS]
    spans = Wait.objects.filter(
        organization_id=ticket.organization_id, ticket=ticket, ended_at__isnull=False
    ).values_list("started_at", "ended_at")
    rules = rules or marks.rules_for(ticket)
    changed = _dated(ticket, clocks, rules, list(spans), house_clock.now())
    for clock in changed:
        clock.save(update_fields=marks.ROW_FACTS)
    begun = _owed_besides(ticket, {clock.kind for clock in clocks}, rules)
    return len(changed) + begun


def _dated(
    ticket: Ticket, clocks: Iterable[Clock], rules: TimeRules, waits: list[WaitSpan], now: datetime
) -> list[Clock]:
    """The clocks that are not as they were."""
    about, changed = marks.about_of(ticket), []
    for clock in clocks:
        row = marks.row_of(clock)
        rules.retarget(row, ticket.priority, about, now=now, waits=waits)
        if row.is_changed:
            marks.put(clock, row)
            changed.append(clock)
    return changed


def _owed_besides(ticket: Ticket, present: set[str], rules: TimeRules) -> int:
    """Start what the policy before owed nothing of, from when it would have begun."""
    since = {
        ClockKind.FIRST_RESPONSE: ticket.opened_at if ticket.first_sent_at is None else None,
        ClockKind.NEXT_RESPONSE: ticket.unanswered_since if ticket.first_sent_at else None,
        ClockKind.UPDATE: ticket.last_sent_at,
        ClockKind.RESOLUTION: ticket.opened_at if not ticket.reopened_count else None,
    }
    terms = rules.terms_for(ticket.priority, marks.about_of(ticket))
    owed = terms.minutes if terms else {}
    found = [(kind, at) for kind, at in since.items() if at and kind in owed and kind.value not in present]
    for kind, at in found:
        marks.restart(ticket, [kind], at)
    return len(found)


def ask_retargeting(policy: SlaPolicy, *, by: Membership | None) -> Retargeting:
    """Let the open cases of a policy's priority be looked at again, in the background. Inside ``tenant``."""
    open_cases = Ticket.objects.filter(
        organization_id=policy.organization_id, priority=policy.priority, state__in=OPEN_STATES
    )
    return Retargeting.objects.create(
        organization_id=policy.organization_id,
        policy=policy,
        version=policy.version,
        priority=policy.priority,
        asked_by=by,
        total=open_cases.count(),
    )


def work_piece() -> tuple[int, list[int]] | None:
    """Look at the next piece of the oldest change that is not through: ``(organization, cases that moved)``.

    As the worker. None when nothing waits; of two workers each takes its own.
    """
    with transaction.atomic():
        for job in (
            Retargeting.objects.filter(finished_at=None)
            .order_by("id")
            .select_for_update(skip_locked=True, of=("self",))
        ):
            with tenant(job.organization_id):
                moved = _work(job)
            if moved is not None:
                return job.organization_id, moved
        return None


def _work(job: Retargeting) -> list[int] | None:
    """The cases of the next piece that moved; None when there is nothing to do for now."""
    org = job.organization_id
    tickets = list(
        Ticket.objects.filter(
            organization_id=org, priority=job.priority, state__in=OPEN_STATES, pk__gt=job.last_ticket
        )
        .select_related("customer")
        .order_by("pk")
        .select_for_update(of=("self",))[:PIECE]
    )
    is_over = len(tickets) < PIECE and house_clock.now() - job.asked_at > SETTLED
    if not tickets and not is_over:
        return None
    moved = _move_all(org, tickets) if tickets else []
    job.looked += len(tickets)
    job.moved += sum(count for _ticket, count in moved)
    job.last_ticket = tickets[-1].pk if tickets else job.last_ticket
    if is_over:
        job.finished_at = house_clock.now()
        audit.record(
            org, "sla.retargeted", actor_id=job.asked_by_id, policy=job.policy_id, version=job.version,
            looked=job.looked, moved=job.moved,
        )  # fmt: skip
    job.save(update_fields=["looked", "moved", "last_ticket", "finished_at"])
    return [ticket for ticket, _count in moved]


def _move_all(org: int, tickets: list[Ticket]) -> list[tuple[int, int]]:
    """Date the clocks of many cases again in a few statements; ``(case, clocks that moved)`` where any did."""
    forget_rules()
    now, rules = house_clock.now(), rules_by_account(org)
    fallback, ids = next(iter(rules.values())), [ticket.pk for ticket in tickets]
    clocks, waits = _by_case(org, ids), _waits_by_case(org, ids)
    changed: list[Clock] = []
    moved: list[tuple[int, int]] = []
    for ticket in tickets:
        owed_by = rules.get(ticket.account_id or 0, fallback)
        found = _dated(ticket, clocks[ticket.pk], owed_by, waits[ticket.pk], now)
        begun = _owed_besides(ticket, {clock.kind for clock in clocks[ticket.pk]}, owed_by)
        changed += found
        if found or begun:
            moved.append((ticket.pk, len(found) + begun))
    _write(org, changed)
    _place(org, [ticket for ticket, _count in moved])
    return moved


def _by_case(org: int, ids: list[int]) -> dict[int, list[Clock]]:
    found: dict[int, list[Clock]] = defaultdict(list)
    running = Clock.objects.filter(
        organization_id=org, ticket_id__in=ids, met_at=None, cancelled_at=None, kind__in=KINDS
    )
    for clock in running:
        found[clock.ticket_id].append(clock)
    return found


def _waits_by_case(org: int, ids: list[int]) -> dict[int, list[WaitSpan]]:
    found: dict[int, list[WaitSpan]] = defaultdict(list)
    ended = Wait.objects.filter(organization_id=org, ticket_id__in=ids, ended_at__isnull=False)
    for ticket_id, start, end in ended.values_list("ticket_id", "started_at", "ended_at"):
        found[ticket_id].append((start, end))
    return found


_DATED = """
UPDATE tickets_clock AS c SET due_at = v.due::timestamptz, warn_at = v.warn::timestamptz,
    alarms = v.alarms::timestamptz[], warned = v.warned, why = v.why::jsonb, breached_at = v.breached::timestamptz,
    cancelled_at = v.cancelled::timestamptz
FROM (VALUES %s) AS v(org, id, due, warn, alarms, warned, why, breached, cancelled)
WHERE c.organization_id = v.org AND c.id = v.id
"""


def _write(org: int, clocks: list[Clock]) -> None:
    """One statement: what Django would write is a case distinction of a line per row and column."""
    rows = [
        (
            org, one.pk, one.due_at, one.warn_at, one.alarms, one.warned, json.dumps(one.why), one.breached_at,
            one.cancelled_at,
        )
        for one in clocks
    ]  # fmt: skip
    if rows:
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, _DATED, rows, page_size=2 * PIECE)


# The place of a case in the queue, from its running clocks, as `marks.place_in_queue` sets it for one.
_PLACE = """
UPDATE tickets_ticket AS t SET next_deadline_at = n.due_at, next_clock_kind = coalesce(n.kind, ''),
    queue_at = coalesce(n.due_at, '9999-01-01 00:00+00'), is_overdue = coalesce(n.late, false), version = version + 1
FROM unnest(%(ids)s) AS one(id)
LEFT JOIN LATERAL (
    SELECT c.due_at, c.kind, bool_or(c.breached_at IS NOT NULL) OVER () AS late FROM tickets_clock c
    WHERE c.organization_id = %(org)s AND c.ticket_id = one.id AND c.met_at IS NULL AND c.cancelled_at IS NULL
        AND c.paused_at IS NULL
    ORDER BY c.due_at LIMIT 1
) AS n ON true
WHERE t.organization_id = %(org)s AND t.id = one.id
"""


def _place(org: int, ids: list[int]) -> None:
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(_PLACE, {"org": org, "ids": ids})


def latest(organization_id: int) -> Retargeting | None:
    """The last change of policy and how far it came. Inside ``tenant``."""
    return Retargeting.objects.filter(organization_id=organization_id).order_by("-id").first()
