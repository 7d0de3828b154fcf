"""The *respuesta de fondo*: marked by an agent, notified with proof; only then does the legal term stop.

What proves it: an answer that a private channel took (sent), or a supervisor's *constancia* of how it was notified.
A public answer proves nothing of who read it (domain.md 2 d). Every verb is for a locked case, inside ``tenant``.
"""

from __future__ import annotations

from datetime import datetime

from channels_social.enums import ActionState
from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership
from helpdesk.text import clean
from tickets.cases.models import Message, Ticket
from tickets.clocks.domain import marks
from tickets.clocks.domain.legal import legal_clock
from tickets.clocks.models import Clock, DefinitiveAnswer, Proof
from tickets.enums import Direction
from tickets.replies.domain.reply import Refused
from tickets.replies.rules.definitive import only_holds

# What may still leave, or has.
ALIVE = (
    ActionState.AWAITING_APPROVAL, ActionState.QUEUED, ActionState.HELD, ActionState.SENDING, ActionState.SENT,
    ActionState.RETRYING, ActionState.UNKNOWN,
)  # fmt: skip
CONSTANCY = 400


def may_be_definitive(ticket: Ticket) -> list[Message]:
    """The answers of a case that somebody could mark, the newest first."""
    ours = Message.objects.filter(
        organization_id=ticket.organization_id, ticket=ticket, direction=Direction.OUT, is_notice=False,
        deleted_at=None, send_state__in=["", *ALIVE],
    )  # fmt: skip
    return list(ours.order_by("-occurred_at", "-id")[:20])


def mark_definitive(ticket: Ticket, message_id: int, *, by: Membership) -> DefinitiveAnswer:
    """Say that this answer is the one on the merits. The term stops now if it was notified, or when it is.

    Raises :class:`Refused`: ``term_none``, ``definitive_gone``, ``definitive_holds``, ``definitive_already``.
    """
    running = _running(ticket)
    message = next((one for one in may_be_definitive(ticket) if one.pk == message_id), None)
    if message is None:
        raise Refused("definitive_gone")
    if message.occurred_at < running.started_at:
        raise Refused("definitive_gone")
    if only_holds(message.text):
        raise Refused("definitive_holds")
    if DefinitiveAnswer.objects.filter(ticket=ticket, message=message).exists():
        raise Refused("definitive_already")
    answer = DefinitiveAnswer.objects.create(
        organization_id=ticket.organization_id, ticket=ticket, message=message, marked_by=by
    )
    audit.record(
        ticket.organization_id, "term.answered", actor_id=by.pk, ticket_id=ticket.pk, message=message.pk
    )
    if message.send_state in ("", ActionState.SENT) and proves(message):
        _notify(ticket, answer, at=message.occurred_at, proof=Proof.SENT, by=None)
    else:
        _save(ticket)
    return answer


def give_constancy(ticket: Ticket, *, text: str, at: datetime, by: Membership) -> DefinitiveAnswer:
    """A supervisor certifies that the customer was notified: how, and when. It stands in the place of a receipt.

    Raises :class:`Refused`: ``term_none``, ``constancy_empty``, ``constancy_time`` for a moment that cannot be.
    """
    running = _running(ticket)
    said = " ".join(clean(text).split())[:CONSTANCY]
    if not said:
        raise Refused("constancy_empty")
    if not running.started_at <= at <= clock.now():
        raise Refused("constancy_time")
    waiting = DefinitiveAnswer.objects.filter(ticket=ticket, proof=Proof.WAITING).order_by("-id").first()
    answer = waiting or DefinitiveAnswer(
        organization_id=ticket.organization_id, ticket=ticket, marked_by=by, proof=Proof.WAITING
    )
    answer.constancy, answer.constancy_by = said, by
    _notify(ticket, answer, at=at, proof=Proof.CONSTANCY, by=by)
    return answer


def told(message: Message, state: str, sent_at: datetime | None) -> None:
    """What became of an answer: if it is the definitive one and left by a private channel, the term stops."""
    if state != ActionState.SENT or sent_at is None or message.ticket is None or not proves(message):
        return
    answer = DefinitiveAnswer.objects.filter(
        organization_id=message.organization_id, message=message, proof=Proof.WAITING
    ).first()
    if answer is not None:
        _notify(message.ticket, answer, at=sent_at, proof=Proof.SENT, by=None)


def proves(message: Message) -> bool:
    """Whether the network's own yes shows that the person got it: where only they read."""
    return not message.is_public


def _notify(
    ticket: Ticket, answer: DefinitiveAnswer, *, at: datetime, proof: Proof, by: Membership | None
) -> None:
    answer.proof, answer.notified_at = proof, at
    answer.save()
    running = legal_clock(ticket)
    if running is not None:
        Clock.objects.filter(pk=running.pk).update(met_at=at)
    audit.record(
        ticket.organization_id, "term.notified", actor_id=by.pk if by else None, ticket_id=ticket.pk,
        proof=proof.value, answer=answer.pk,
    )  # fmt: skip
    _save(ticket)


def _running(ticket: Ticket) -> Clock:
    running = legal_clock(ticket)
    if running is None:
        raise Refused("term_none")
    return running


def _save(ticket: Ticket) -> None:
    marks.place_in_queue(ticket)
    ticket.version += 1
    ticket.save()
