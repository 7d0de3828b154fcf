"""A Facebook page spoken as itself, for one task: ``facebook-sdk`` through :class:`Graph`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from channels_social.enums import ActionKind
from channels_social.networks import http
from channels_social.networks.base import Entry, NetworkError, Outgoing, Page, Receipt, Trace
from channels_social.networks.facebook import finding, reading, sending
from channels_social.networks.facebook.graph import Graph

# A leading dot stands for every host below it.
FILE_HOSTS = frozenset({".fbcdn.net", ".fbsbx.com", "lookaside.facebook.com"})


class FacebookClient:
    """One page, one task. Raises :class:`NetworkError` from every call and nothing else."""

    def __init__(
        self, *, external_id: str, credentials: dict[str, Any], capabilities: dict[str, Any]
    ) -> None:
        self.external_id, self.capabilities = external_id, capabilities
        self.trace = Trace()
        self.graph = Graph(str(credentials.get("access_token") or ""), self.trace)

    def poll(self, stream: str, cursor: str) -> Page:
        """Read ``feed`` (posts and comments) or ``conversations`` (Messenger) since the cursor."""
        return reading.STREAMS[stream](self, cursor)

    def look_up(self, external_ids: Iterable[str]) -> tuple[Entry, ...]:
        """Comments and posts by id with what they hang from, roots first; what is gone is absent."""
        return reading.look_up(self, external_ids)

    def upload(self, action: Outgoing) -> tuple[str, ...]:
        """Messenger's files are handed over first; a comment takes its picture along itself."""
        return sending.upload(self, action)

    def send(self, action: Outgoing) -> Receipt:
        """Do it, once."""
        return sending.send(self, action)

    def find_sent(self, action: Outgoing) -> Receipt | None:
        """Read back an action whose answer was lost."""
        finders = {
            ActionKind.REPLY: finding.find_comment,
            ActionKind.DIRECT_MESSAGE: finding.find_message,
            ActionKind.PRIVATE_REPLY: finding.find_private_reply,
            ActionKind.HIDE: finding.find_hidden,
        }
        finder = finders.get(action.kind)
        return finder(self, action) if finder else None

    def who(self, external_id: str) -> str:
        """The name of a person of Messenger; empty when Facebook does not tell (channels C1)."""
        try:
            person = self.graph.get_object(external_id, fields="first_name,last_name")
        except NetworkError as error:
            if error.verdict == "refused":
                return ""
            raise
        return f"{person.get('first_name') or ''} {person.get('last_name') or ''}".strip()

    def check(self) -> dict[str, Any]:
        """Which page the token speaks for."""
        page = self.graph.get_object("me", fields="id,name,username,is_published")
        if not isinstance(page, dict) or not page.get("id"):
            raise NetworkError("auth", "no_page")
        return {
            "external_id": str(page["id"]),
            "name": str(page.get("name") or ""),
            "handle": str(page.get("username") or ""),
            "capabilities": {},
        }

    def fetch(self, url: str) -> tuple[bytes, str]:
        """A file of Facebook. Its address is its own key: no token is sent."""
        own = frozenset({urlsplit(settings.GRAPH_API_URL).netloc})
        return http.fetch(self.graph.session, url, own if settings.SANDBOX_URL else FILE_HOSTS, {})
