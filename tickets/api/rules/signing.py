"""Signs what leaves, as Standard Webhooks 1.0 says: HMAC-SHA256 over ``id.timestamp.body``. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

BEGINS = "whsec_"


def new_secret() -> str:
    """A secret to be shown once."""
    return BEGINS + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(secret: str, *, key: str, timestamp: int, body: bytes) -> str:
    """The signature header of one delivery."""
    raw = base64.b64decode(secret.removeprefix(BEGINS))
    said = f"{key}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(raw, said, hashlib.sha256)).decode()
