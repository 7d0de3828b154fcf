"""The desk's side of the outbox: asked before an action leaves, told when its state changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from channels_social.enums import ActionKind, ActionState, ConversationKind, Lane, Network
from channels_social.models import OutboundAction
from channels_social.networks.base import Receipt
from helpdesk import audit, clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership
from tickets.cases.models import Attachment, Conversation, Message, MessageVersion, Ticket
from tickets.cases.signature import parse_signature
from tickets.clocks.domain.marks import answered, place_in_queue
from tickets.commitments.domain.told import answer_told
from tickets.customers.models import Identity
from tickets.replies.domain import definitive, files, notices
from tickets.replies.windows import Window, messenger_window, private_reply_window


class OutboxDesk:
    """The two questions and one piece of news of ``channels_social.domain.delivery.Desk``."""

    def refuse(self, action: OutboundAction) -> tuple[str, str] | None:
        """Windows are checked when it leaves, not when it was written (channels F53)."""
        message = self._message(action)
        if message is None:
            return None
        if (
            action.lane == Lane.BULK
            and (message.conversation.last_sent_at or action.created_at) > action.created_at
        ):
            # Somebody answered this person themselves since the batch was made.
            return "answered_meanwhile", ""
        window = self._window(action, message)
        if window is None:
            return self._chain(action)
        if not window.is_open:
            return window.code, ""
        if action.options.get("part", 1) > 1 and not _is_sent(_before(action)):
            return "part_failed", ""
        action.options = {**action.options, "human_agent": window.needs_human_agent}
        return None

    def _window(self, action: OutboundAction, message: Message) -> Window | None:
        """The window of a private message on Facebook; None where there is none."""
        thread = message.conversation
        if action.kind == ActionKind.PRIVATE_REPLY:
            comment = Message.objects.filter(
                organization_id=action.organization_id, network=thread.network, external_id=action.target_id
            ).first()
            commented_at = comment.occurred_at if comment else action.created_at
            return private_reply_window(commented_at, already_used=False, now=clock.now())
        if thread.kind != ConversationKind.MESSENGER:
            return None
        # The seven days of a human agent are a human's: what the system says by itself has one.
        is_ours = message.is_notice and message.author_id is None
        agent = action.account.capabilities.get("human_agent", True) and not is_ours
        return messenger_window(thread.last_customer_at, clock.now(), human_agent=agent)

    def lock(self, action: OutboundAction) -> None:
        """The case of the answer; while we waited for it, it may have been joined into another."""
        held: set[int | None] = {None}
        while (message := self._message(action)) is not None and message.ticket_id not in held:
            Ticket.objects.select_for_update().get(pk=message.ticket_id)
            held.add(message.ticket_id)

    def told(self, action: OutboundAction, receipt: Receipt | None) -> None:
        message = self._message(action)
        if message is None:
            _obey(action)
            return
        message.send_state = action.state
        if answer_told(message, action.state, action.sent_at) and message.ticket is not None:
            place_in_queue(message.ticket)
            message.ticket.version += 1
            message.ticket.save()
        if action.state == ActionState.SENT and action.sent_at is not None:
            if action.external_id and message.external_id is None and _is_free(message, action.external_id):
                message.external_id = action.external_id
            message.occurred_at = action.sent_at
            if message.ticket is not None and not message.is_notice:
                answered(message.ticket, action.sent_at, written_at=action.created_at)
            if not message.is_notice:
                Conversation.objects.filter(pk=message.conversation_id).update(
                    last_sent_at=Greatest(F("last_sent_at"), action.sent_at)
                )
            if receipt is not None and receipt.recipient_id:
                self._tie(message, action, receipt)
        message.save(update_fields=["send_state", "external_id", "occurred_at"])
        notices.told(message, action.state, action.sent_at)
        definitive.told(message, action.state, action.sent_at)
        audit.record(
            action.organization_id,
            f"reply.{action.state}",
            ticket_id=message.ticket_id,
            message=message.pk,
            code=action.failure_code,
        )

    def _message(self, action: OutboundAction) -> Message | None:
        return (
            Message.objects.filter(organization_id=action.organization_id, pk=action.subject_id)
            .select_related("conversation", "ticket")
            .first()
        )

    def _chain(self, action: OutboundAction) -> tuple[str, str] | None:
        """A later part of a thread hangs from the part before it; if that failed, this one must not leave."""
        if action.options.get("part", 1) == 1:
            return None
        before = _before(action)
        if before is None or not _is_sent(before) or not before.external_id:
            return "part_failed", ""
        action.target_id = before.external_id
        action.save(update_fields=["target_id"])
        return None

    def _tie(self, message: Message, action: OutboundAction, receipt: Receipt) -> None:
        """A private reply tells the Messenger id of a comment's author: the only certain tie (channels C1)."""
        public = message.conversation
        if action.kind != ActionKind.PRIVATE_REPLY:
            return
        identity, _ = Identity.objects.get_or_create(
            organization_id=action.organization_id,
            network=Network.FACEBOOK,
            scope="messenger",
            external_id=receipt.recipient_id,
            defaults={"customer_id": public.customer_id, "name": public.customer.name},
        )
        Conversation.objects.get_or_create(
            organization_id=action.organization_id,
            network=Network.FACEBOOK,
            kind=ConversationKind.MESSENGER,
            thread_key=f"{action.account.external_id}:{receipt.recipient_id}",
            defaults={
                "account_id": action.account_id,
                "customer_id": identity.customer_id,
                "identity": identity,
                "current_ticket_id": message.ticket_id,
            },
        )


