"""What Meta posts of a person who takes the app away: ``signed_request``, verified before it is read.

``<signature>.<payload>``, both base64url without padding; the signature is HMAC-SHA256 of the payload as it was sent,
by the app's secret (developers.facebook.com, "Data Deletion Request Callback"; channels.md C4).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Said:
    """Who takes it away (the app-scoped id), and when Facebook says so."""

    person: str
    at: datetime


def is_signed(request: str) -> bool:
    """Whether the app's secret signed this request."""
    signature, _, payload = request.partition(".")
    if not settings.FB_APP_SECRET or not payload:
        return False
    right = hmac.new(settings.FB_APP_SECRET.encode(), payload.encode(), hashlib.sha256).digest()
    try:
        given = _decoded(signature)
    except ValueError:
        return False
    return hmac.compare_digest(given, right)


def read(request: str) -> Said:
    """What a signed request says. Raises ``ValueError`` when it is not what Meta documents."""
    told = json.loads(_decoded(request.partition(".")[2]))
    if not isinstance(told, dict) or str(told.get("algorithm", "")).upper() != "HMAC-SHA256":
        raise ValueError("not a signed request")
    person = told.get("user_id")
    if not isinstance(person, str | int) or not str(person):
        raise ValueError("it names nobody")
    try:
        return Said(str(person), datetime.fromtimestamp(int(told["issued_at"]), UTC))
    except (KeyError, TypeError, OverflowError, OSError) as error:
        raise ValueError("it does not say when") from error


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64url") from error
