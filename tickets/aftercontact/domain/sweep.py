"""Looks for all organizations which cases are to be asked about; where a customer may not be, a person is told to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from time import monotonic

from django.db import connection, transaction

from channels_social.enums import ActionState
from helpdesk import audit, clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Organization
from tickets.aftercontact.domain.asking import Asking, ask_all, left_alone, way
from tickets.aftercontact.domain.planning import business_days, may_ask_now, moment_after, plan, policy_of
from tickets.aftercontact.models import AfterContact, AfterContactPolicy, Contact
from tickets.cases.models import Ticket
from tickets.enums import TicketState
from tickets.replies.domain.targets import threads_of

LIMIT = 500
# Seconds it works before intake gets its turn.
TURN_S = 3.0
# An account that cannot send at the moment is tried again then.
AGAIN = timedelta(hours=1)
# Nothing is asked of these any more.
OVER = (TicketState.JOINED, TicketState.NO_MOTIVE)
Told = dict[int, list[tuple[int, int]]]
_DUE = (
    "SELECT organization_id, id, ticket_id FROM tickets_aftercontact WHERE state = 'due' AND due_at <= %s "
    f"AND id <> ALL(%s) ORDER BY due_at LIMIT {LIMIT}"
)
_OVER = (
    "UPDATE tickets_aftercontact SET state = 'expired' WHERE organization_id = %s AND expires_at <= %s "
    "AND state IN ('asked', 'listed')"
)
_FAILED = (
    "UPDATE tickets_aftercontact a SET state = 'listed', code = 'failed' FROM tickets_message m "
    "WHERE a.organization_id = %s AND a.state = 'asked' AND m.organization_id = a.organization_id "
    "AND m.id = a.question_id AND m.send_state = ANY(%s)"
)


def sweep_after_contacts(*, seconds: float = TURN_S) -> Told:
    """Plan, ask what is due, end what nobody answered; ``(case, message or 0)`` by organization. As the worker.

    One indexed question finds what is due of all organizations; some hundreds of cases of one are asked about in a
    transaction, locked first as by every writer. One that somebody holds waits for the next round, and so does the
    rest after ``seconds``.
    """
    now = clock.now()
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with tenant(organization_id):
            plan(organization_id, now=now)
            _tidy(organization_id, now)
    told: Told = defaultdict(list)
    seen: list[int] = []
    end = monotonic() + seconds
    while monotonic() < end and (due := _due(now, seen)):
        seen += [row_id for _org, row_id, _ticket in due]
        for organization_id, group in groupby(due, key=lambda one: one[0]):
            with tenant(organization_id):
                told[organization_id] += _steps(
                    organization_id, {row: case for _org, row, case in group}, now
                )
    return {organization_id: pairs for organization_id, pairs in told.items() if pairs}


def _due(now: datetime, seen: list[int]) -> list[tuple[int, int, int]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_DUE, [now, seen])
        return sorted(cursor.fetchall())


def _tidy(organization_id: int, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_OVER, [organization_id, now])
        cursor.execute(_FAILED, [organization_id, [ActionState.FAILED.value, ActionState.CANCELLED.value]])


def _steps(organization_id: int, wanted: dict[int, int], now: datetime) -> list[tuple[int, int]]:
    """One step for each of these rows (row → case) of one organization, together."""
    found = Ticket.objects.filter(pk__in=wanted.values()).select_related("organization", "customer")
    locked = found.select_for_update(of=("self",), skip_locked=True).order_by("pk")
    cases = {ticket.pk: ticket for ticket in locked}
    rows = AfterContact.objects.filter(pk__in=wanted, ticket_id__in=list(cases), state=Contact.DUE)
    policy, days = policy_of(organization_id), business_days(organization_id)
    later: dict[datetime, list[int]] = defaultdict(list)
    over, free = [], []
    for row in rows.order_by("pk"):
        ticket = cases[row.ticket_id]
        if not policy.is_on or ticket.state in OVER or now >= row.expires_at:
            over.append(row.pk)
        elif not may_ask_now(policy, days, now=now):
            later[moment_after(now, 0, policy, days)].append(row.pk)
        elif ticket.state != TicketState.RESOLVED and _is_talking(ticket, row):
            later[moment_after(now, 1, policy, days)].append(row.pk)
        else:
            free.append((row, ticket))
    told = _ask_or_list(free, policy, later, now)
    for due_at, postponed in later.items():
        AfterContact.objects.filter(pk__in=postponed).update(due_at=due_at)
    AfterContact.objects.filter(pk__in=over).update(state=Contact.EXPIRED)
    return told


def _ask_or_list(
    free: list[tuple[AfterContact, Ticket]],
    policy: AfterContactPolicy,
    later: dict[datetime, list[int]],
    now: datetime,
) -> list[tuple[int, int]]:
    """Ask where there is a way, give a person what has none; an account that cannot send now is tried later."""
    asking, listed = [], defaultdict(list)
    tickets = [ticket for _row, ticket in free]
    threads, alone = threads_of(tickets), left_alone(tickets)
    for row, ticket in free:
        target, code = way(ticket, threads[ticket.pk], is_alone=ticket.customer_id in alone)
        if target is None:
            listed[code].append(row)
        elif target.account.is_live:
            asking.append(Asking(row, ticket, target))
        else:
            later[now + AGAIN].append(row.pk)
    for code, rows in listed.items():
        _list(rows, code)
    messages = ask_all(asking, policy, by=None)
    return [(row.ticket_id, 0) for rows in listed.values() for row in rows] + [
        (message.ticket_id or 0, message.pk) for message in messages
    ]


def _is_talking(ticket: Ticket, row: AfterContact) -> bool:
    """Answered, and yet something is left: whoever wrote since, or waits for us, is not asked whether it is solved."""
    last = ticket.last_asked_at
    return ticket.unanswered_since is not None or (last is not None and last > row.answered_since)


def _list(rows: Sequence[AfterContact], code: str) -> None:
    """A person is to ask, and why."""
    AfterContact.objects.filter(pk__in=[row.pk for row in rows]).update(state=Contact.LISTED, code=code)
    facts = [(row.ticket_id, {"code": code}) for row in rows]
    audit.record_all(rows[0].organization_id, "aftercontact.listed", facts)