def _before(action: OutboundAction) -> OutboundAction | None:
    """The part before this one."""
    part, token = action.options["part"], action.client_token.split(":")[0]
    return OutboundAction.objects.filter(
        organization_id=action.organization_id,
        client_token=token if part == 2 else f"{token}:{part - 2}",
    ).first()


def _is_sent(action: OutboundAction | None) -> bool:
    return action is not None and action.state == ActionState.SENT


def _obey(action: OutboundAction) -> None:
    """What was done to somebody's message or to them shows on our copy once the network has done it."""
    if action.state != ActionState.SENT:
        return
    if action.kind == ActionKind.HIDE:
        hidden_at = action.sent_at if action.options.get("hidden") else None
        Message.objects.filter(organization_id=action.organization_id, external_id=action.target_id).update(
            hidden_at=hidden_at
        )
    elif action.kind == ActionKind.FOLLOW:
        Identity.objects.filter(
            organization_id=action.organization_id, network=Network.X, external_id=action.target_id
        ).update(is_followed=True)


@transaction.atomic
def change_action(
    message: Message, *, to: str, by: Membership, edited: bool = False, cause: str = ""
) -> bool:
    """Cancel, approve, retry or settle an answer by hand; False when it is too late for that.

    ``cancel`` while it has not left · ``approve`` by another person (``edited`` with other words; who may when is
    ``approving``'s to say) · ``retry`` what failed · ``settle_sent`` and ``settle_again`` what nobody knows.
    Lock the case first.
    """
    action = OutboundAction.objects.select_for_update().get(
        organization_id=message.organization_id, pk=message.action_id
    )
    if edited:
        action.options = {**action.options, "edited": True}
    if not _change(action, to, by):
        return False
    if to in TOGETHER:
        for part in _other_parts(action):
            _change(part, to, by)
    if to == "cancel" and action.created_by_id == by.pk:
        for part in (action, *_other_parts(action)):
            files.wait_again(part, message.ticket_id)
    audit.record(
        message.organization_id,
        f"reply.{to}",
        actor_id=by.pk,
        ticket_id=message.ticket_id,
        message=message.pk,
        **({"author": action.created_by_id, "edited": edited} if to == "approve" else {}),
        **({"cause": cause} if cause else {}),
    )
    return True


@dataclass(frozen=True, slots=True)
class Written:
    """An answer as its author wrote it: without signature, number or notice, and whether it left as a thread."""

    text: str
    mode: str
    in_thread: bool


