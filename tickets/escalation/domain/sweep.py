"""Looks, for all organizations at once, what must be escalated, called about, passed on or is over. As the worker."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import groupby
from time import monotonic

from django.db import connection, transaction

from channels_social.enums import AccountState, ActionState, Purpose
from channels_social.models import OutboundAction, SocialAccount
from helpdesk import clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership, Organization
from tickets.cases.models import Message, Ticket
from tickets.enums import OPEN_STATES, Priority
from tickets.escalation.domain import articles
from tickets.escalation.domain.alarms import end, pass_on, raise_alarm
from tickets.escalation.domain.applying import Escalation
from tickets.escalation.domain.attending import is_closed
from tickets.escalation.domain.watching import supervisors
from tickets.escalation.enums import AlarmKind
from tickets.escalation.models import Alarm, EscalationStep
from tickets.team.rules.approval import FIRST

LIMIT = 500
# Seconds that marks are gone through before intake gets its turn.
TURN_S = 3.0
# Nothing was read so long (care.md 5): by day, and while the account is closed.
SILENT_OPEN, SILENT_CLOSED = timedelta(minutes=15), timedelta(minutes=60)
# What happened longer ago than this is not news: the worker was away.
STALE = timedelta(hours=12)
Found = dict[int, list[int]]


def sweep_escalation(*, seconds: float = TURN_S) -> Found:
    """Everything once; the cases that changed, by organization. Twice at the same instant changes nothing more.

    Marks are gone through in their order, some hundreds of an organization in a transaction; after ``seconds`` the
    rest waits for the next call, so that intake gets its turn.
    """
    touched: Found = defaultdict(list)
    after, end = 0, monotonic() + seconds
    while monotonic() < end and (marks := _next_marks(after)):
        after = marks[-1][1]
        for organization_id, group in groupby(sorted(marks), key=lambda mark: mark[0]):
            with tenant(organization_id):
                touched[organization_id] += _steps(organization_id, [pk for _org, pk in group])
    _each(
        "SELECT organization_id, id FROM tickets_alarm WHERE pass_at <= %(now)s AND acked_at IS NULL "
        "AND ended_at IS NULL ORDER BY pass_at",
        _pass,
        touched,
    )
    return {organization: sorted(set(cases)) for organization, cases in touched.items() if cases}


def sweep_silence() -> None:
    """Channels nobody reads, critical cases everybody left, answers nobody approves, alarms that are over."""
    for organization in Organization.objects.all():
        with tenant(organization.pk):
            now = clock.now()
            _silent(organization, now)
            _left_alone(organization, now)
            _unapproved(organization, now)
            _over(organization, now)


def _each(sql: str, act: Callable[[Organization, int], list[int]], touched: Found) -> None:
    """Do one thing for each row of a queue, each in its own transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT {LIMIT}", {"now": clock.now()})
        rows = cursor.fetchall()
    organizations = Organization.objects.in_bulk({organization_id for organization_id, _pk in rows})
    for organization_id, pk in rows:
        with tenant(organization_id):
            touched[organization_id] += act(organizations[organization_id], pk)


def _next_marks(after: int) -> list[tuple[int, int]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT organization_id, id FROM tickets_escalationstep WHERE id > %s ORDER BY id LIMIT {LIMIT}",
            [after],
        )
        return cursor.fetchall()


def _steps(organization_id: int, wanted: list[int]) -> list[int]:
    """Marks of one organization: gone with what they made, in one transaction, so they make it once."""
    named = dict(EscalationStep.objects.filter(pk__in=wanted).values_list("pk", "ticket_id"))
    # The cases first and in order, as every writer locks them; one that somebody holds is left to the next look.
    rows = Ticket.objects.select_for_update(of=("self",), skip_locked=True).select_related("customer")
    cases = {ticket.pk: ticket for ticket in rows.filter(pk__in=set(named.values())).order_by("pk")}
    there = set(Ticket.objects.filter(pk__in=set(named.values()) - set(cases)).values_list("pk", flat=True))
    free = [pk for pk, ticket_id in named.items() if ticket_id not in there]
    steps = list(
        EscalationStep.objects.select_for_update(skip_locked=True).filter(pk__in=free).order_by("pk")
    )
    EscalationStep.objects.filter(pk__in=[step.pk for step in steps]).delete()
    organization = Organization.objects.get(pk=organization_id)
    escalation, stale = Escalation(organization), clock.now() - STALE
    for step in steps:
        ticket = cases.get(step.ticket_id)
        if ticket is None or not ticket.is_open or step.at < stale:
            continue
        if step.what != "critical":
            escalation.apply(ticket, step.what, str(step.pk))
        elif ticket.first_sent_at is None and not escalation.is_attended(ticket):
            escalation.call_watch(ticket)
    return escalation.write()


