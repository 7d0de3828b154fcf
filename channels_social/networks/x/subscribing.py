"""Asking X to tell us at once: our webhook, and what it should hear about an account (X Activity API)."""

from __future__ import annotations

from typing import Any

import requests
from django.conf import settings

from channels_social.networks import http
from channels_social.networks.base import NetworkError

# Needed for support (channels.md A6). Private kinds want the account's own token, the rest the app's.
PUBLIC = ("post.mention.create", "post.create", "post.delete", "profile.update.screenname")
PRIVATE = ("dm.received", "dm.sent", "dm.read", "chat.received", "chat.sent")
# Documented in prose, missing in the OpenAPI's list: asked for, and no harm when refused.
HOPED_FOR = ("post.reply.create", "post.quote.create", "oauth.revoke")


def webhook_url() -> str:
    """Where X delivers to; https, public and without a port on the real network."""
    return f"{settings.BASE_URL}/hooks/x/"


def subscribe(*, external_id: str, access_token: str) -> None:
    """Have everything about this account delivered; again does no harm. Raises :class:`NetworkError`."""
    session = http.Session()
    webhook = _webhook(session)
    for kind in PUBLIC + HOPED_FOR:
        _ask_for(session, settings.X_APP_BEARER, kind, external_id, webhook, insists=kind in PUBLIC)
    for kind in PRIVATE:
        _ask_for(session, access_token, kind, external_id, webhook, insists=True)


def _webhook(session: http.Session) -> str:
    """The id of our webhook, registered when X does not know it yet; X asks us its challenge meanwhile."""
    known = _call(session, "GET", "/2/webhooks", settings.X_APP_BEARER)
    for one in known.get("data") or []:
        if one.get("url") == webhook_url():
            return str(one["id"])
    made = _call(session, "POST", "/2/webhooks", settings.X_APP_BEARER, {"url": webhook_url()})
    return str((made.get("data") or made).get("id") or "")


def _ask_for(
    session: http.Session, token: str, kind: str, external_id: str, webhook: str, *, insists: bool
) -> None:
    body = {"event_type": kind, "filter": {"user_id": external_id}, "webhook_id": webhook}
    try:
        _call(session, "POST", "/2/activity/subscriptions", token, body)
    except NetworkError as error:
        if insists and error.code != "http_409":  # 409: it exists already
            raise


def _call(
    session: http.Session, method: str, path: str, token: str, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"}
    try:
        response = session.request(method, settings.X_API_URL + path, json=body, headers=headers)
        told = response.json()
    except requests.JSONDecodeError:
        told = {}
    except requests.RequestException as error:
        raise http.unreachable(error, writes=False) from None
    if response.status_code >= 400:
        raise NetworkError("refused", f"http_{response.status_code}", str(told.get("detail") or "")[:200])
    return told if isinstance(told, dict) else {}
