"""What one more call, or news of another system, does to a case that is already there. Inside ``tenant``."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from helpdesk import audit
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.text import excerpt
from tickets.cases.domain.classifying import NotTypified
from tickets.cases.models import Filing, Ticket
from tickets.clocks.domain import marks
from tickets.clocks.domain.legal import move_receipt
from tickets.commitments.domain.promising import promised_elsewhere
from tickets.enums import ClockKind, TicketState
from tickets.intake.asked import Asked
from tickets.replies.domain import casework, spoken
from tickets.replies.domain.filing import file_if_ruled


def must_be_there(organization: Organization, ticket_id: int) -> None:
    """Raise ``ValueError`` when there is no such case in the organization."""
    cases = Ticket.objects.filter(organization=organization, pk=ticket_id)
    if not cases.exclude(state=TicketState.JOINED).exists():
        raise ValueError("no such case")


def follow_up(
    ticket_id: int,
    asked: Asked,
    *,
    by: Membership | None,
    is_said: bool,
    source: str,
    is_theirs: bool = False,
) -> None:
    """Hear it if the customer said something, keep the promised date, record what we answered, resolve.

    A case whose motive nobody has said yet stays open: who wrote it down is told to say it.

    The words may make it a PQR that is filed.
    ``is_theirs``: another system says so, whoever handed its rows over; what a case it closed was about is its
    to know. ``source``: of the promised date, as ``promised_elsewhere`` takes it.
    """
    ticket = casework.lock(ticket_id)
    if is_said:
        if not ticket.is_open:
            _reopen(ticket, asked.happened_at, by=by)
        _hear(ticket, asked)
        file_if_ruled(ticket, by=by, cause="receipt")
    if asked.due_at is not None and ticket.is_open:
        promised_elsewhere(
            ticket, asked.due_at, since=asked.happened_at, by=by, source=source, what=asked.answer
        )
    marks.place_in_queue(ticket)
    ticket.version += 1
    ticket.save()
    if asked.answer:
        spoken.record_answer(ticket, by=by, text=asked.answer, at=asked.happened_at)
    if asked.is_resolved:
        with suppress(NotTypified):
            casework.resolve(casework.lock(ticket_id), by=None if is_theirs else by)


def _reopen(ticket: Ticket, at: datetime, *, by: Membership | None) -> None:
    """It was the customer's word that opened it again, whoever wrote it down: the line says so, and is counted."""
    ticket.state, ticket.resolved_at = TicketState.OPEN, None
    ticket.reopened_count += 1
    marks.restart(ticket, [ClockKind.RESOLUTION], at)
    audit.record(
        ticket.organization_id,
        "ticket.reopened",
        actor_id=by.pk if by else None,
        ticket_id=ticket.pk,
        by="customer",
    )


def _hear(ticket: Ticket, asked: Asked) -> None:
    """The clocks run again if they waited; the earliest receipt wins."""
    at = asked.happened_at
    go_on(ticket, at)
    if at < ticket.opened_at:
        former, ticket.opened_at = ticket.opened_at, at
        marks.move_start(ticket, former, at)
        move_receipt(ticket, at)
        Filing.objects.filter(ticket=ticket, radicado=ticket.radicado, received_at__gt=at).update(
            received_at=at
        )
    wait_for_us(ticket, at)
    if at >= ticket.last_at:
        ticket.last_at, ticket.last_text = at, excerpt(asked.text, 160)
        ticket.channel = asked.door.conversation


def go_on(ticket: Ticket, at: datetime) -> None:
    """The customer spoke: clocks that waited for them run again. Saves nothing of the case, which is held."""
    if ticket.state == TicketState.WAITING_CUSTOMER:
        ticket.state = TicketState.OPEN
        marks.resume(ticket, at)


def wait_for_us(ticket: Ticket, at: datetime) -> None:
    """What the customer said then is owed an answer, if none was written since. Saves nothing of the case."""
    ticket.last_asked_at = max(ticket.last_asked_at or at, at)
    if ticket.answered_until is not None and at <= ticket.answered_until:
        return
    ticket.unanswered_since = min(ticket.unanswered_since or at, at)
    ticket.unanswered_count += 1
    if ticket.first_sent_at is not None:
        marks.restart(ticket, [ClockKind.NEXT_RESPONSE], ticket.unanswered_since)
