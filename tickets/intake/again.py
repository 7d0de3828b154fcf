"""What one more call or visit does to a case that is already there, and what we answered in it. Inside ``tenant``."""

from __future__ import annotations

from datetime import datetime

from helpdesk.tenancy.models import Membership, Organization
from helpdesk.text import excerpt
from tickets.cases.models import Ticket
from tickets.clocks.domain import marks
from tickets.enums import ClockKind, TicketState
from tickets.intake.asked import Asked
from tickets.replies.domain import casework, spoken


def must_be_there(organization: Organization, ticket_id: int) -> None:
    """Raise ``ValueError`` when there is no such case in the organization."""
    if not Ticket.objects.filter(organization=organization, pk=ticket_id).exists():
        raise ValueError("no such case")


def follow_up(ticket_id: int, asked: Asked, *, by: Membership | None) -> None:
    """Hear it, record what we answered, and resolve when that was the end of it."""
    ticket = casework.lock(ticket_id)
    if asked.ticket_id is not None:
        _hear(ticket, asked)
    if asked.answer:
        spoken.record_answer(ticket, by=by, text=asked.answer, at=asked.happened_at)
    if asked.is_resolved:
        casework.resolve(casework.lock(ticket_id), by=by)


def _hear(ticket: Ticket, asked: Asked) -> None:
    """The clocks run again if they waited; the earliest receipt and the strictest promise win."""
    at = asked.happened_at
    if not ticket.is_open:
        ticket.state, ticket.resolved_at = TicketState.OPEN, None
        ticket.reopened_count += 1
        marks.restart(ticket, [ClockKind.RESOLUTION], at)
    elif ticket.state == TicketState.WAITING_CUSTOMER:
        ticket.state = TicketState.OPEN
        marks.resume(ticket, at)
    if at < ticket.opened_at:
        former, ticket.opened_at = ticket.opened_at, at
        marks.move_start(ticket, former, at)
    if asked.due_at is not None:
        marks.promise(ticket, asked.due_at, since=at)
    _wait_for_us(ticket, at)
    if at >= ticket.last_at:
        ticket.last_at, ticket.last_text = at, excerpt(asked.text, 160)
        ticket.channel = asked.door.conversation
    marks.place_in_queue(ticket)
    ticket.version += 1
    ticket.save()


def _wait_for_us(ticket: Ticket, at: datetime) -> None:
    ticket.last_asked_at = max(ticket.last_asked_at or at, at)
    if ticket.last_sent_at is not None and at <= ticket.last_sent_at:
        return
    ticket.unanswered_since = min(ticket.unanswered_since or at, at)
    ticket.unanswered_count += 1
    if ticket.first_sent_at is not None:
        marks.restart(ticket, [ClockKind.NEXT_RESPONSE], ticket.unanswered_since)
