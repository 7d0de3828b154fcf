"""One case is two matters: some of its messages go to a case of their own, and back (care.md, finding 19)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from channels_social.enums import ActionState
from helpdesk import audit, clock
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership
from tickets.cases.access import Petition
from tickets.cases.domain.filing import CASES, take_numbers
from tickets.cases.models import Conversation, Filing, Message, Ticket
from tickets.cases.moves import CaseMove, MoveKind
from tickets.clocks.domain import marks
from tickets.clocks.models import Clock
from tickets.commitments.domain.mirror import mirror
from tickets.commitments.models import Commitment
from tickets.enums import ClockKind, Direction, PqrKind, TicketState
from tickets.replies.domain import hung, moves, seeing
from tickets.replies.domain.filing import file_if_ruled
from tickets.replies.domain.reply import Refused


@transaction.atomic
def split_case(
    *,
    ticket: Ticket,
    messages: Iterable[int],
    by: Membership,
    kind: str = "",
    reason: str = "",
    version: int | None = None,
) -> CaseMove:
    """Give these messages of a case a case of their own, whose clocks count from their receipt. Inside ``tenant``.

    A thread goes on in the case that holds its customer's newest message. ``kind`` is what the agent says the new
    case is, and it is filed if the organization files that kind; blank, it has none yet. Locks, ``version`` and
    announcing are as for ``joining.join_cases``.
    Raises :class:`Refused` ``split_closed``, ``split_gone``, ``split_nothing``, ``split_all`` or ``changed``.
    """
    kept = moves.lock_cases(ticket.organization_id, [ticket.pk]).get(ticket.pk)
    if kept is None or not kept.is_open:
        raise Refused("split_closed")
    if version is not None and version != kept.version:
        raise Refused("changed")
    with whole():  # who splits it sees the case, but not always what comes out of it
        return _split(kept, set(messages), by, kind, reason)


def _split(kept: Ticket, messages: set[int], by: Membership, kind: str, reason: str) -> CaseMove:
    chosen = _chosen(kept, messages)
    threads = _threads(kept, chosen)
    before = {
        "kept": moves.facts_of(kept),
        "clocks": moves.clocks_of([kept.pk]),
        "waits": moves.waits_of([kept.pk]),
        "threads": [[thread.pk, thread.current_ticket_id] for thread in threads],
    }
    at = clock.now()
    new = _open(kept, chosen, by, kind)
    moves.hang_messages([message.pk for message in chosen], new)
    moves.hang_threads((thread.pk, new.pk) for thread in threads)
    _take_along(kept, new, chosen)
    _owe(new, chosen)
    file_if_ruled(new, by=by, cause="kind")
    _refresh(kept)
    moves.keep(new)
    moves.keep(kept)
    move = CaseMove.objects.create(
        organization_id=kept.organization_id, kind=MoveKind.SPLIT, kept=kept, other=new, by=by, at=at,
        reason=reason.strip()[:200], moved={"messages": [message.pk for message in chosen]}, before=before,
        after={"kept": moves.facts_of(kept), "other": moves.facts_of(new)},
    )  # fmt: skip
    _tell("ticket.split", move, by)
    return move


@transaction.atomic
def undo_split(move: CaseMove, *, by: Membership) -> CaseMove:
    """Take the messages back; the case they had keeps its numbers, which find the one they came from.

    Inside ``tenant``. Raises :class:`Refused` with what stands in the way, as ``joining.undo_join`` does.
    """
    with whole():
        return _undo(move, by)


def _undo(move: CaseMove, by: Membership) -> CaseMove:
    cases = moves.lock_cases(move.organization_id, [move.kept_id, move.other_id])
    move = CaseMove.objects.select_for_update().get(pk=move.pk)
    kept, other = cases[move.kept_id], cases[move.other_id]
    _check_undo(move, kept, other)
    moves.hang_messages(move.moved["messages"], kept)
    moves.hang_threads((thread, ticket) for thread, ticket in move.before["threads"])
    at = clock.now()
    Clock.objects.filter(ticket=other, met_at=None, cancelled_at=None).update(cancelled_at=at)
    moves.put_clocks_back(move.before, [kept.pk])
    assignee = kept.assignee_id
    moves.put_back(kept, move.before["kept"])
    if assignee != move.after["kept"]["assignee_id"]:
        kept.assignee_id = assignee
    kept.last_text = moves.last_words(kept)
    hung.hang_all(kept, other)  # what was written, asked or promised in it since goes where its messages go
    mirror(kept)
    _leave_numbers(other, kept)
    other.state, other.joined_into = TicketState.JOINED, kept
    other.version += 1
    other.save()
    moves.keep(kept)
    move.undone_at, move.undone_by = at, by
    move.save(update_fields=["undone_at", "undone_by"])
    _tell("ticket.split_undone", move, by)
    return move


def _chosen(kept: Ticket, ids: set[int]) -> list[Message]:
    """The messages asked for, oldest first; something of the customer's must go and something must stay."""
    of_case = Message.objects.filter(organization_id=kept.organization_id, ticket=kept)
    everything = list(of_case.select_related("conversation").order_by("occurred_at", "id"))
    chosen = [message for message in everything if message.pk in ids]
    if len(chosen) != len(ids):
        raise Refused("split_gone")
    if not any(_asks(message) for message in chosen):
        raise Refused("split_nothing")
    if not any(_asks(message) for message in everything if message.pk not in ids):
        raise Refused("split_all")
    return chosen


def _asks(message: Message) -> bool:
    return message.direction == Direction.IN and not message.is_courtesy


