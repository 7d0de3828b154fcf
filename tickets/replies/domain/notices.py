"""Words the system says by itself: the radicado, where a case goes on. They leave like answers and are none.

No clock stops for a notice, nobody signs it, and no answer waits behind it: it travels in the last lane.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from channels_social.enums import AccountMode, ActionKind, ActionState, Lane
from channels_social.models import OutboundAction
from helpdesk import clock
from helpdesk.tenancy.models import Membership
from tickets.cases.models import Filing, Message, Telling, Ticket
from tickets.enums import Direction
from tickets.replies.domain.targets import Target


def refusal_of(target: Target) -> str:
    """Why nothing may be said by ourselves there, or nothing.

    The person of a page's private reply has one only: that is an agent's. And the seven days of a human agent
    are a human's (channels C2).
    """
    if target.account.mode == AccountMode.READ_ONLY:
        return "read_only"
    if target.kind == ActionKind.PRIVATE_REPLY:
        return "private_reply_kept"
    if not target.window.is_open:
        return target.window.code
    return "window_closed" if target.window.needs_human_agent else ""


@transaction.atomic
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
    if OutboundAction.objects.filter(organization_id=ticket.organization_id, client_token=token).exists():
        return None
    now = clock.now()
    state = ActionState.QUEUED if target.account.is_live else ActionState.HELD
    action = OutboundAction(
        organization_id=ticket.organization_id,
        account=target.account,
        kind=target.kind,
        state=state,
        lane=lane,
        created_by=by,
        not_before=now,
        thread_key=target.thread_key,
        target_id=target.target_id,
        text=text,
        options={},
        client_token=token,
    )
    message = _message(ticket, target, text, state, now, by)
    action.subject_id = message.pk
    action.save()
    message.action = action
    message.save(update_fields=["action"])
    return message


def _message(
    ticket: Ticket, target: Target, text: str, state: ActionState, now: datetime, by: Membership | None
) -> Message:
    return Message.objects.create(
        organization_id=ticket.organization_id,
        conversation=target.conversation,
        ticket=ticket,
        network=target.conversation.network,
        direction=Direction.OUT,
        is_public=target.mode == "public",
        text=text,
        occurred_at=now,
        needs_attention=False,
        is_notice=True,
        author=by,
        send_state=state,
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
