"""Dates an answer promises: whether they can be promised this way, and their rows beside the message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from channels_social.enums import ActionKind, ConversationKind
from helpdesk import clock
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Mode, Permission
from tickets.cases.models import Message, Ticket
from tickets.commitments.domain.promising import NotPromised, Promise, check, commit, keep_place, last_word
from tickets.commitments.models import Commitment
from tickets.replies.domain.targets import Target, first_letter
from tickets.replies.windows import messenger_limit

# A trainee promises in an answer that somebody approves.
MAY = (Mode.YES, Mode.APPROVAL)


def may_promise(member: Membership) -> bool:
    """Whether this member's answers may promise a date."""
    return member.mode(Permission.MAKE_COMMITMENTS) in MAY


def check_promises(
    ticket: Ticket,
    promises: Sequence[Promise],
    *,
    mode: str,
    targets: Mapping[str, Target],
    by: Membership | None,
) -> None:
    """Raise :class:`NotPromised` where one of these dates cannot be promised in an answer of this ``mode``."""
    if promises and by is not None and not may_promise(by):
        raise NotPromised("may_not")
    for promise in promises:
        check(ticket, promise, now=clock.now())
        code = unreachable(ticket, promise.due_at, mode=mode, targets=targets)
        if code:
            raise NotPromised(code)


def write_promises(message: Message, promises: Sequence[Promise], *, by: Membership | None) -> None:
    """The rows of what an answer promises; owed once it was sent."""
    for promise in promises:
        assert message.ticket is not None
        commit(message.ticket, promise, by=by, message=message)


def unreachable(ticket: Ticket, due_at: datetime, *, mode: str, targets: Mapping[str, Target]) -> str:
    """Why somebody who is promised this date in private could not be told then; empty when they could.

    In public one may always answer. What was promised in private is told in private: by the same thread while its
    window is open, else by mail when we hold an address.
    """
    target = targets.get(mode)
    if target is None or mode == "public":
        return ""
    code = _shut(target, due_at)
    return "" if not code or first_letter(ticket) is not None else code


def _shut(target: Target, due_at: datetime) -> str:
    if target.kind == ActionKind.PRIVATE_REPLY:
        return "single_reply"
    thread = target.conversation
    if thread.kind != ConversationKind.MESSENGER or thread.last_customer_at is None:
        return ""
    agent = bool(target.account.capabilities.get("human_agent", True))
    return "beyond_window" if due_at > messenger_limit(thread.last_customer_at, human_agent=agent) else ""


def promise_by_hand(ticket: Ticket, promise: Promise, *, by: Membership) -> Commitment:
    """A date the customer was told by word of mouth. One that takes the place of another needs an answer of ours,
    sent since that one was told: only then it is renegotiated. Saves the case; raises :class:`NotPromised`.
    """
    told_at = clock.now()
    if promise.replaces is not None:
        former = Commitment.objects.filter(pk=promise.replaces, ticket=ticket).first()
        said = last_word(former) if former else None
        if said is None:
            raise NotPromised("not_told")
        told_at = said.occurred_at
    commitment = commit(ticket, promise, by=by, told_at=told_at)
    keep_place(ticket)
    return commitment
