"""What customers said: as intake hears it, or as a colleague writes it down. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership
from tickets.aftercontact.domain.asking import ask, same_person, way_to_ask
from tickets.aftercontact.domain.planning import policy_of
from tickets.aftercontact.models import AfterContact, Contact
from tickets.aftercontact.rules.reading import Reading, read_answer
from tickets.aftercontact.sentences import TOPS
from tickets.cases.models import Message, Ticket
from tickets.replies.domain.casework import reopen

OPEN = (
    "SELECT conversation_id, id, ticket_id, state, scale, asked_at, expires_at, score FROM tickets_aftercontact "
    "WHERE organization_id = %s AND conversation_id = ANY(%s) AND state IN ('asked', 'unclear', 'yes') "
    "AND asked_at IS NOT NULL ORDER BY id"
)


class NotPossible(Exception):
    """It cannot be done any more: ``code`` says why (``over``, or a code of ``WHY_LISTED``)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Question:
    """A question that was put in a thread: what is said next there may be its answer."""

    id: int
    ticket_id: int
    state: str
    scale: str
    asked_at: datetime
    expires_at: datetime
    score: int | None

    def waits_at(self, at: datetime) -> bool:
        return self.asked_at <= at <= self.expires_at


@dataclass(frozen=True, slots=True)
class Heard:
    """What an answer changes of its row."""

    id: int
    ticket_id: int
    message_id: int
    state: str
    score: int | None
    at: datetime
    stops: bool


def questions_in(organization_id: int, threads: Iterable[int]) -> dict[int, Question]:
    """The newest question of each thread that may still be answered; one statement, none without threads."""
    ids = sorted(threads)
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(OPEN, [organization_id, ids])
        return {row[0]: Question(*row[1:]) for row in cursor.fetchall()}


def hear_answer(
    question: Question, text: str, *, message_id: int, at: datetime
) -> tuple[Reading, Heard | None]:
    """What a customer's words are to a question; None where they change nothing. ``question`` is changed along. Pure.

    What is said after a clear answer and is none itself is an ordinary message.
    """
    reading = read_answer(text, top=TOPS[question.scale])
    if question.state == Contact.YES and reading == Reading():
        return reading, None
    state = question.state
    if reading.solved is not None:
        state = Contact.YES if reading.solved else Contact.NO
    elif state != Contact.YES:
        state = Contact.UNCLEAR
    score = reading.score if reading.score is not None else question.score
    question.state, question.score = state, score
    return reading, Heard(question.id, question.ticket_id, message_id, str(state), score, at, reading.stops)


@transaction.atomic
def write_down(row: AfterContact, ticket: Ticket, *, solved: bool, score: int | None, by: Membership) -> None:
    """What a customer said to a colleague: «no» reopens the case. The case is locked.

    Raises :class:`NotPossible` ``over`` for one that is no more to be asked, ``score`` for one off the scale.
    """
    _still(row)
    policy = policy_of(row.organization_id)
    scale = row.scale if row.asked_at else policy.score
    if score is not None and not (1 if scale == "csat" else 0) <= score <= TOPS[scale]:
        raise NotPossible("score")
    row.state, row.score, row.scale = Contact.YES if solved else Contact.NO, score, scale
    row.answered_at, row.by, row.code = clock.now(), by, ""
    row.save()
    record(row.organization_id, ticket.pk, str(row.state), score, by=by)
    if not solved:
        reopen(ticket, by=by)


@transaction.atomic
def ask_by_hand(row: AfterContact, ticket: Ticket, *, by: Membership) -> Message:
    """A colleague puts the question where the system may not. The case is locked. Raises :class:`NotPossible`."""
    if row.state != Contact.LISTED:
        raise NotPossible("over")
    target, code = way_to_ask(ticket, by_hand=True)
    message = ask(row, ticket, target, policy_of(row.organization_id), by=by) if target is not None else None
    if message is None:
        raise NotPossible(code or "over")
    return message


@transaction.atomic
def drop(row: AfterContact, ticket: Ticket, *, by: Membership, for_good: bool = False) -> None:
    """Nobody asks; ``for_good``: this customer is contacted about no case any more."""
    _still(row)
    row.state, row.by = Contact.EXPIRED, by
    row.save(update_fields=["state", "by"])
    audit.record(row.organization_id, "aftercontact.dropped", actor_id=by.pk, ticket_id=ticket.pk)
    if for_good:
        set_no_contact(ticket, True, by=by)


def set_no_contact(ticket: Ticket, no_contact: bool, *, by: Membership | None) -> None:
    """Whether the customer is left alone by what we would say of our own accord."""
    same_person(ticket).update(no_contact=no_contact)
    audit.record(
        ticket.organization_id, "customer.no_contact" if no_contact else "customer.contact_again",
        actor_id=by.pk if by else None, ticket_id=ticket.pk,
    )  # fmt: skip


def record(organization_id: int, ticket_id: int, state: str, score: int | None, *, by: Membership) -> None:
    """The audit line of an answer."""
    audit.record(
        organization_id,
        "aftercontact.answered",
        actor_id=by.pk,
        ticket_id=ticket_id,
        outcome=state,
        score=score,
    )


def _still(row: AfterContact) -> None:
    if row.state not in (Contact.LISTED, Contact.UNCLEAR):
        raise NotPossible("over")
