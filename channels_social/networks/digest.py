"""What makes two deliveries of the same thing the same: a digest of the parts that matter (decisions 6)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

SEPARATOR = "\x1f"


def digest(*parts: str) -> str:
    """SHA-256 of the parts, shortened to 128 bits, in hex. Lone surrogates are legal."""
    return hashlib.sha256(SEPARATOR.join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def digest_of(value: Any) -> str:
    """Digest of a whole JSON value, for what has no parts we know."""
    return digest(json.dumps(value, sort_keys=True, separators=(",", ":")))


def text_id(value: Any) -> str:
    """An external id as text, exactly: networks send strings and integers, a float has lost digits.

    Raises ``ValueError`` for anything else, and for an empty one.
    """
    if isinstance(value, str) and value:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ValueError(f"not an id: {type(value).__name__}")
