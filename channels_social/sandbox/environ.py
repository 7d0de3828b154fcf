"""Where the sandbox listens, where it keeps its file, and where the product is.

Read once from the environment.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

# The fixed demonstration apps: the product's settings default to the same values when the sandbox is on.
X_CLIENT_ID = "sandbox-x-client"
X_CLIENT_SECRET = "sandbox-x-client-secret"
X_CONSUMER_SECRET = "sandbox-x-consumer-secret"
X_APP_BEARER = "sandbox-x-app-bearer"
X_APP_ID = "29820954"
FB_APP_ID = "900100200300400"
FB_APP_SECRET = "sandbox-fb-app-secret"
FB_VERIFY_TOKEN = "sandbox-fb-verify"


@dataclass(frozen=True)
class Environ:
    """Addresses without a trailing slash, the state file, and the apps' credentials."""

    sandbox_url: str = "http://localhost:8401"
    base_url: str = "http://localhost:8400"
    file: str = "var/sandbox.sqlite3"
    # Of the local mail server; 0 takes a free one, None follows from the sandbox's own port.
    asked_smtp_port: int | None = None
    asked_imap_port: int | None = None
    x_client_id: str = X_CLIENT_ID
    x_client_secret: str = field(default=X_CLIENT_SECRET, repr=False)
    x_consumer_secret: str = field(default=X_CONSUMER_SECRET, repr=False)
    x_app_bearer: str = field(default=X_APP_BEARER, repr=False)
    fb_app_id: str = FB_APP_ID
    fb_app_secret: str = field(default=FB_APP_SECRET, repr=False)
    fb_verify_token: str = field(default=FB_VERIFY_TOKEN, repr=False)

    @property
    def host(self) -> str:
        """Host to listen on."""
        return urlsplit(self.sandbox_url).hostname or "localhost"

    @property
    def port(self) -> int:
        """Port to listen on; 80 when the address names none."""
        return urlsplit(self.sandbox_url).port or 80

    @property
    def smtp_port(self) -> int:
        """Where letters are handed over: the sandbox's port and ten thousand."""
        return self._beside(self.asked_smtp_port, 10_000)

    @property
    def imap_port(self) -> int:
        """Where boxes are read: the sandbox's port and twenty thousand."""
        return self._beside(self.asked_imap_port, 20_000)

    def _beside(self, asked: int | None, step: int) -> int:
        if asked is not None:
            return asked
        return self.port + step if self.port + step < 65_536 else 0


def read_environ() -> Environ:
    """The settings of this process: SANDBOX_URL, BASE_URL, CIRCUNFLEJO_VAR and the apps' credentials."""
    get = os.environ.get
    folder = Path(get("CIRCUNFLEJO_VAR") or "var")
    return Environ(
        sandbox_url=(get("SANDBOX_URL") or Environ.sandbox_url).rstrip("/"),
        base_url=(get("BASE_URL") or Environ.base_url).rstrip("/"),
        file=str(folder / "sandbox.sqlite3"),
        asked_smtp_port=_port(get("SANDBOX_SMTP_PORT")),
        asked_imap_port=_port(get("SANDBOX_IMAP_PORT")),
        x_client_id=get("X_CLIENT_ID") or X_CLIENT_ID,
        x_client_secret=get("X_CLIENT_SECRET") or X_CLIENT_SECRET,
        x_consumer_secret=get("X_CONSUMER_SECRET") or X_CONSUMER_SECRET,
        x_app_bearer=get("X_APP_BEARER") or X_APP_BEARER,
        fb_app_id=get("FB_APP_ID") or FB_APP_ID,
        fb_app_secret=get("FB_APP_SECRET") or FB_APP_SECRET,
        fb_verify_token=get("FB_VERIFY_TOKEN") or FB_VERIFY_TOKEN,
    )


def _port(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
