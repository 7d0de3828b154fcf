"""Undoing what a colleague decided about attention, exactly. Inside ``tenant``."""

from __future__ import annotations

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership
from tickets.cases.models import Conversation, Message, Ticket
from tickets.clocks.models import Clock, Wait
from tickets.enums import TicketState
from tickets.intake.attention import Refused, mark_reviewed, require_attention
from tickets.replies.domain import moves
from tickets.triage.domain.corrections import withdraw
from tickets.triage.local import SERVICE
from tickets.triage.models import AttentionChange, NoiseSample


@transaction.atomic
def undo_change(change: AttentionChange, *, by: Membership) -> Ticket:
    """Put everything back as it was before ``change``; the case, changed.

    Locks the inbox and the case itself. Raises :class:`Refused` ``undone``, ``filed`` for a case that
    has its radicado by the organization's rule, or ``changed`` when something has
    happened to the case since: an answer, a new message, a radicado.
    """
    with whole():  # a thread without a case is its account's again: whose it is now must not stop half of it
        return _undo(change, by)


def _undo(change: AttentionChange, by: Membership) -> Ticket:
    ticket = moves.lock_cases(change.organization_id, [change.ticket_id])[change.ticket_id]
    change = AttentionChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if change.undone_at is not None:
        raise Refused("undone")
    if ticket.radicado is not None and (change.before["case"] or {}).get("radicado") is None:
        raise Refused("filed")
    if moves.changed_since(ticket, change.after):
        raise Refused("changed")
    if change.is_needed:
        _back_to_noise(change, ticket)
    else:
        moves.put_back(ticket, change.before["case"])
        moves.put_clocks_back(change.before, [ticket.pk])
        NoiseSample.objects.filter(message_id=change.message_id, reviewed_at=None).delete()
    moves.keep(ticket)
    if change.message_id is not None:
        withdraw(message_id=change.message_id, aspect=SERVICE, by=by)
    change.undone_at, change.undone_by = clock.now(), by
    change.save(update_fields=["undone_at", "undone_by"])
    action = "message.attention_undone" if change.is_needed else "ticket.put_aside_undone"
    audit.record(
        ticket.organization_id, action, actor_id=by.pk, ticket_id=ticket.pk, message=change.message_id
    )
    return ticket


def _back_to_noise(change: AttentionChange, ticket: Ticket) -> None:
    """The message hangs from no case again. The case it joined is as it was; one it had opened is left empty."""
    before, mine = change.before, {"organization_id": ticket.organization_id}
    Message.objects.filter(**mine, pk__in=before["messages"]).update(ticket=None)
    Message.objects.filter(**mine, pk=change.message_id).update(
        needs_attention=False, is_courtesy=before["courtesy"]
    )
    said = Message.objects.filter(**mine, pk=change.message_id).values("conversation_id")
    threads = Conversation.objects.filter(**mine, current_ticket=ticket, pk__in=said)
    threads.update(current_ticket_id=before["thread"])
    if before["case"] is not None:
        moves.put_back(ticket, before["case"])
        moves.put_clocks_back(before, [ticket.pk])
        ticket.last_text = moves.last_words(ticket)
        return
    at = clock.now()
    Clock.objects.filter(**mine, ticket=ticket, met_at=None, cancelled_at=None).update(cancelled_at=at)
    Wait.objects.filter(**mine, ticket=ticket, ended_at=None).update(ended_at=at)
    ticket.state, ticket.unanswered_since, ticket.unanswered_count = TicketState.NO_MOTIVE, None, 0


@transaction.atomic
def needed_after_all(message_id: int, *, by: Membership) -> int | None:
    """What a supervisor says of a sampled message: it did need attention. The case's id, None if unknown.

    Raises :class:`Refused` as ``undo_change`` does, and ``own`` for what they put aside themselves.
    """
    message = Message.objects.filter(pk=message_id).first()
    if message is None:
        return None
    if message.ticket_id is None:
        mark_reviewed(message_id, by=by)
        return require_attention(message_id, by=by)
    aside = AttentionChange.objects.filter(
        ticket_id=message.ticket_id, is_needed=False, undone_at=None
    ).last()
    if aside is None:
        return message.ticket_id
    if aside.by_id == by.pk:
        raise Refused("own")
    mark_reviewed(message_id, by=by)
    return undo_change(aside, by=by).pk
