"""Words the system says by itself: the radicado, where a case goes on. They leave like answers and are none.

No clock stops for a notice, nobody signs it, and no answer waits behind it: it travels in the last lane.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from psycopg2.extras import execute_values

from channels_social.enums import AccountMode, ActionKind, ActionState, Lane
from channels_social.models import OutboundAction
from helpdesk import clock
from helpdesk.tenancy.models import Membership
from tickets.cases.models import Filing, Message, Telling, Ticket
from tickets.enums import Direction
from tickets.replies.domain.targets import Target

TIE = """
UPDATE tickets_message AS m SET action_id = v.action FROM (VALUES %s) AS v(org, id, action)
WHERE m.organization_id = v.org AND m.id = v.id
"""


def refusal_of(target: Target) -> str:
    """Why nothing may be said by ourselves there, or nothing.

    The person of a page's private reply has one only: that is an agent's. And the seven days of a human agent
    are a human's (channels C2).
    """
    if target.account.mode == AccountMode.READ_ONLY:
        return "read_only"
    if target.kind == ActionKind.PRIVATE_REPLY and target.window.code != "private_reply_used":
        return "private_reply_kept"
    if not target.window.is_open:
        return target.window.code
    return "window_closed" if target.window.needs_human_agent else ""


@dataclass(frozen=True, slots=True)
class Notice:
    """Words for one case, by one road. The same ``token`` says nothing twice."""

    ticket: Ticket
    target: Target
    text: str
    token: str


def queue_notice(
    ticket: Ticket,
    target: Target,
    *,
    text: str,
    token: str,
    lane: Lane = Lane.COURTESY,
    by: Membership | None = None,
) -> Message | None:
    """Queue the words once: the same token says nothing twice. None when they already were. In ``tenant``.

    ``by``: the colleague who let them leave, who has a human agent's window.
    """
    said = queue_notices([Notice(ticket, target, text, token)], lane=lane, by=by)
    return next(iter(said), None)


@transaction.atomic
def queue_notices(
    notices: Sequence[Notice], *, lane: Lane = Lane.COURTESY, by: Membership | None = None
) -> list[Message]:
    """The same for many cases of one organization, with as many statements as for one."""
    tokens = [one.token for one in notices]
    queued = OutboundAction.objects.filter(
        organization_id__in={one.ticket.organization_id for one in notices}, client_token__in=tokens
    )
    before, now = set(queued.values_list("client_token", flat=True)), clock.now()
    new = [one for one in notices if one.token not in before]
    messages = Message.objects.bulk_create(_message(one, now, by) for one in new)
    actions = OutboundAction.objects.bulk_create(
        _action(one, message, now, lane, by) for one, message in zip(new, messages, strict=True)
    )
    _tie(messages, actions)
    return messages


def _tie(messages: Sequence[Message], actions: Sequence[OutboundAction]) -> None:
    """Each message knows the action it leaves by."""
    pairs = list(zip(messages, actions, strict=True))
    for message, action in pairs:
        message.action = action
    if pairs:
        rows = [(message.organization_id, message.pk, action.pk) for message, action in pairs]
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, TIE, rows, page_size=len(rows))


def _state(target: Target) -> ActionState:
    return ActionState.QUEUED if target.account.is_live else ActionState.HELD


def _action(
    notice: Notice, message: Message, now: datetime, lane: Lane, by: Membership | None
) -> OutboundAction:
    target = notice.target
    return OutboundAction(
        organization_id=notice.ticket.organization_id,
        account=target.account,
        kind=target.kind,
        state=_state(target),
        lane=lane,
        created_by=by,
        not_before=now,
        thread_key=target.thread_key,
        target_id=target.target_id,
        text=notice.text,
        options={},
        client_token=notice.token,
        subject_id=message.pk,
    )


def _message(notice: Notice, now: datetime, by: Membership | None) -> Message:
    thread = notice.target.conversation
    return Message(
        organization_id=notice.ticket.organization_id,
        conversation=thread,
        ticket=notice.ticket,
        network=thread.network,
        direction=Direction.OUT,
        is_public=notice.target.mode == "public",
        text=notice.text,
        occurred_at=now,
        needs_attention=False,
        is_notice=True,
        author=by,
        send_state=_state(notice.target),
    )


def told(message: Message, state: str, sent_at: datetime | None) -> None:
    """What became of words that tell a radicado: told when they are really sent, tried again elsewhere if not."""
    filings = Filing.objects.filter(
        organization_id=message.organization_id, ticket=message.ticket_id, told_message=message, told_at=None
    )
    if state == ActionState.SENT and sent_at is not None:
        filings.update(told_at=sent_at, telling=Telling.TOLD, telling_code="")
    elif state == ActionState.FAILED:
        filings.update(telling=Telling.PENDING)
    elif state == ActionState.CANCELLED:
        filings.update(telling=Telling.NOT_TOLD, telling_code="cancelled")
    elif state != ActionState.UNKNOWN:
        filings.filter(telling=Telling.PENDING).update(telling=Telling.QUEUED)
