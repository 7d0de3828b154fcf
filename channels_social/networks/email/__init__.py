"""E-mail (SMTP out, IMAP in) as a network of this house: an account is a support address."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from channels_social.enums import ActionKind, ConversationKind
from channels_social.networks.base import Client, Entry, FileRules, NetworkError, Parsed


class Email:
    """The registry's object. What is behind it is imported when first used: start-up stays short."""

    name = "email"
    streams = ("inbox", "sent")
    default_capabilities: dict[str, Any] = {"dm": True}
    push_prices: dict[str, tuple[str, int]] = {}

    def client(
        self, *, external_id: str, credentials: dict[str, Any], capabilities: dict[str, Any]
    ) -> Client:
        from channels_social.networks.email.client import EmailClient

        return EmailClient(external_id=external_id, credentials=credentials, capabilities=capabilities)

    def refresh(self, credentials: dict[str, Any]) -> tuple[dict[str, Any], datetime | None]:
        """A password lives until somebody changes it; there is nothing to refresh."""
        raise NetworkError("auth", "no_refresh")

    def verify(self, body: bytes, headers: dict[str, str]) -> bool:
        """Nobody pushes e-mail to us over HTTP."""
        return False

    def challenge(self, query: dict[str, str]) -> tuple[str, str] | None:
        return None

    def split(self, body: dict[str, Any]) -> list[Entry]:
        return []

    def parse(self, kind: str, payload: dict[str, Any], account_external_id: str) -> Parsed:
        from channels_social.networks.email.parse import parse

        return parse(kind, payload, account_external_id)

    def limit_for(self, kind: ConversationKind, capabilities: dict[str, Any]) -> tuple[int, str]:
        """A letter may be as long as it needs to be."""
        return 0, "utf16"

    def length(self, text: str) -> int:
        return len(text)

    def files_for(self, kind: ActionKind, place: ConversationKind, capabilities: dict[str, Any]) -> FileRules:
        from channels_social.networks.email.carrying import LETTER

        return LETTER if kind == ActionKind.DIRECT_MESSAGE else FileRules()


network = Email()
