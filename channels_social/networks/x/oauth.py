"""Connecting an X account: OAuth 2.0 with PKCE, as a confidential client (docs.x.com, "OAuth 2.0")."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import requests
from django.conf import settings

from channels_social.networks import http
from channels_social.networks.base import NetworkError
from helpdesk import clock

SCOPES = (
    "tweet.read tweet.write tweet.moderate.write users.read dm.read dm.write like.write follows.write "
    "media.write offline.access"
)


@dataclass(frozen=True, slots=True)
class Start:
    """Where to send the person, and what to remember until they come back (server side, per session)."""

    url: str
    state: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """A pair of tokens. ``refresh`` works once: using it twice kills every token of the grant."""

    access: str
    refresh: str
    scopes: str
    expires_at: datetime

    def credentials(self) -> dict[str, Any]:
        """As an account keeps them, before sealing."""
        return {"access_token": self.access, "refresh_token": self.refresh, "scopes": self.scopes}


def begin(redirect_uri: str) -> Start:
    """The authorization page's address with a fresh state and PKCE verifier (RFC 7636, S256)."""
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    hashed = hashlib.sha256(verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": settings.X_CLIENT_ID,
        "redirect_uri": redirect_uri,
        "scope": SCOPES,
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(hashed).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    return Start(f"{settings.X_AUTHORIZE_URL}?{urlencode(query)}", state, verifier)


def exchange(*, code: str, verifier: str, redirect_uri: str) -> Tokens:
    """Tokens for an authorization code, which lives 30 seconds. Raises :class:`NetworkError`."""
    return _tokens(
        grant_type="authorization_code", code=code, code_verifier=verifier, redirect_uri=redirect_uri
    )


def refresh(refresh_token: str) -> Tokens:
    """A new pair for an old refresh token, which is dead from then on. Raises :class:`NetworkError`.

    ``auth``: X refuses the grant for good. ``unknown``: no answer; the old token may be used up.
    """
    return _tokens(grant_type="refresh_token", refresh_token=refresh_token)


def revoke(token: str) -> None:
    """Give a token back. Raises :class:`NetworkError`."""
    _post("/2/oauth2/revoke", {"token": token})


def _tokens(**form: str) -> Tokens:
    body = _post("/2/oauth2/token", form)
    if not body.get("access_token"):
        raise NetworkError("unknown", "no_token")
    return Tokens(
        access=str(body["access_token"]),
        refresh=str(body.get("refresh_token") or ""),
        scopes=str(body.get("scope") or ""),
        expires_at=clock.now() + timedelta(seconds=int(body.get("expires_in") or 7200)),
    )


def _post(path: str, form: dict[str, str]) -> dict[str, Any]:
    session = http.Session()
    basic = (settings.X_CLIENT_ID, settings.X_CLIENT_SECRET)
    try:
        response = session.post(
            settings.X_API_URL + path,
            data=form | {"client_id": settings.X_CLIENT_ID},
            auth=requests.auth.HTTPBasicAuth(*basic),
        )
    except requests.RequestException as error:
        raise http.unreachable(error, writes=True) from None
    return _body(response)


def _body(response: requests.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        body = {}
    if response.status_code == 429:
        raise NetworkError("later", "rate_limited", retry_at=http.retry_after(response.headers))
    if response.status_code >= 500 or not isinstance(body, dict):
        raise NetworkError("unknown", f"http_{response.status_code}")
    if response.status_code >= 400:
        raise NetworkError("auth", str(body.get("error") or f"http_{response.status_code}")[:40])
    return body
