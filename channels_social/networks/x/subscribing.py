"""Asking X to push: the app's webhook, once, and an account's X Activity subscriptions (channels.md A6).

Pushing only makes things faster: an account without it is polled all the same. X wants public https without
a port; the events of direct messages want the account's own token.
"""

from __future__ import annotations

from typing import Any

import tweepy
from django.conf import settings

from channels_social.networks.base import NetworkError
from channels_social.networks.x.client import XClient

EVENTS = (
    "post.create", "post.delete", "post.mention.create", "post.reply.create", "post.quote.create",
    "dm.received", "dm.sent", "dm.read", "chat.received", "chat.sent", "oauth.revoke",
    "profile.update.screenname",
)  # fmt: skip
PRIVATE = ("dm.", "chat.")


def subscribe(account: XClient) -> list[str]:
    """Subscribe the account to all we read; the events X did not grant. Raises :class:`NetworkError`
    when the webhook itself is refused."""
    app = _app(account)
    webhook = ensure_webhook(account, app)
    refused = []
    for event in EVENTS:
        speaker = account.api if event.startswith(PRIVATE) else app
        body = {
            "event_type": event,
            "filter": {"user_id": account.external_id},
            "webhook_id": webhook,
            "tag": event,
        }
        try:
            _ask(account, speaker, "POST", "/2/activity/subscriptions", body)
        except NetworkError as error:
            # There already is as good as new; anything else is shown, and polled.
            if "duplicate" not in error.detail.lower():
                refused.append(event)
    return refused


def ensure_webhook(account: XClient, app: tweepy.Client) -> str:
    """The id of our webhook at X, registered if it was not, and valid."""
    url = f"{settings.BASE_URL}/hooks/x/"
    listed = _ask(account, app, "GET", "/2/webhooks").get("data") or []
    for hook in listed:
        if hook.get("url") == url:
            if not hook.get("valid"):
                _ask(account, app, "PUT", f"/2/webhooks/{hook['id']}")
            return str(hook["id"])
    made = _ask(account, app, "POST", "/2/webhooks", {"url": url})
    return str((made.get("data") or made)["id"])


def _app(account: XClient) -> tweepy.Client:
    """The application speaking for itself, over the account's session."""
    client = tweepy.Client(bearer_token=settings.X_APP_BEARER, return_type=dict)
    client.session = account.session
    return client


def _ask(
    account: XClient, speaker: tweepy.Client, method: str, route: str, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    return account.ask(lambda: speaker.request(method, route, json=body).json(), writes=method != "GET")