def _threads(kept: Ticket, chosen: list[Message]) -> list[Conversation]:
    """Threads of the case whose newest word of the customer is among those that go."""
    ids = {message.pk for message in chosen}
    found = []
    for thread in Conversation.objects.filter(organization_id=kept.organization_id, current_ticket=kept):
        said = Message.objects.filter(
            organization_id=kept.organization_id, conversation=thread, direction=Direction.IN
        )
        newest = said.order_by("-occurred_at", "-id").values_list("pk", flat=True).first()
        if newest in ids:
            found.append(thread)
    return found


def _open(kept: Ticket, chosen: list[Message], by: Membership, kind: str) -> Ticket:
    asked = [message.occurred_at for message in chosen if _asks(message)]
    sent = _sent(chosen)
    last = chosen[-1]
    until = min(sent[-1], kept.answered_until or sent[-1]) if sent else None
    waiting = [at for at in asked if until is None or at > until]
    with connection.cursor() as cursor:
        number = take_numbers(cursor, kept.organization_id, CASES, 1)
    return Ticket.objects.create(
        organization_id=kept.organization_id,
        number=number,
        customer_id=kept.customer_id,
        state=TicketState.NEW if kept.state == TicketState.NEW else TicketState.OPEN,
        kind=PqrKind(kind).value if kind else "",
        kind_corrected_by=by if kind else None,
        priority=kept.priority,
        priority_reasons=list(kept.priority_reasons),
        assignee_id=kept.assignee_id,
        account_id=last.conversation.account_id,
        is_reserved=kept.is_reserved,
        opened_at=asked[0],
        first_sent_at=sent[0] if sent else None,
        last_sent_at=sent[-1] if sent else None,
        answered_until=until,
        last_at=last.occurred_at,
        channel=last.conversation.kind,
        last_asked_at=asked[-1],
        unanswered_since=waiting[0] if waiting else None,
        unanswered_count=len(waiting),
        queue_at=last.occurred_at,
    )


def _take_along(kept: Ticket, new: Ticket, chosen: list[Message]) -> None:
    """What hangs on its messages, and who may see it: the people the case it came out of is left to."""
    ids = [message.pk for message in chosen]
    Petition.objects.filter(organization_id=kept.organization_id, ticket=kept, data__message__in=ids).update(
        ticket=new
    )
    # What a message promised goes where it goes, and its clock with it.
    promised = Commitment.objects.filter(
        organization_id=kept.organization_id, ticket=kept, message_id__in=ids
    )
    if promised.update(ticket=new):
        for ticket in (kept, new):
            mirror(ticket)
    if kept.is_reserved:
        seeing.name(new, seeing.named_in(kept), like=kept)


def _sent(messages: Iterable[Message]) -> list[datetime]:
    """When we really answered among these."""
    return [
        message.occurred_at
        for message in messages
        if message.direction == Direction.OUT
        and not message.is_notice
        and (message.is_native or message.send_state == ActionState.SENT)
    ]


def _owe(new: Ticket, chosen: list[Message]) -> None:
    """Its clocks: from the receipt of its own messages, met by the answers that came with them."""
    marks.restart(new, [ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION], new.opened_at)
    new.last_text = moves.last_words(new)
    if new.first_sent_at is None or new.first_sent_at < new.opened_at:
        return
    first = Clock.objects.filter(ticket=new, kind=ClockKind.FIRST_RESPONSE)
    first.update(met_at=new.first_sent_at)
    if new.unanswered_since is not None:
        marks.restart(new, [ClockKind.NEXT_RESPONSE], new.unanswered_since)


def _refresh(kept: Ticket) -> None:
    """What is left: when it began, what still waits for us, and its clocks with it."""
    left = list(
        Message.objects.filter(organization_id=kept.organization_id, ticket=kept)
        .select_related("conversation")
        .order_by("occurred_at", "id")
    )
    asked = [message.occurred_at for message in left if _asks(message)]
    opened, kept.opened_at = kept.opened_at, max(kept.opened_at, asked[0])
    last = [message for message in left if not message.is_notice][-1]
    kept.last_at, kept.channel = last.occurred_at, last.conversation.kind
    kept.last_text, kept.last_asked_at = moves.last_words(kept), asked[-1]
    waiting = [at for at in asked if kept.answered_until is None or at > kept.answered_until]
    kept.unanswered_since = waiting[0] if waiting and kept.unanswered_count else None
    kept.unanswered_count = min(len(waiting), kept.unanswered_count)
    marks.move_start(kept, opened, kept.opened_at)
    marks.move_next(kept, kept.unanswered_since)


def _check_undo(move: CaseMove, kept: Ticket, other: Ticket) -> None:
    if move.undone_at is not None:
        raise Refused("undone")
    if moves.later_move(move) is not None:
        raise Refused("later_move")
    for ticket, name in ((kept, "kept"), (other, "other")):
        code = moves.changed_since(ticket, move.after[name])
        if code:
            raise Refused(code)
    if moves.leaving_now(move.moved["messages"]):
        raise Refused("since_answer")


def _leave_numbers(other: Ticket, kept: Ticket) -> None:
    """A radicado given meanwhile is never taken back: it goes where the messages go."""
    Filing.objects.filter(organization_id=kept.organization_id, ticket=other).update(ticket=kept)
    if kept.radicado is None and other.radicado is not None:
        kept.radicado, other.radicado = other.radicado, None
        Ticket.objects.filter(pk=other.pk).update(radicado=None)


def _tell(action: str, move: CaseMove, by: Membership) -> None:
    for ticket_id, other_id in ((move.kept_id, move.other_id), (move.other_id, move.kept_id)):
        audit.record(
            move.organization_id, action, actor_id=by.pk, ticket_id=ticket_id,
            move=move.pk, other=other_id, kept=move.kept_id, reason=move.reason,
        )  # fmt: skip
