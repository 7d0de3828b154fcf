"""A date is promised, kept, or another one takes its place. Inside ``tenant``, the case locked; verbs save the case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership
from helpdesk.text import clean, excerpt
from tickets.cases.models import Message, Ticket
from tickets.clocks.domain.marks import place_in_queue
from tickets.commitments.domain.mirror import mirror
from tickets.commitments.enums import CommitmentState
from tickets.commitments.models import Commitment
from tickets.commitments.rules.moments import FARTHEST
from tickets.commitments.rules.warnings import next_look
from tickets.enums import Direction

LONGEST = 200


class NotPromised(Exception):
    """It cannot be promised or kept; ``code`` has its sentence in ``commitments.sentences``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Promise:
    """A date somebody wants to promise: ``replaces`` is the key of the commitment it takes the place of."""

    due_at: datetime
    what: str
    replaces: int | None = None


@transaction.atomic
def commit(
    ticket: Ticket,
    promise: Promise,
    *,
    by: Membership | None,
    message: Message | None = None,
    told_at: datetime | None = None,
    source: str = "",
) -> Commitment:
    """Write down a promised date. With a ``message`` it is owed once that was sent; ``told_at``: it was said already.

    The former date that it replaces is renegotiated when the customer is told of this one before it falls due.
    Saves clocks, not the case: :func:`keep_place` does. Raises :class:`NotPromised` ``closed``, ``past``, ``far``,
    ``nothing`` (no words) or ``not_open`` (what it replaces is no commitment of this case any more).
    """
    now, what = clock.now(), " ".join(clean(promise.what).split())
    check(ticket, promise, now=now)
    commitment = Commitment.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        what=excerpt(what, LONGEST),
        due_at=promise.due_at,
        owner_id=by.pk if by else ticket.assignee_id,
        made_by=by,
        made_at=min(told_at or now, now),
        message=message,
        replaces_id=promise.replaces,
        source=source,
    )
    _say("commitment.made", commitment, by, due_at=promise.due_at.isoformat(), replaces=promise.replaces)
    if told_at is not None:
        tell(commitment, told_at)
        mirror(ticket)
    return commitment


def check(ticket: Ticket, promise: Promise, *, now: datetime) -> None:
    """Raise :class:`NotPromised` as :func:`commit` does; changes nothing."""
    if not ticket.is_open:
        raise NotPromised("closed")
    if promise.due_at <= now:
        raise NotPromised("past")
    if promise.due_at > now + FARTHEST:
        raise NotPromised("far")
    if not promise.what.strip():
        raise NotPromised("nothing")
    if promise.replaces is not None and not replaceable(ticket).filter(pk=promise.replaces).exists():
        raise NotPromised("not_open")


def replaceable(ticket: Ticket) -> Any:
    """The commitments of a case another date may take the place of: open, or broken and not made good."""
    of_case = Commitment.objects.filter(organization_id=ticket.organization_id, ticket=ticket)
    return of_case.filter(state__in=[CommitmentState.OPEN, CommitmentState.BROKEN], made_good_at=None)


def tell(commitment: Commitment, at: datetime) -> None:
    """The customer knows of the date since ``at``: it is owed; the former one is renegotiated if that was in time."""
    commitment.told_at = at
    commitment.next_at = next_look(commitment.due_at, since=commitment.made_at, after=at)
    commitment.save(update_fields=["told_at", "next_at"])
    if commitment.replaces_id is None:
        return
    former = Commitment.objects.select_for_update().get(pk=commitment.replaces_id)
    if former.state == CommitmentState.OPEN and at < former.due_at:
        settle(former, CommitmentState.RENEGOTIATED, at)
    else:
        make_good(former, at)


def settle(
    commitment: Commitment,
    state: CommitmentState,
    at: datetime,
    *,
    by: Membership | None = None,
    proof: str = "",
) -> None:
    """An open commitment comes to its end; one audit line."""
    commitment.state, commitment.settled_at, commitment.next_at = state, at, None
    commitment.proof = proof
    commitment.save(update_fields=["state", "settled_at", "next_at", "proof"])
    _say(f"commitment.{state.value}", commitment, by)