def _pass(_organization: Organization, pk: int) -> list[int]:
    alarm = Alarm.objects.filter(pk=pk).first()
    if alarm is not None:
        pass_on(alarm)
    return []


def _silent(organization: Organization, now: datetime) -> None:
    for account, since in _unread(organization):
        limit = SILENT_CLOSED if is_closed(organization.pk, account.pk, now) else SILENT_OPEN
        if now - since > limit:
            raise_alarm(
                organization, key=f"silent:{account.pk}:{since:%Y%m%d%H%M%S}", kind=AlarmKind.SILENT,
                account_id=account.pk, is_urgent=True,
            )  # fmt: skip


def _left_alone(organization: Organization, now: datetime) -> None:
    """Critical cases nobody has answered, and that nobody is there for any more: the watch is called once."""
    waiting = Ticket.objects.filter(
        organization=organization, priority=Priority.CRITICAL, state__in=OPEN_STATES, first_sent_at=None,
        unanswered_since__gt=now - STALE,
    ).order_by("unanswered_since")[:LIMIT]  # fmt: skip
    escalation = Escalation(organization)
    for ticket in waiting:
        if not escalation.is_attended(ticket):
            escalation.call_watch(ticket)
    escalation.write()


def _unread(organization: Organization) -> list[tuple[SocialAccount, datetime]]:
    """The accounts that should be read, and since when nothing was: none of their streams, or no valid permission."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, max(last_polled_at) FROM channels_social_pollcursor "
            "WHERE organization_id = %s AND last_polled_at IS NOT NULL GROUP BY account_id",
            [organization.pk],
        )
        polled = dict(cursor.fetchall())
    accounts = SocialAccount.objects.filter(organization=organization, pk__in=list(polled))
    accounts = accounts.exclude(purpose=Purpose.BY_HAND).exclude(state=AccountState.DISCONNECTED)
    return [
        (one, min(polled[one.pk], one.state_since) if not one.is_live else polled[one.pk]) for one in accounts
    ]


def _unapproved(organization: Organization, now: datetime) -> None:
    """Nobody approved it in five minutes: everybody who may is told."""
    actions = OutboundAction.objects.filter(
        organization=organization, state=ActionState.AWAITING_APPROVAL, created_at__lte=now - FIRST,
        created_at__gt=now - STALE,
    ).exclude(client_token__contains=":")[:LIMIT]  # fmt: skip
    said = {action.subject_id: action for action in actions}
    if not said:
        return
    able = supervisors(list(Membership.objects.filter(organization=organization, is_active=True)))
    for message in Message.objects.filter(pk__in=list(said), ticket__isnull=False):
        action = said[message.pk]
        to = [member for member in able if member.pk != action.created_by_id]
        raise_alarm(
            organization,
            key=f"approval:{action.pk}",
            kind=AlarmKind.APPROVAL,
            ticket_id=message.ticket_id,
            to=to,
        )


def _over(organization: Organization, now: datetime) -> None:
    """What an open alarm was about may have ended by itself."""
    unread = {account.pk: since for account, since in _unread(organization)}
    waiting = Alarm.objects.filter(organization=organization, acked_at=None, ended_at=None).select_related(
        "ticket"
    )
    for alarm in waiting.order_by("-id")[:LIMIT]:
        ticket = alarm.ticket
        if alarm.kind == AlarmKind.CRITICAL and ticket and (ticket.first_sent_at or not ticket.is_open):
            end(alarm, cause="answered")
        elif alarm.kind == AlarmKind.RULE and ticket and not ticket.is_open:
            end(alarm, cause="closed")
        elif alarm.what == articles.DUE and articles.is_settled(alarm):
            end(alarm, cause="renewed")
        elif alarm.kind == AlarmKind.APPROVAL and not _still_waits(alarm):
            end(alarm, cause="decided")
        elif alarm.kind == AlarmKind.SILENT:
            since = unread.get(alarm.account_id or 0)
            if since is None or since > alarm.raised_at:
                end(alarm, cause="heard")
        # What is about an incident ends where incidents are watched (``supervision``).
        elif alarm.kind != AlarmKind.INCIDENT and now - alarm.raised_at > timedelta(days=7):
            end(alarm, cause="old")


def _still_waits(alarm: Alarm) -> bool:
    pk = int(alarm.key.partition(":")[2])
    return OutboundAction.objects.filter(pk=pk, state=ActionState.AWAITING_APPROVAL).exists()
