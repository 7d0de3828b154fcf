"""X (API v2 and X Activity) as a network of this house."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from channels_social.enums import ActionKind, ConversationKind
from channels_social.networks.base import Client, Entry, FileRules, Parsed

NAME = "x"


class X:
    """The registry's object. What is behind it is imported when first used: start-up stays short."""

    name = NAME
    streams = ("mentions", "timeline", "dms", "again")
    default_capabilities: dict[str, Any] = {
        "reply": True,
        "dm": True,
        "hide": True,
        # Withdrawn from every self-serve tier on 2026-04-20 (channels.md 0.2).
        "follow": False,
        "long_posts": False,
    }
    # docs.x.com, "Pricing" (read 2026-08).
    push_prices: dict[str, tuple[str, int]] = {
        "x.post": ("event_post", 5_000),
        "x.delete": ("event_post", 5_000),
        "x.dm": ("event_dm", 10_000),
        "x.chat": ("event_dm", 10_000),
    }

    def client(
        self, *, external_id: str, credentials: dict[str, Any], capabilities: dict[str, Any]
    ) -> Client:
        from channels_social.networks.x.client import XClient  # tweepy only where something is asked of X

        return XClient(external_id=external_id, credentials=credentials, capabilities=capabilities)

    def refresh(self, credentials: dict[str, Any]) -> tuple[dict[str, Any], datetime | None]:
        """A new pair of tokens for an old one, which is dead from then on. Raises ``NetworkError``."""
        from channels_social.networks.x import oauth

        tokens = oauth.refresh(str(credentials["refresh_token"]))
        # X gives a new refresh token each time; should it not, the old one is still good.
        kept = {"refresh_token": tokens.refresh or credentials["refresh_token"]}
        return credentials | tokens.credentials() | kept, tokens.expires_at

    def verify(self, body: bytes, headers: dict[str, str]) -> bool:
        from channels_social.networks.x import hooks

        return hooks.verify(body, headers)

    def challenge(self, query: dict[str, str]) -> tuple[str, str] | None:
        from channels_social.networks.x import hooks

        return hooks.challenge(query)

    def split(self, body: dict[str, Any]) -> list[Entry]:
        from channels_social.networks.x import hooks

        return hooks.split(body)

    def parse(self, kind: str, payload: dict[str, Any], account_external_id: str) -> Parsed:
        from channels_social.networks.x.parse import parse

        return parse(kind, payload, account_external_id)

    def limit_for(self, kind: ConversationKind, capabilities: dict[str, Any]) -> tuple[int, str]:
        if kind == ConversationKind.X_PUBLIC:
            return (25_000 if capabilities.get("long_posts") else 280), "weighted"
        return 10_000, "utf16"

    def length(self, text: str) -> int:
        from channels_social.networks.x.length import weighted_length

        return weighted_length(text)

    def files_for(self, kind: ActionKind, place: ConversationKind, capabilities: dict[str, Any]) -> FileRules:
        from channels_social.networks.x.uploading import rules

        return rules(kind, capabilities)


network = X()
