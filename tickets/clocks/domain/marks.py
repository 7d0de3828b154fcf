"""Clocks of one case: met by answers, stopped while we wait, started again; and the case's place in the queue."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Min

from helpdesk import clock as house_clock
from tickets.cases.models import Conversation, Message, Ticket
from tickets.clocks.domain.terms import reopen_until, rules_at
from tickets.clocks.models import Clock, Wait
from tickets.clocks.rules import FAR, NEVER_PAUSED, About, ClockRow, TimeRules
from tickets.enums import ClockKind, Direction, TicketState

# «Pendiente del cliente»: one reminder, then closing (care.md, finding 19).
CUSTOMER, OFFER = "customer", "offer"
REMIND_AFTER, CLOSE_BUSINESS_DAYS, FILED_CLOSES_AFTER = timedelta(hours=24), 5, timedelta(days=30)
# What a clock is, as plain data and as a row.
ROW_FACTS = (
    "started_at", "due_at", "warn_at", "alarms", "warned", "why", "met_at", "breached_at", "paused_at",
    "cancelled_at",
)  # fmt: skip

# As `place_in_queue`, for many.
PLACE = """
UPDATE tickets_ticket t SET next_deadline_at = n.due_at, next_clock_kind = coalesce(n.kind, ''),
    queue_at = coalesce(n.due_at, %(far)s), is_overdue = coalesce(n.is_late, false), version = t.version + 1
FROM unnest(%(tickets)s) AS k(id) LEFT JOIN LATERAL (
    SELECT c.due_at, c.kind, bool_or(c.breached_at IS NOT NULL) OVER () AS is_late FROM tickets_clock c
    WHERE c.organization_id = %(org)s AND c.ticket_id = k.id AND c.met_at IS NULL AND c.cancelled_at IS NULL
    AND c.paused_at IS NULL ORDER BY c.due_at LIMIT 1) n ON true
WHERE t.organization_id = %(org)s AND t.id = k.id
"""


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


def place_all(organization_id: int, tickets: list[int]) -> None:
    """The same for many cases at once, saved, each one version further."""
    if tickets:
        with connection.cursor() as cursor:
            cursor.execute(PLACE, {"org": organization_id, "tickets": tickets, "far": FAR})


def answered(ticket: Ticket, at: datetime, *, written_at: datetime | None = None) -> None:
    """Our answer was really sent at that instant: what it was owed for is met, the next news are owed from it.

    It answers what was said until ``written_at`` (``at``, if it was written then). Saves the ticket.
    """
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
    until = min(written_at or at, at)
    ticket.answered_until = max(ticket.answered_until or until, until)
    _count_unanswered(ticket)
    if ticket.state == TicketState.NEW:
        ticket.state = TicketState.OPEN
    if ticket.is_open and ticket.last_sent_at == at:
        _owe_news(ticket, at)
    place_in_queue(ticket)
    ticket.version += 1
    ticket.save()


def _owe_news(ticket: Ticket, at: datetime) -> None:
    """From the last answer on, the next news are owed. News that came in time leave no row of their own."""
    clock = next((one for one in running(ticket) if one.kind == ClockKind.UPDATE), None)
    if clock is not None and at > clock.started_at:
        if clock.breached_at is None:
            _restart_from(ticket, clock, at)
            return
        Clock.objects.filter(pk=clock.pk).update(met_at=at)
    restart(ticket, [ClockKind.UPDATE], at)


def _count_unanswered(ticket: Ticket) -> None:
    """What our answers leave unanswered: a question may have come in since the last of them was written."""
    last = ticket.answered_until
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
    # The law is not satisfied by our having resolved it: only by the definitive answer, once notified.
    clocks.exclude(kind__in=[*kept, ClockKind.LEGAL]).update(cancelled_at=at)
    Wait.objects.filter(organization_id=ticket.organization_id, ticket=ticket, ended_at=None).update(
        ended_at=at
    )


def restart(ticket: Ticket, kinds: list[ClockKind], at: datetime) -> None:
    """Start the clocks of these kinds that the case's priority owes and that do not run yet."""
    rules, about = rules_for(ticket), about_of(ticket)
    present = {clock.kind for clock in running(ticket)}
    rows = [rules.start(kind, ticket.priority, at, about) for kind in kinds if kind.value not in present]
    is_waiting = ticket.state == TicketState.WAITING_CUSTOMER
    for row in filter(None, rows):
        row.paused_at = at if is_waiting else None
        begin(ticket, row)


