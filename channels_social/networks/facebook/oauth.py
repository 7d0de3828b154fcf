"""Connecting a page: Facebook Login, a long-lived user token, and from it a page token that does not expire
(developers.facebook.com, "Get long-lived tokens"; channels.md C4)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings

from channels_social.networks.facebook.graph import Graph

SCOPES = (
    "pages_show_list,pages_read_engagement,pages_read_user_content,pages_manage_engagement,"
    "pages_manage_metadata,pages_messaging"
)
SUBSCRIBED = (
    "feed,mention,messages,message_echoes,message_deliveries,message_reads,message_edits,message_reactions,"
    "messaging_postbacks,standby,messaging_handovers,messaging_policy_enforcement"
)


@dataclass(frozen=True, slots=True)
class Start:
    """Where to send the person, and what to remember until they come back (server side, per session)."""

    url: str
    state: str


@dataclass(frozen=True, slots=True)
class PageToken:
    """A page the person may hand over, with its own token."""

    external_id: str
    name: str
    access_token: str
    tasks: tuple[str, ...]
    # Facebook's id of who hands it over, for this app: by it they can take it back.
    person: str = ""

    def credentials(self) -> dict[str, Any]:
        """As an account keeps them, before sealing."""
        return {"access_token": self.access_token, "scopes": SCOPES.replace(",", " ")}


def begin(redirect_uri: str) -> Start:
    """The login dialog's address with a fresh state."""
    state = secrets.token_urlsafe(24)
    query = {
        "client_id": settings.FB_APP_ID,
        "redirect_uri": redirect_uri,
        "state": state,
        "scope": SCOPES,
        "response_type": "code",
    }
    return Start(f"{settings.FB_DIALOG_URL}?{urlencode(query)}", state)


def pages_for(*, code: str, redirect_uri: str) -> list[PageToken]:
    """The pages a person handed over with this code. Raises :class:`NetworkError`."""
    graph = Graph("")
    app = {"client_id": settings.FB_APP_ID, "client_secret": settings.FB_APP_SECRET}
    path = f"{graph.version}/oauth/access_token"
    # By POST: the code and the secret must not stand in an address.
    short = graph.request(path, post_args=app | {"code": code, "redirect_uri": redirect_uri})
    exchange = {"grant_type": "fb_exchange_token", "fb_exchange_token": short["access_token"]}
    long = graph.request(path, post_args=app | exchange)
    theirs = Graph(str(long["access_token"]))
    person = str(theirs.get_object("me", fields="id").get("id") or "")
    listed = theirs.get_connections("me", "accounts", limit=100)
    return [
        PageToken(
            str(page["id"]),
            str(page["name"]),
            str(page["access_token"]),
            tuple(page.get("tasks") or ()),
            person,
        )
        for page in listed.get("data") or []
    ]


def subscribe(page: PageToken) -> None:
    """Ask for the page's webhooks. Raises :class:`NetworkError`."""
    Graph(page.access_token).put_object(page.external_id, "subscribed_apps", subscribed_fields=SUBSCRIBED)


def inspect(token: str) -> dict[str, Any]:
    """What Graph knows of a token: ``is_valid``, ``scopes``, ``expires_at``, ``data_access_expires_at``."""
    graph = Graph(f"{settings.FB_APP_ID}|{settings.FB_APP_SECRET}")
    body = graph.request(f"{graph.version}/debug_token", args={"input_token": token})
    found: dict[str, Any] = body.get("data") or {}
    return found