def written(message: Message) -> Written:
    """What was written where this answer, or the thread it is a part of, comes from."""
    first = OutboundAction.objects.filter(
        organization_id=message.organization_id, client_token=tokens_of(message.action)[0]
    ).get()
    text = first.options.get("written") or parse_signature(first.text)[0]
    # In private the parts after the first are files, each a message of its own.
    in_thread = message.is_public and first.options.get("parts", 1) > 1
    return Written(text, "public" if message.is_public else "private", in_thread)


def may_repeat(code: str, since: datetime | None) -> bool:
    """Whether a person may send an unknown answer again: its network was read and does not tell, or could not be
    read for ten minutes ``since`` the request. Until then it may be there, and sending again would say it twice."""
    return code in UNTOLD or since is None or clock.now() - since > READING


def _change(action: OutboundAction, to: str, by: Membership) -> bool:
    allowed, state = CHANGES[to]
    if action.state not in allowed or (to == "approve" and action.created_by_id == by.pk):
        return False
    if to == "settle_again" and not may_repeat(action.failure_code, action.request_started_at):
        return False
    if to == "approve":
        action.approved_by = by
    if to == "settle_again":
        # From now on "you said that already" proves that the unknown attempt had arrived.
        action.requeued, action.absences = max(action.requeued, 1), 0
    if state == ActionState.QUEUED:
        action.request_started_at, action.lease_until, action.not_before = None, None, clock.now()
        action.failure_code, action.failure_detail = "", ""
        if not action.account.is_live:
            state = ActionState.HELD
    if state == ActionState.SENT:
        action.sent_at, action.lease_until = clock.now(), None
    action.state = state
    action.save()
    OutboxDesk().told(action, None)
    return True


def parts_of(message: Message) -> list[int]:
    """The messages of the answer this one is a part of, itself included, in their order."""
    tokens = tokens_of(message.action)
    rows = Message.objects.filter(organization_id=message.organization_id, action__client_token__in=tokens)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def tokens_of(action: OutboundAction) -> list[str]:
    """Of all the parts of the answer this action is one of, in their order."""
    parts = action.options.get("parts", 1)
    if parts == 1:
        return [action.client_token]
    token = action.client_token.split(":")[0]
    return [token, *(f"{token}:{place}" for place in range(1, parts))]


def _other_parts(action: OutboundAction) -> list[OutboundAction]:
    others = OutboundAction.objects.filter(
        organization_id=action.organization_id, client_token__in=tokens_of(action)
    )
    return list(others.exclude(pk=action.pk).select_for_update().order_by("id"))


def _is_free(message: Message, external_id: str) -> bool:
    """Make room for the network's id. An echo that was taken for somebody else's answer is this message."""
    twin = Message.objects.filter(
        organization_id=message.organization_id, network=message.network, external_id=external_id
    ).first()
    if twin is None:
        return True
    if twin.action_id is not None:
        return False
    MessageVersion.objects.filter(organization_id=twin.organization_id, message=twin).delete()
    Attachment.objects.filter(organization_id=twin.organization_id, message=twin).delete()
    twin.delete()
    return True


# What reading back ends with when the network does not tell, and how long it may take.
UNTOLD, READING = {"unknown_twice", "cannot_tell"}, timedelta(minutes=10)
# The parts of a thread are one answer: half of it is not sent, nor tried again.
TOGETHER = {"cancel", "approve", "retry"}
CHANGES = {
    "cancel": (
        {
            ActionState.AWAITING_APPROVAL,
            ActionState.QUEUED,
            ActionState.HELD,
            ActionState.RETRYING,
            ActionState.FAILED,
        },
        ActionState.CANCELLED,
    ),
    "approve": ({ActionState.AWAITING_APPROVAL}, ActionState.QUEUED),
    "retry": ({ActionState.FAILED, ActionState.RETRYING}, ActionState.QUEUED),
    "settle_sent": ({ActionState.UNKNOWN}, ActionState.SENT),
    "settle_again": ({ActionState.UNKNOWN}, ActionState.QUEUED),
}


def message_of(organization_id: int, action_id: int) -> tuple[int, int] | None:
    """The (ticket, message) an action belongs to, for whoever wants to show it."""
    with tenant(organization_id):
        return (
            Message.objects.filter(action_id=action_id, ticket__isnull=False)
            .values_list("ticket_id", "id")
            .first()
        )
