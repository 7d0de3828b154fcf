"""What a colleague does with a case besides answering: note, assign, classify, resolve, reopen, wait.

``by`` is None when another system does it; the audit line then names its key.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.select import Select
from helpdesk.text import clean
from tickets.cases.domain.classifying import require_typified
from tickets.cases.models import Note, Ticket
from tickets.clocks.domain import marks
from tickets.clocks.domain.retarget import retarget_case
from tickets.commitments.domain.promising import finish_all
from tickets.enums import ClockKind, PqrKind, TicketState
from tickets.replies.domain.filing import file_if_ruled
from tickets.replies.domain.reply import Refused
from tickets.replies.domain.teaching import teach_kind

_LOCKED = Select(Ticket, "organization", tail="WHERE t.id = %s FOR UPDATE OF t")
_NUMBERED = Select(
    Ticket, "organization", tail="WHERE t.number = %s AND t.joined_into_id IS NULL FOR UPDATE OF t"
)


@transaction.atomic
def add_note(ticket: Ticket, *, by: Membership | None, text: str) -> Note:
    """Say something among colleagues."""
    note = Note.objects.create(
        organization_id=ticket.organization_id, ticket=ticket, author=by, text=clean(text).strip()
    )
    _changed(ticket, "note.added", by, note=note.pk)
    return note


@transaction.atomic
def assign(ticket: Ticket, *, to: Membership | None, by: Membership | None, note: str = "") -> None:
    """Give the case to a member, or back to everybody.

    From one colleague to another is a transfer: it is counted, and says what is left to do. :class:`Refused`
    ``transfer_needs_note`` without ``note``; another system (``by`` is None) has its own.
    """
    former, ticket.assignee = ticket.assignee_id, to
    if former is not None and to is not None and former != to.pk:
        if by is not None and not note.strip():
            raise Refused("transfer_needs_note")
        ticket.transfers += 1
    if note.strip():
        Note.objects.create(
            organization_id=ticket.organization_id, ticket=ticket, author=by, text=clean(note).strip()
        )
    if ticket.state == TicketState.NEW and to is not None:
        ticket.state = TicketState.OPEN
    # Who gives it away may no longer see it.
    with whole():
        _changed(ticket, "ticket.assigned", by, former=former, to=to.pk if to else None)


@transaction.atomic
def change_kind(ticket: Ticket, *, kind: PqrKind, by: Membership | None, reason: str = "") -> None:
    """Correct the kind; the suggestion stays beside it. Filing follows by the organization's rule, never undone.

    Once filed, a reason is needed: :class:`Refused` ``kind_needs_reason`` without it. What it was filed as stays
    on the filing, and each change with its reason in the audit.
    """
    if ticket.radicado is not None and kind != ticket.kind and not reason.strip():
        raise Refused("kind_needs_reason")
    former, ticket.kind, ticket.kind_corrected_by = ticket.kind, kind.value, by
    if ticket.state != TicketState.JOINED:
        file_if_ruled(ticket, by=by, cause="kind")
        retarget_case(ticket)
    teach_kind(ticket, kind, by=by)
    _changed(ticket, "ticket.kind_changed", by, former=former, kind=kind.value, reason=reason.strip()[:200])


@transaction.atomic
def resolve(ticket: Ticket, *, by: Membership | None) -> bool:
    """We gave the answer. False when it already was resolved; raises ``NotTypified`` while a motive is owed.

    ``by`` is None when another system says so: what it is about is then that system's to know.
    """
    if not ticket.is_open:
        return False
    if by is not None:
        require_typified(ticket)
    ticket.state, ticket.resolved_at = TicketState.RESOLVED, clock.now()
    ticket.unanswered_since, ticket.unanswered_count = None, 0
    finish_all(ticket, ticket.resolved_at, by=by)
    marks.stop_all(ticket, ticket.resolved_at)
    _changed(ticket, "ticket.resolved", by)
    return True


@transaction.atomic
def reopen(ticket: Ticket, *, by: Membership | None) -> bool:
    """Back to work: the resolution is owed again from now. A case that is in another is not worked on."""
    if ticket.is_open or ticket.state == TicketState.JOINED:
        return False
    ticket.state, ticket.resolved_at = TicketState.OPEN, None
    ticket.reopened_count += 1
    marks.restart(ticket, [ClockKind.RESOLUTION], clock.now())
    _changed(ticket, "ticket.reopened", by, cause="agent")
    return True


@transaction.atomic
def wait_for_customer(ticket: Ticket, *, by: Membership | None) -> bool:
    """The next word is the customer's: the clocks stop until it comes."""
    if ticket.state not in (TicketState.NEW, TicketState.OPEN):
        return False
    ticket.state = TicketState.WAITING_CUSTOMER
    marks.pause(ticket, reason="customer", at=clock.now())
    _changed(ticket, "ticket.waiting_customer", by)
    return True


@transaction.atomic
def stop_waiting(ticket: Ticket, *, by: Membership | None) -> bool:
    """We go on without waiting."""
    if ticket.state != TicketState.WAITING_CUSTOMER:
        return False
    ticket.state = TicketState.OPEN
    marks.resume(ticket, clock.now())
    _changed(ticket, "ticket.wait_ended", by)
    return True


def lock(ticket_id: int) -> Ticket:
    """The case, locked until the transaction ends; every writer locks it before anything of it."""
    ticket = _LOCKED.one(ticket_id)
    if ticket is None:
        raise Ticket.DoesNotExist
    return ticket


def lock_numbered(number: int) -> Ticket | None:
    """The case of this number, locked; None when there is none, and when it is in another: nobody works on that."""
    return _NUMBERED.one(number)


def _changed(ticket: Ticket, action: str, actor: Membership | None, **data: Any) -> None:
    marks.place_in_queue(ticket)
    ticket.version += 1
    ticket.save()
    actor_id = actor.pk if actor else None
    audit.record(ticket.organization_id, action, actor_id=actor_id, ticket_id=ticket.pk, **data)
