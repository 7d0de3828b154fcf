"""Facebook pages and Messenger (Graph API) as a network of this house."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from channels_social.enums import ActionKind, ConversationKind
from channels_social.networks.base import Client, Entry, FileRules, NetworkError, Parsed


class Facebook:
    """The registry's object. What is behind it is imported when first used: start-up stays short."""

    name = "facebook"
    streams = ("feed", "conversations")
    default_capabilities: dict[str, Any] = {
        "reply": True,
        "dm": True,
        "private_reply": True,
        "hide": True,
        "follow": False,
        # The feature "Human Agent" needs Meta's review.
        "human_agent": True,
    }
    push_prices: dict[str, tuple[str, int]] = {}

    def client(
        self, *, external_id: str, credentials: dict[str, Any], capabilities: dict[str, Any]
    ) -> Client:
        from channels_social.networks.facebook.client import FacebookClient

        return FacebookClient(external_id=external_id, credentials=credentials, capabilities=capabilities)

    def refresh(self, credentials: dict[str, Any]) -> tuple[dict[str, Any], datetime | None]:
        """A page's token lives until something kills it; there is nothing to refresh."""
        raise NetworkError("auth", "no_refresh")

    def verify(self, body: bytes, headers: dict[str, str]) -> bool:
        from channels_social.networks.facebook import hooks

        return hooks.verify(body, headers)

    def challenge(self, query: dict[str, str]) -> tuple[str, str] | None:
        from channels_social.networks.facebook import hooks

        return hooks.challenge(query)

    def split(self, body: dict[str, Any]) -> list[Entry]:
        from channels_social.networks.facebook import hooks

        return hooks.split(body)

    def parse(self, kind: str, payload: dict[str, Any], account_external_id: str) -> Parsed:
        from channels_social.networks.facebook.parse import parse

        return parse(kind, payload, account_external_id)

    def limit_for(self, kind: ConversationKind, capabilities: dict[str, Any]) -> tuple[int, str]:
        from channels_social.networks.facebook.length import COMMENT_LIMIT, MESSAGE_LIMIT

        return (MESSAGE_LIMIT if kind == ConversationKind.MESSENGER else COMMENT_LIMIT), "utf16"

    def files_for(self, kind: ActionKind, place: ConversationKind, capabilities: dict[str, Any]) -> FileRules:
        from channels_social.networks.facebook.carrying import COMMENT, MESSAGE

        if kind == ActionKind.REPLY:
            return COMMENT
        # The one private answer to a comment is words: a second message would not be taken.
        return MESSAGE if kind == ActionKind.DIRECT_MESSAGE else FileRules()

    def length(self, text: str) -> int:
        from channels_social.networks.facebook.length import length

        return length(text)


network = Facebook()
