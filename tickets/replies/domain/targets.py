"""Where an answer goes: the thread, the action and its target, by mode. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from channels_social.enums import ActionKind, ConversationKind, Network
from channels_social.models import OutboundAction, SocialAccount
from helpdesk.tenancy.select import Select
from tickets.cases.models import Conversation, Message, Ticket
from tickets.enums import Direction
from tickets.replies.windows import Window, messenger_window, private_reply_window

PRIVATE_KINDS = (ConversationKind.X_DM, ConversationKind.MESSENGER)
PUBLIC_KINDS = (ConversationKind.X_PUBLIC, ConversationKind.FB_COMMENTS)
ALWAYS = Window(True)
_THREADS = Select(
    Conversation,
    "account",
    "identity",
    tail="WHERE t.organization_id = %s AND t.current_ticket_id = %s ORDER BY t.last_customer_at, t.id",
)


@dataclass(frozen=True, slots=True)
class Target:
    """One way of answering a case. ``conversation`` is where the answer will stand."""

    mode: str
    kind: ActionKind
    account: SocialAccount
    conversation: Conversation
    target_id: str
    thread_key: str
    window: Window = ALWAYS

    @property
    def length_kind(self) -> ConversationKind:
        """The kind of thread whose limit counts."""
        if self.mode == "private":
            return ConversationKind.X_DM if self.account.network == Network.X else ConversationKind.MESSENGER
        return ConversationKind(self.conversation.kind)


def targets_of(ticket: Ticket, *, now: datetime) -> dict[str, Target]:
    """The ways a case can be answered: at most one public and one private."""
    threads = _THREADS.all(ticket.organization_id, ticket.pk) or _threads_of_words(ticket)
    public = next((t for t in reversed(threads) if t.kind in PUBLIC_KINDS), None)
    private = next((t for t in reversed(threads) if t.kind in PRIVATE_KINDS), None)
    targets = {}
    if public is not None and public.last_external_id:
        targets["public"] = _public(public)
    if private is not None:
        targets["private"] = _private(private, now)
    elif public is not None:
        first = _first_private(public, now)
        if first is not None:
            targets["private"] = first
    return targets


def target_in(thread: Conversation, *, now: datetime) -> Target:
    """The way to say something in this very thread."""
    return _public(thread) if thread.is_public else _private(thread, now)


def _threads_of_words(ticket: Ticket) -> list[Conversation]:
    """Of a case whose threads go on in another: where its own words were said, each with the last of them."""
    said = Message.objects.filter(
        organization_id=ticket.organization_id, ticket=ticket, direction=Direction.IN, deleted_at=None
    )
    last = dict(said.order_by("occurred_at", "id").values_list("conversation_id", "external_id"))
    threads = list(
        Conversation.objects.filter(organization_id=ticket.organization_id, pk__in=last)
        .select_related("account", "identity")
        .order_by("last_customer_at", "id")
    )
    for thread in threads:
        thread.last_external_id = last[thread.pk] or ""
    return threads


def first_public(ticket: Ticket) -> Conversation | None:
    """The public thread of a case that was spoken in last."""
    return (
        Conversation.objects.filter(
            organization_id=ticket.organization_id, current_ticket=ticket, kind__in=PUBLIC_KINDS
        )
        .select_related("account", "identity")
        .order_by("-last_customer_at")
        .first()
    )


def _public(thread: Conversation) -> Target:
    return Target(
        mode="public",
        kind=ActionKind.REPLY,
        account=thread.account,
        conversation=thread,
        target_id=thread.last_external_id,
        thread_key=thread.thread_key,
    )


def _private(thread: Conversation, now: datetime) -> Target:
    window = ALWAYS
    if thread.kind == ConversationKind.MESSENGER:
        agent = thread.account.capabilities.get("human_agent", True)
        window = messenger_window(thread.last_customer_at, now, human_agent=agent)
    return Target(
        mode="private",
        kind=ActionKind.DIRECT_MESSAGE,
        account=thread.account,
        conversation=thread,
        target_id=thread.identity.external_id,
        thread_key=thread.thread_key,
        window=window,
    )


def _first_private(public: Conversation, now: datetime) -> Target | None:
    """The first private words to someone who only spoke in public."""
    if public.identity.is_anonymous and public.network == Network.X:
        return None
    if public.kind == ConversationKind.X_PUBLIC:
        allowed = public.identity.accepts_dm is not False
        return Target(
            mode="private",
            kind=ActionKind.DIRECT_MESSAGE,
            account=public.account,
            conversation=public,
            target_id=public.identity.external_id,
            thread_key=dm_thread_key(public.account.external_id, public.identity.external_id),
            window=ALWAYS if allowed else Window(False, code="dm_not_allowed"),
        )
    comment = _last_comment(public)
    if comment is None:
        return None
    used = (
        OutboundAction.objects.filter(
            organization_id=public.organization_id,
            account_id=public.account_id,
            kind=ActionKind.PRIVATE_REPLY,
            target_id=comment.external_id,
        )
        .exclude(state__in=["failed", "cancelled"])
        .exists()
    )
    return Target(
        mode="private",
        kind=ActionKind.PRIVATE_REPLY,
        account=public.account,
        conversation=public,
        target_id=comment.external_id or "",
        thread_key=public.thread_key,
        window=private_reply_window(comment.occurred_at, already_used=used, now=now),
    )


def _last_comment(thread: Conversation) -> Message | None:
    return (
        Message.objects.filter(
            organization_id=thread.organization_id,
            conversation=thread,
            direction=Direction.IN,
            external_id=thread.last_external_id,
        )
        .only("external_id", "occurred_at")
        .first()
    )


def dm_thread_key(one: str, other: str) -> str:
    """X's id of the conversation of two users: ``{smaller}-{larger}`` (X docs, direct messages)."""
    low, high = sorted((int(one), int(other)))
    return f"{low}-{high}"
