"""How a call of another system is signed: HMAC-SHA256 over its moment, its nonce and its bytes. Pure."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass

# Seconds a signed call may be old, or ahead of our clock.
WINDOW = 300
SCHEME = "v1="
_NONCE = re.compile(r"[A-Za-z0-9_.:\-]{8,64}")
_SIGNATURE = re.compile(r"v1=[0-9a-f]{64}")
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{8,24}")


@dataclass(frozen=True, slots=True)
class Seal:
    """What the headers of a call say."""

    key_id: str
    timestamp: int
    nonce: str
    signature: str


def read_seal(key_id: str, timestamp: str, nonce: str, signature: str) -> Seal | None:
    """The headers, when each has its form."""
    if not (_KEY_ID.fullmatch(key_id) and _NONCE.fullmatch(nonce) and _SIGNATURE.fullmatch(signature)):
        return None
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        return None
    return Seal(key_id, int(timestamp), nonce, signature)


def sign(secret: bytes, timestamp: int, nonce: str, body: bytes) -> str:
    """The signature of a call, as its header carries it."""
    signed = b"%d.%s.%s" % (timestamp, nonce.encode(), body)
    return SCHEME + hmac.new(secret, signed, "sha256").hexdigest()


def is_signed(seal: Seal, secret: bytes, body: bytes) -> bool:
    """Whether the signature is of that secret; compared in constant time."""
    return hmac.compare_digest(sign(secret, seal.timestamp, seal.nonce, body), seal.signature)


def is_fresh(seal: Seal, now: float) -> bool:
    """Whether the call was made within five minutes of now."""
    return abs(now - seal.timestamp) <= WINDOW
