"""Two cases of one customer are one matter: joined, and put apart again (care.md, finding 19)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership
from tickets.cases.models import Conversation, Message, Ticket
from tickets.cases.moves import CaseMove, MoveKind
from tickets.clocks.domain import marks
from tickets.clocks.models import Clock, Wait
from tickets.commitments.domain.mirror import mirror
from tickets.enums import OPEN_STATES, Priority, TicketState
from tickets.replies.domain import hung, moves, seeing
from tickets.replies.domain.reply import Refused

STRICTEST = [Priority.CRITICAL, Priority.HIGH, Priority.MEDIUM, Priority.LOW]


@transaction.atomic
def join_cases(
    *, into: Ticket, other: Ticket, by: Membership | None, reason: str = "", version: int | None = None
) -> CaseMove:
    """Join ``other`` into ``into``: one case answers for both from now on. Inside ``tenant``.

    The earliest receipt, the highest priority and of every clock the one that falls due first win. Every
    radicado stays valid and finds the case that is left. Conversations, messages, notes and references move.
    ``by`` None: nobody did, the two turned out to be one thread.
    ``version``: of ``into``, as whoever decides has seen it; left out, nobody looked.

    Locks the inbox and both cases itself: call it without holding either case. The two objects given are not
    changed: read them again. Announcing to the consoles, after the commit, is the caller's
    (``announce(org, [move.kept_id, move.other_id], [])``).
    Raises :class:`Refused` ``join_same``, ``join_gone``, ``join_customers``, ``join_closed``,
    ``join_reserved`` (one is reserved and ``by`` is not named in it) or ``changed``.
    """
    cases = moves.lock_cases(into.organization_id, [into.pk, other.pk])
    kept, gone = cases.get(into.pk), cases.get(other.pk)
    if kept is None or gone is None:
        raise Refused("join_gone")
    _check(kept, gone, version, by)
    with whole():  # who joins them sees both, but not always what lies between
        return _join(kept, gone, by, reason)


def _join(kept: Ticket, gone: Ticket, by: Membership | None, reason: str) -> CaseMove:
    at = clock.now()
    ids = [kept.pk, gone.pk]
    before = {
        "kept": moves.facts_of(kept),
        "other": moves.facts_of(gone),
        "reasons": len(kept.priority_reasons),
        "clocks": moves.clocks_of(ids),
        "waits": moves.waits_of(ids),
    }
    _stop_waiting(kept, gone, at)
    moved = _move_rows(kept, gone)
    _strictest_clocks(kept, gone, at)
    _merge_facts(kept, gone)
    moved["access"] = seeing.join_access(kept, gone)
    gone.state, gone.joined_into = TicketState.JOINED, kept
    gone.version += 1
    gone.save()
    moves.keep(kept)
    move = CaseMove.objects.create(
        organization_id=kept.organization_id, kind=MoveKind.JOIN, kept=kept, other=gone, by=by, at=at,
        reason=reason.strip()[:200], moved=moved, before=before, after=moves.facts_of(kept),
    )  # fmt: skip
    _tell("ticket.joined", move, by)
    return move


@transaction.atomic
def undo_join(move: CaseMove, *, by: Membership) -> CaseMove:
    """Put two joined cases apart exactly as they were. Inside ``tenant``; locks as :func:`join_cases` does.

    Raises :class:`Refused` with what stands in the way: ``undone``, ``since_*``, ``later_move``.
    """
    with whole():
        return _undo(move, by)


def _undo(move: CaseMove, by: Membership) -> CaseMove:
    cases = moves.lock_cases(move.organization_id, [move.kept_id, move.other_id])
    move = CaseMove.objects.select_for_update().get(pk=move.pk)
    kept, other = cases[move.kept_id], cases[move.other_id]
    _check_undo(move, kept)
    moved = move.moved
    moves.hang_messages(moved["messages"], other)
    hung.hang_back(kept, other, moved["hung"])
    seeing.part_access(other, moved["access"])
    moves.hang_threads((thread, other.pk) for thread in moved["conversations"])
    Ticket.objects.filter(pk__in=moved["joined"]).update(joined_into=other)
    moves.put_clocks_back(move.before, [kept.pk, other.pk])
    for ticket in (kept, other):  # a date may have been kept or promised since
        mirror(ticket)
    assignee, reasons = kept.assignee_id, kept.priority_reasons
    moves.put_back(kept, move.before["kept"])
    moves.put_back(other, move.before["other"])
    kept.priority_reasons = reasons[: move.before["reasons"]]
    if assignee != move.after["assignee_id"]:
        kept.assignee_id = assignee  # given to somebody since: that stands
    # The radicado may have been lent to the case that was kept: it is free before it is given back.
    Ticket.objects.filter(pk=kept.pk).update(radicado=None)
    for ticket in (other, kept):
        ticket.last_text = moves.last_words(ticket)
        moves.keep(ticket)
    move.undone_at, move.undone_by = clock.now(), by
    move.save(update_fields=["undone_at", "undone_by"])
    _tell("ticket.join_undone", move, by)
    return move


def _check(kept: Ticket, gone: Ticket, version: int | None, by: Membership | None) -> None:
    if kept.pk == gone.pk:
        raise Refused("join_same")
    if TicketState.JOINED in (kept.state, gone.state):
        raise Refused("join_gone")
    if kept.customer_id != gone.customer_id:
        raise Refused("join_customers")
    if not kept.is_open or gone.state not in (*OPEN_STATES, TicketState.RESOLVED):
        raise Refused("join_closed")
    if version is not None and version != kept.version:
        raise Refused("changed")
    people = seeing.named_in_both(kept, gone)
    if people is not None and (by is None or by.pk not in people):
        raise Refused("join_reserved")


def _check_undo(move: CaseMove, kept: Ticket) -> None:
    if move.undone_at is not None:
        raise Refused("undone")
    later = moves.later_move(move)
    if later is not None:
        raise Refused("later_move")
    code = moves.changed_since(kept, move.after)
    if code:
        raise Refused(code)
    if moves.leaving_now(move.moved["messages"]):
        raise Refused("since_answer")


def _stop_waiting(kept: Ticket, gone: Ticket, at: datetime) -> None:
    """Work is owed as soon as one of the two does not wait; if both wait, the one that is kept goes on waiting."""
    waiting = [ticket for ticket in (kept, gone) if ticket.state == TicketState.WAITING_CUSTOMER]
    if len(waiting) == 1:
        marks.resume(waiting[0], at)
    elif waiting:
        Wait.objects.filter(ticket=gone, ended_at=None).update(ended_at=at)


def _move_rows(kept: Ticket, gone: Ticket) -> dict[str, Any]:
    """Hang everything of ``gone`` on ``kept``; the keys of what moved, by what it is."""
    org = kept.organization_id
    moved: dict[str, Any] = {"hung": hung.hang_all(kept, gone)}
    said = Message.objects.filter(organization_id=org, ticket=gone)
    moved["messages"] = list(said.order_by("pk").values_list("pk", flat=True))
    said.update(ticket=kept)
    threads = Conversation.objects.filter(organization_id=org, current_ticket=gone)
    moved["conversations"] = list(threads.order_by("pk").values_list("pk", flat=True))
    threads.update(current_ticket=kept)
    # Cases that `gone` itself had taken in: their numbers find the one that is left, in one step.
    joined = Ticket.objects.filter(organization_id=org, joined_into=gone)
    moved["joined"] = list(joined.order_by("pk").values_list("pk", flat=True))
    joined.update(joined_into=kept)
    return moved


def _strictest_clocks(kept: Ticket, gone: Ticket, at: datetime) -> None:
    """Of each kind the clock that falls due first goes on, on the case that is kept; the other is cancelled."""
    own = {clock_.kind: clock_ for clock_ in marks.running(kept)}
    for theirs in marks.running(gone):
        ours = own.get(theirs.kind)
        loser = theirs if ours is not None and ours.due_at <= theirs.due_at else ours
        if loser is not None:
            Clock.objects.filter(pk=loser.pk).update(cancelled_at=at)
        if loser is not theirs:
            Clock.objects.filter(pk=theirs.pk).update(ticket=kept)


def _merge_facts(kept: Ticket, gone: Ticket) -> None:
    kept.state = _state(kept.state, gone.state)
    kept.opened_at = min(kept.opened_at, gone.opened_at)
    kept.first_sent_at = _least(kept.first_sent_at, gone.first_sent_at)
    kept.last_sent_at = _most(kept.last_sent_at, gone.last_sent_at)
    kept.answered_until = _most(kept.answered_until, gone.answered_until)
    kept.last_asked_at = _most(kept.last_asked_at, gone.last_asked_at)
    kept.unanswered_since = _least(kept.unanswered_since, gone.unanswered_since)
    kept.unanswered_count += gone.unanswered_count
    if gone.last_at > kept.last_at:
        kept.last_at, kept.last_text, kept.channel = gone.last_at, gone.last_text, gone.channel
    if STRICTEST.index(Priority(gone.priority)) < STRICTEST.index(Priority(kept.priority)):
        kept.priority = gone.priority
        kept.priority_reasons = [*kept.priority_reasons, *gone.priority_reasons]
    kept.assignee_id = kept.assignee_id or gone.assignee_id
    if not kept.kind:
        kept.kind, kept.suggested_kind = gone.kind, gone.suggested_kind
        kept.kind_corrected_by_id = gone.kind_corrected_by_id
    if kept.radicado is None and gone.radicado is not None:
        # One case, one number on its head: it is lent, and given back if they are put apart again.
        kept.radicado, gone.radicado = gone.radicado, None
        kept.kind, kept.kind_corrected_by_id = gone.kind, gone.kind_corrected_by_id
        Ticket.objects.filter(pk=gone.pk).update(radicado=None)


def _state(kept: str, gone: str) -> str:
    """What the joined case is: an area's answer is still awaited, else there is work, else both wait."""
    if gone not in OPEN_STATES:
        return kept
    both = {kept, gone}
    if len(both) == 1:
        return kept
    return TicketState.WAITING_AREA if TicketState.WAITING_AREA in both else TicketState.OPEN


def _least(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(filter(None, (one, other)), default=None)


def _most(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)


def _tell(action: str, move: CaseMove, by: Membership | None) -> None:
    """A line in the story of both."""
    for ticket_id, other_id in ((move.kept_id, move.other_id), (move.other_id, move.kept_id)):
        audit.record(
            move.organization_id, action, actor_id=by.pk if by else None, ticket_id=ticket_id,
            move=move.pk, other=other_id, kept=move.kept_id, reason=move.reason,
        )  # fmt: skip
