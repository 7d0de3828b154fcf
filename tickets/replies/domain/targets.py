"""Where an answer goes: the thread, the action and its target, by mode. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from channels_social.enums import AccountState, ActionKind, ActionState, ConversationKind, Network
from channels_social.models import SocialAccount
from channels_social.networks.email.parse import SCOPE, thread_key
from helpdesk.tenancy.planned import ask
from helpdesk.tenancy.select import Select
from tickets.cases.models import Conversation, Message, Ticket
from tickets.customers.domain.identities import address_of
from tickets.customers.models import Identity
from tickets.enums import Direction, IdentityCheck
from tickets.replies.windows import Window, messenger_window, private_reply_window

PRIVATE_KINDS = (ConversationKind.X_DM, ConversationKind.MESSENGER, ConversationKind.EMAIL)
PUBLIC_KINDS = (ConversationKind.X_PUBLIC, ConversationKind.FB_COMMENTS)
ALWAYS = Window(True)
# Where a letter goes: a verified address first, then one they wrote from, then one that was noted.
_MAILBOX = Select(
    Identity,
    tail=f"""WHERE t.organization_id = %s AND t.customer_id = %s AND t.network = '{Network.EMAIL}'
 AND (t.scope = '{SCOPE}' OR t.sealed IS NOT NULL)
 ORDER BY CASE WHEN t.check_state = '{IdentityCheck.VERIFIED}' THEN 0 WHEN NOT t.is_by_hand THEN 1 ELSE 2 END, t.id
 LIMIT 1""",
)
# The first support address that may write.
_WRITES_FROM = Select(
    SocialAccount,
    tail=f"WHERE t.organization_id = %s AND t.network = '{Network.EMAIL}' AND t.state = '{AccountState.LIVE}' "
    "AND t.credentials IS NOT NULL ORDER BY t.id LIMIT 1",
)
# The comment that a private reply would answer, and whether one did.
_LAST_COMMENT = f"""
SELECT m.external_id, m.occurred_at, EXISTS (
    SELECT FROM channels_social_outboundaction o WHERE o.organization_id = m.organization_id
    AND o.account_id = %(account)s AND o.kind = '{ActionKind.PRIVATE_REPLY}' AND o.target_id = m.external_id
    AND o.state NOT IN ('{ActionState.FAILED}', '{ActionState.CANCELLED}'))
FROM tickets_message m
WHERE m.organization_id = %(org)s AND m.conversation_id = %(thread)s AND m.direction = '{Direction.IN}'
AND m.external_id = %(comment)s
"""
_THREADS = Select(
    Conversation,
    "account",
    "identity",
    tail="WHERE t.organization_id = %s AND t.current_ticket_id = %s ORDER BY t.last_customer_at, t.id",
)
_THREADS_OF_MANY = Select(
    Conversation,
    "account",
    "identity",
    tail="WHERE t.organization_id = %s AND t.current_ticket_id = ANY(%s) ORDER BY t.last_customer_at, t.id",
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
        if self.account.network == Network.EMAIL:
            return ConversationKind.EMAIL
        if self.mode == "private":
            return ConversationKind.X_DM if self.account.network == Network.X else ConversationKind.MESSENGER
        return ConversationKind(self.conversation.kind)


def threads_of(tickets: Sequence[Ticket]) -> dict[int, list[Conversation]]:
    """The threads of many cases of one organization, in their order, for :func:`targets_of`."""
    found: dict[int, list[Conversation]] = {ticket.pk: [] for ticket in tickets}
    if tickets:
        for thread in _THREADS_OF_MANY.all(tickets[0].organization_id, list(found)):
            found[thread.current_ticket_id or 0].append(thread)
    return found


def targets_of(
    ticket: Ticket, *, now: datetime, threads: list[Conversation] | None = None
) -> dict[str, Target]:
    """The ways a case can be answered: at most one public and one private. ``threads``: its own, where known."""
    if threads is None:
        threads = _THREADS.all(ticket.organization_id, ticket.pk)
    threads = threads or _threads_of_words(ticket)
    public = next((t for t in reversed(threads) if t.kind in PUBLIC_KINDS), None)
    private = next((t for t in reversed(threads) if t.kind in PRIVATE_KINDS), None)
    targets = {}
    if public is not None and public.last_external_id:
        targets["public"] = _public(public)
    if private is not None:
        targets["private"] = _private(private, now)
    is_beside = public is not None and (private is None or private.network == public.network)
    if public is not None and is_beside and _is_shut(targets.get("private")):
        # A comment may be answered in private whatever Messenger says; that it was is the better reason, too.
        first = _first_private(public, now)
        if first is not None and (
            private is None or first.window.is_open or private.last_customer_at is None
        ):
            targets["private"] = first
    if _is_shut(targets.get("private")):
        by_mail = first_letter(ticket)
        if by_mail is not None:
            targets["private"] = by_mail
    return targets


def _is_shut(target: Target | None) -> bool:
    return target is None or not target.window.is_open


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


def first_letter(ticket: Ticket) -> Target | None:
    """The first letter of a case that did not come by mail: to the customer's address, when we hold one.

    From the first support address that may write; its thread is made when something is sent.
    """
    identity = _MAILBOX.one(ticket.organization_id, ticket.customer_id)
    account = _WRITES_FROM.one(ticket.organization_id) if identity is not None else None
    if identity is None or account is None:
        return None
    address = address_of(identity)
    thread = Conversation(
        organization_id=ticket.organization_id,
        account=account,
        network=Network.EMAIL,
        kind=ConversationKind.EMAIL,
        thread_key=thread_key(f"case:{ticket.pk}", address),
        customer_id=ticket.customer_id,
        identity=identity,
        current_ticket=ticket,
    )
    return Target(
        mode="private",
        kind=ActionKind.DIRECT_MESSAGE,
        account=account,
        conversation=thread,
        target_id=address[:120],
        thread_key=thread.thread_key,
    )


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
        target_id=address_of(thread.identity)[:120],
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
    external_id, at, was_used = comment
    return Target(
        mode="private",
        kind=ActionKind.PRIVATE_REPLY,
        account=public.account,
        conversation=public,
        target_id=external_id,
        thread_key=public.thread_key,
        window=private_reply_window(at, already_used=was_used, now=now),
    )


def _last_comment(thread: Conversation) -> tuple[str, datetime, bool] | None:
    with connection.cursor() as cursor:
        ask(
            cursor,
            _LAST_COMMENT,
            {
                "org": thread.organization_id,
                "account": thread.account_id,
                "thread": thread.pk,
                "comment": thread.last_external_id,
            },
        )
        return cursor.fetchone()


def dm_thread_key(one: str, other: str) -> str:
    """X's id of the conversation of two users: ``{smaller}-{larger}`` (X docs, direct messages)."""
    low, high = sorted((int(one), int(other)))
    return f"{low}-{high}"
