"""Encrypt a push message so that only the browser can read it (RFC 8291, content coding of RFC 8188). Pure but for
the key and salt it draws, which a test may give."""

from __future__ import annotations

import base64
import os
import struct

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

RECORD = 4096


def seal(
    body: bytes,
    *,
    p256dh: str,
    auth: str,
    key: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body as the browser with these keys opens it. Raises ``ValueError`` for keys that are none."""
    theirs_raw, secret = unbase64(p256dh), unbase64(auth)
    if len(secret) != 16:
        raise ValueError("auth")
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs_raw)
    mine, salt = key or ec.generate_private_key(ec.SECP256R1()), salt or os.urandom(16)
    mine_raw = mine.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    shared = mine.exchange(ec.ECDH(), theirs)
    base = HKDF(hashes.SHA256(), 32, secret, b"WebPush: info\0" + theirs_raw + mine_raw).derive(shared)
    content_key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(base)
    nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(base)
    header = salt + struct.pack(">IB", RECORD, len(mine_raw)) + mine_raw
    return header + AESGCM(content_key).encrypt(nonce, body + b"\x02", None)


def unbase64(text: str) -> bytes:
    """base64url without its padding. Raises ``ValueError``."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
