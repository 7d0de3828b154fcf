"""By what channel a definitive answer can still be notified when its legal term ends. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from channels_social.enums import ActionKind, ConversationKind
from tickets.replies.domain.targets import Target
from tickets.replies.windows import HUMAN_AGENT, STANDARD


@dataclass(frozen=True, slots=True)
class NotificationChannel:
    """``is_open_then``: the private way will be open at the end of the term; ``shuts_at`` when not, and when known."""

    is_open_then: bool
    shuts_at: datetime | None = None
    # There is one private reply, and nothing after it until the person writes.
    is_single: bool = False


def channel_for(targets: Mapping[str, Target], due_at: datetime) -> NotificationChannel:
    """What the private way of a case is worth on the day its term ends."""
    private = targets.get("private")
    if private is None or private.window.code == "dm_not_allowed":
        return NotificationChannel(False)
    if private.kind == ActionKind.PRIVATE_REPLY:
        return NotificationChannel(False, private.window.closes_at, is_single=True)
    if private.conversation.is_public and private.conversation.identity.accepts_dm is not True:
        # Nobody knows whether they let us write first: a word of theirs in private, or an address, would say so.
        return NotificationChannel(False)
    if private.length_kind != ConversationKind.MESSENGER:
        return NotificationChannel(private.window.is_open)
    last = private.conversation.last_customer_at
    allowed = HUMAN_AGENT if private.account.capabilities.get("human_agent", True) else STANDARD
    shuts_at = last + allowed if last else None
    return NotificationChannel(shuts_at is not None and shuts_at > due_at, shuts_at)
