"""Keyed digests: what lies sealed can still be looked up by equality, and by nobody who has only the database.

HMAC-SHA256 under a key derived by HKDF from ``SECRET_KEY``, not from ``ENCRYPTION_KEYS``: those rotate, and a
look-up key that changed would find nothing of yesterday. The organization is part of what is digested, so the
same telephone in two organizations has two digests.
"""

from __future__ import annotations

import base64
import hmac
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LENGTH = 43


def digest_of(organization_id: int, text: str) -> str:
    """The look-up key of ``text`` in an organization: 43 characters, url-safe base64 of 32 bytes."""
    from django.conf import settings  # Here, so that the rest of the module needs no Django.

    key = _key_of(settings.SECRET_KEY)
    raw = hmac.digest(key, f"{organization_id}:{text}".encode(), "sha256")
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@lru_cache(maxsize=8)
def _key_of(secret: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=b"circunflejo digest 1").derive(secret.encode())
