"""Clocks of one case: met by answers, stopped while we wait, started again; and the case's place in the queue."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Min

from helpdesk import clock as house_clock
from tickets.cases.models import Conversation, Message, Ticket
from tickets.clocks.domain.terms import rules_by_account
from tickets.clocks.models import Clock, Wait
from tickets.clocks.rules import FAR, ClockRow, TimeRules
from tickets.enums import ClockKind, Direction, TicketState


def running(ticket: Ticket) -> list[Clock]:
    """The clocks of a case that are neither met nor cancelled."""
    return list(
        Clock.objects.filter(
            organization_id=ticket.organization_id, ticket=ticket, met_at=None, cancelled_at=None
        )
    )


def place_in_queue(ticket: Ticket) -> None:
    """Set what the queue is ordered by from the running clocks; saves nothing."""
    clocks = [clock for clock in running(ticket) if clock.paused_at is None]
    first = min(clocks, key=lambda clock: clock.due_at, default=None)
    ticket.next_deadline_at = first.due_at if first else None
    ticket.next_clock_kind = first.kind if first else ""
    ticket.queue_at = first.due_at if first else FAR
    ticket.is_overdue = any(clock.breached_at for clock in clocks)


def answered(ticket: Ticket, at: datetime) -> None:
    """Our answer was really sent at that instant: first and next response are met. Saves the ticket."""
    Clock.objects.filter(
        organization_id=ticket.organization_id,
        ticket=ticket,
        kind__in=[ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE],
        met_at=None,
        cancelled_at=None,
        started_at__lte=at,
    ).update(met_at=at)
    ticket.first_sent_at = min(ticket.first_sent_at or at, at)
    ticket.last_sent_at = max(ticket.last_sent_at or at, at)
    _count_unanswered(ticket)
    if ticket.state == TicketState.NEW:
        ticket.state = TicketState.OPEN
    place_in_queue(ticket)
    ticket.version += 1
    ticket.save()


def _count_unanswered(ticket: Ticket) -> None:
    """What our last answer leaves unanswered: a question may have come in between sending and knowing of it."""
    last = ticket.last_sent_at
    ticket.unanswered_since, ticket.unanswered_count = None, 0
    if last is None or ticket.last_asked_at is None or ticket.last_asked_at <= last:
        return
    asked = Message.objects.filter(
        organization_id=ticket.organization_id, ticket=ticket, direction=Direction.IN, is_courtesy=False
    ).filter(occurred_at__gt=last)
    found = asked.aggregate(since=Min("occurred_at"), count=Count("id"))
    if found["since"] is not None:
        ticket.unanswered_since, ticket.unanswered_count = found["since"], found["count"]
        restart(ticket, [ClockKind.NEXT_RESPONSE], found["since"])


def stop_all(ticket: Ticket, at: datetime) -> None:
    """The case is resolved: its resolution is met, everything else is cancelled."""
    clocks = Clock.objects.filter(
        organization_id=ticket.organization_id, ticket=ticket, met_at=None, cancelled_at=None
    )
    kept = [ClockKind.RESOLUTION, ClockKind.COMMITMENT]
    clocks.filter(kind__in=kept).update(met_at=at)
    clocks.exclude(kind__in=kept).update(cancelled_at=at)
    Wait.objects.filter(organization_id=ticket.organization_id, ticket=ticket, ended_at=None).update(
        ended_at=at
    )


def restart(ticket: Ticket, kinds: list[ClockKind], at: datetime) -> None:
    """Start the clocks of these kinds that the case's priority owes and that do not run yet."""
    rules = rules_for(ticket)
    present = {clock.kind for clock in running(ticket)}
    rows = [rules.start(kind, ticket.priority, at) for kind in kinds if kind.value not in present]
    Clock.objects.bulk_create(
        Clock(
            organization_id=ticket.organization_id,
            ticket=ticket,
            kind=row.kind,
            started_at=row.started_at,
            due_at=row.due_at,
            warn_at=row.warn_at,
            why=row.why,
        )
        for row in rows
        if row is not None
    )


def move_start(ticket: Ticket, former: datetime, at: datetime) -> None:
    """The case began at another instant: the running clocks that counted from its beginning count from then."""
    if former == at:
        return
    for clock in running(ticket):
        if clock.started_at == former and clock.kind in (ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION):
            _restart_from(ticket, clock, at)


def move_next(ticket: Ticket, since: datetime | None) -> None:
    """The oldest unanswered question is another one, or none is left: the next answer is owed from then."""
    for clock in running(ticket):
        if clock.kind != ClockKind.NEXT_RESPONSE:
            continue
        if since is None:
            Clock.objects.filter(pk=clock.pk).update(cancelled_at=house_clock.now())
        elif since != clock.started_at:
            _restart_from(ticket, clock, since)


def _restart_from(ticket: Ticket, clock: Clock, at: datetime) -> None:
    row = ClockRow(ClockKind(clock.kind), clock.started_at, clock.due_at, clock.warn_at, clock.why)
    rules_for(ticket).move(row, at)
    Clock.objects.filter(pk=clock.pk).update(
        started_at=row.started_at, due_at=row.due_at, warn_at=row.warn_at, breached_at=None
    )


def pause(ticket: Ticket, *, reason: str, at: datetime) -> None:
    """We wait for somebody else: a row says for whom and since when, and the clocks stop.

    Not the commitment: a date promised to a customer does not move because we wait.
    """
    Wait.objects.create(organization_id=ticket.organization_id, ticket=ticket, reason=reason, started_at=at)
    Clock.objects.filter(
        organization_id=ticket.organization_id, ticket=ticket, met_at=None, cancelled_at=None, paused_at=None
    ).exclude(kind=ClockKind.COMMITMENT).update(paused_at=at)


def resume(ticket: Ticket, at: datetime) -> None:
    """The wait is over: each clock goes on with the time it had left."""
    Wait.objects.filter(organization_id=ticket.organization_id, ticket=ticket, ended_at=None).update(
        ended_at=at
    )
    rules = rules_for(ticket)
    for clock in running(ticket):
        row = ClockRow(
            ClockKind(clock.kind),
            clock.started_at,
            clock.due_at,
            clock.warn_at,
            clock.why,
            paused_at=clock.paused_at,
        )
        rules.resume(row, at)
        clock.due_at, clock.warn_at, clock.paused_at = row.due_at, row.warn_at, None
        clock.save(update_fields=["due_at", "warn_at", "paused_at"])


def rules_for(ticket: Ticket) -> TimeRules:
    """The time rules of the account the case came in by."""
    rules = rules_by_account(ticket.organization_id)
    threads = Conversation.objects.filter(organization_id=ticket.organization_id).order_by("id")
    account_id = threads.filter(current_ticket=ticket).values_list("account_id", flat=True).first()
    if account_id is None:
        # Its thread goes on in another case: what was said in it says where it came in.
        said = Message.objects.filter(organization_id=ticket.organization_id, ticket=ticket)
        account_id = said.order_by("id").values_list("conversation__account_id", flat=True).first()
    return rules.get(account_id or 0) or next(iter(rules.values()))