def make_good(commitment: Commitment, at: datetime, *, by: Membership | None = None) -> None:
    """Done late, or promised anew too late: broken it stays, but nothing more is owed for it."""
    if commitment.state == CommitmentState.OPEN:
        settle(commitment, CommitmentState.BROKEN, max(at, commitment.due_at))
    if commitment.state != CommitmentState.BROKEN or commitment.made_good_at is not None:
        return
    commitment.made_good_at = at
    commitment.save(update_fields=["made_good_at"])
    _say("commitment.made_good", commitment, by)


@transaction.atomic
def keep(commitment: Commitment, *, by: Membership, proof: str = "") -> None:
    """What was promised is done: in time it is kept, afterwards it stays broken and is made good.

    An answer of ours since the promise shows it; without one ``proof`` says how. Raises :class:`NotPromised`
    ``needs_proof`` or ``not_open``.
    """
    ticket, now = commitment.ticket, clock.now()
    said = " ".join(clean(proof).split())[:LONGEST]
    if not replaceable(ticket).filter(pk=commitment.pk).exists() or commitment.told_at is None:
        raise NotPromised("not_open")
    if not said and last_word(commitment) is None:
        raise NotPromised("needs_proof")
    finish(commitment, now, by=by, proof=said)
    mirror(ticket, met_at=now)
    keep_place(ticket)


def finish(commitment: Commitment, at: datetime, *, by: Membership | None, proof: str = "") -> None:
    """Kept when ``at`` is in time, else made good."""
    if commitment.state == CommitmentState.OPEN and at <= commitment.due_at:
        settle(commitment, CommitmentState.KEPT, at, by=by, proof=proof)
    else:
        make_good(commitment, at, by=by)


def finish_all(ticket: Ticket, at: datetime, *, by: Membership | None) -> None:
    """The definitive answer was given: every date of the case that is still owed is kept, or was broken."""
    for commitment in replaceable(ticket).select_for_update().order_by("id"):
        finish(commitment, at, by=by)


def keep_place(ticket: Ticket) -> None:
    """Save the case in its place in the queue."""
    place_in_queue(ticket)
    ticket.version += 1
    ticket.save()


def last_word(commitment: Commitment) -> Message | None:
    """The last thing of ours that reached the customer after they were told of the date."""
    since = commitment.told_at or commitment.made_at
    said = Message.objects.filter(
        organization_id=commitment.organization_id,
        ticket_id=commitment.ticket_id,
        direction=Direction.OUT,
        is_notice=False,
        occurred_at__gt=since,
        send_state__in=["", "sent"],
    )
    return said.exclude(pk=commitment.message_id).order_by("occurred_at", "id").last()


def _say(action: str, commitment: Commitment, by: Membership | None, **data: Any) -> None:
    audit.record(
        commitment.organization_id,
        action,
        actor_id=by.pk if by else None,
        ticket_id=commitment.ticket_id,
        commitment=commitment.pk,
        **data,
    )


def promised_elsewhere(
    ticket: Ticket,
    due_at: datetime,
    *,
    since: datetime,
    by: Membership | None,
    source: str = "",
    what: str = "",
) -> None:
    """Somebody told the customer a date outside: on the phone, or another system, whose number is ``source``.

    The same date twice is one. The system that gave a date may give another for the same number, which takes the
    place of the former one. Saves clocks, not the case.
    """
    of_case = replaceable(ticket)
    if of_case.filter(due_at=due_at).exists():
        return
    former = of_case.filter(source=source).order_by("-id").first() if source else None
    row = elsewhere(
        ticket.organization_id, ticket.pk, due_at, since=since, by=by, source=source, what=what,
        owner_id=by.pk if by else ticket.assignee_id,
    )  # fmt: skip
    row.replaces = former
    row.save()
    _say("commitment.made", row, by, due_at=due_at.isoformat(), source=source)
    tell(row, clock.now())
    mirror(ticket)


def elsewhere(
    organization_id: int, ticket_id: int, due_at: datetime, *, since: datetime, by: Membership | None, source: str,
    what: str, owner_id: int | None = None,
) -> Commitment:  # fmt: skip
    """The row of a date told outside, not saved; for a case that is being opened it is all there is to do."""
    return Commitment(
        organization_id=organization_id,
        ticket_id=ticket_id,
        what=excerpt(" ".join(clean(what).split()), LONGEST) or "Fecha prometida",
        due_at=due_at,
        owner_id=owner_id or (by.pk if by else None),
        made_by=by,
        made_at=since,
        told_at=since,
        next_at=next_look(due_at, since=since, after=since),
        source=source[:120],
    )