def begin(ticket: Ticket, row: ClockRow) -> Clock:
    """Write a clock down; the one of its kind that runs must have been met or cancelled."""
    clock = Clock(organization_id=ticket.organization_id, ticket=ticket, kind=row.kind)
    put(clock, row)
    clock.save(force_insert=True)
    return clock


def row_of(clock: Clock) -> ClockRow:
    """A stored clock as plain data."""
    facts = {name: getattr(clock, name) for name in ROW_FACTS}
    return ClockRow(kind=ClockKind(clock.kind), id=clock.pk, **facts | {"alarms": tuple(clock.alarms)})


def facts_of(row: ClockRow) -> dict[str, Any]:
    """Plain data as the columns of a stored clock."""
    return {name: getattr(row, name) for name in ROW_FACTS} | {"alarms": list(row.alarms)}


def put(clock: Clock, row: ClockRow) -> None:
    """Plain data back into a stored clock; saves nothing."""
    for name, value in facts_of(row).items():
        setattr(clock, name, value)


def about_of(ticket: Ticket) -> About:
    """What of a case chooses its policy."""
    return About(ticket.kind, ticket.customer.tier_id)


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
    row = row_of(clock)
    rules_for(ticket).move(row, at)
    put(clock, row)
    clock.save(update_fields=ROW_FACTS)


def suspend(ticket: Ticket, term: Clock, at: datetime, *, reason: str = CUSTOMER) -> None:
    """The law lets the term stand still while we wait for the customer. The case waits for them too; not saved."""
    if ticket.state != TicketState.WAITING_CUSTOMER:
        ticket.state = TicketState.WAITING_CUSTOMER
        pause(ticket, reason=reason, at=at)
    Clock.objects.filter(pk=term.pk).update(paused_at=at)


def pause(ticket: Ticket, *, reason: str, at: datetime) -> None:
    """We wait for somebody else: a row says for whom and since when, and the clocks stop.

    Not the commitment, nor the term of the law: they do not move because we wait.
    """
    wait = Wait(organization_id=ticket.organization_id, ticket=ticket, reason=reason, started_at=at)
    if reason in (CUSTOMER, OFFER):
        wait.next_at, wait.close_at = steps_of_wait(ticket, at, reason)
    wait.save(force_insert=True)
    Clock.objects.filter(
        organization_id=ticket.organization_id, ticket=ticket, met_at=None, cancelled_at=None, paused_at=None
    ).exclude(kind__in=NEVER_PAUSED).update(paused_at=at)


def steps_of_wait(ticket: Ticket, at: datetime, reason: str = CUSTOMER) -> tuple[datetime, datetime]:
    """When the customer is reminded, while the account attends; and when the case is closed without their answer.

    Five business days; a filed one waits the month the law gives a person to complete what they asked (CO, art. 17).
    An offer that nobody answered in five business days is none, and the term goes on (PE, DS 101-2022).
    """
    rules = rules_for(ticket)
    remind_at = rules.next_opening(at + REMIND_AFTER)
    if ticket.radicado is not None and reason != OFFER:
        return remind_at, at + FILED_CLOSES_AFTER
    return remind_at, reopen_until(at, CLOSE_BUSINESS_DAYS, [rules])


def resume(ticket: Ticket, at: datetime) -> None:
    """The wait is over: each clock goes on with the time it had left."""
    Wait.objects.filter(organization_id=ticket.organization_id, ticket=ticket, ended_at=None).update(
        ended_at=at
    )
    rules = rules_for(ticket)
    for clock in running(ticket):
        if clock.paused_at is not None:
            row = row_of(clock)
            rules.resume(row, at)
            put(clock, row)
            clock.save(update_fields=ROW_FACTS)


def rules_for(ticket: Ticket) -> TimeRules:
    """The time rules of the account the case came in by. Raises ``LookupError`` where no account has any."""
    threads = Conversation.objects.filter(organization_id=ticket.organization_id).order_by("id")
    account_id = threads.filter(current_ticket=ticket).values_list("account_id", flat=True).first()
    if account_id is None:
        # Its thread goes on in another case: what was said in it says where it came in.
        said = Message.objects.filter(organization_id=ticket.organization_id, ticket=ticket)
        account_id = said.order_by("id").values_list("conversation__account_id", flat=True).first()
    rules = rules_at(ticket.organization_id, account_id)
    if rules is None:
        raise LookupError("no account of the organization has time rules")
    return rules
