"""What may not lie in the database in clear (tokens, raw events) is sealed here.

AES-256-GCM-SIV (RFC 8452) under a key derived by HKDF from each of `ENCRYPTION_KEYS`. Why not Fernet: 6 µs
instead of 16-19 µs for a payload of 2 KB, and intake seals and opens thousands a second. Why SIV: many
processes draw random nonces for years, and a nonce drawn twice must not break the key.

Sealed bytes: version (1) · id of the key (4) · nonce (12) · ciphertext and tag. Version and key id are
authenticated. The first key seals, all open; after a new first key, `rotate` re-seals what it is given.
"""

import base64
import binascii
import os
from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"
_HEADER = 5
_NONCE = 12
_TAG = 16


class CannotOpen(Exception):
    """The bytes were not sealed by us, were altered, or their key is no longer configured."""


class Vault:
    """Seals and opens bytes under a list of keys. Safe to share between threads."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take Fernet keys (32 bytes, url-safe base64); the first seals. ValueError without a usable key."""
        if not keys:
            raise ValueError("ENCRYPTION_KEYS holds no key")
        self._ciphers: dict[bytes, AESGCMSIV] = {}
        for position, key in enumerate(keys, start=1):
            header, cipher = _derive(key, position)
            self._ciphers.setdefault(header, cipher)
        self._header = next(iter(self._ciphers))
        self._cipher = self._ciphers[self._header]

    def seal(self, plain: bytes | str) -> bytes:
        """Return `plain` (text as UTF-8) sealed under the first key; 33 bytes longer."""
        data = plain.encode() if isinstance(plain, str) else plain
        nonce = os.urandom(_NONCE)
        return self._header + nonce + self._cipher.encrypt(nonce, data, self._header)

    def open(self, sealed: bytes | memoryview) -> bytes:
        """Return what was sealed. CannotOpen when that is not possible."""
        data = bytes(sealed)
        header = data[:_HEADER]
        if len(data) < _HEADER + _NONCE + _TAG or header[:1] != _VERSION:
            raise CannotOpen("these bytes were not sealed here")
        cipher = self._ciphers.get(header)
        if cipher is None:
            raise CannotOpen(f"no configured key has the id {header[1:].hex()}")
        try:
            return cipher.decrypt(data[_HEADER : _HEADER + _NONCE], data[_HEADER + _NONCE :], header)
        except InvalidTag:
            raise CannotOpen("the sealed bytes were altered") from None

    def open_text(self, sealed: bytes | memoryview) -> str:
        """Return sealed text. CannotOpen when that is not possible."""
        return self.open(sealed).decode()

    def is_current(self, sealed: bytes | memoryview) -> bool:
        """Tell whether the bytes are sealed under the first key."""
        return bytes(sealed[:_HEADER]) == self._header

    def rotate(self, sealed: bytes | memoryview) -> bytes:
        """Return the same content sealed under the first key (unchanged when it is). CannotOpen as `open`."""
        content = self.open(sealed)
        return bytes(sealed) if self.is_current(sealed) else self.seal(content)


def _derive(key: str, position: int) -> tuple[bytes, AESGCMSIV]:
    try:
        secret = base64.b64decode(key, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != 32:
        raise ValueError(f"ENCRYPTION_KEYS: key {position} is not 32 bytes in url-safe base64")
    derived = HKDF(SHA256(), length=36, salt=None, info=b"circunflejo vault 1").derive(secret)
    return _VERSION + derived[32:], AESGCMSIV(derived[:32])


def vault() -> Vault:
    """Return the vault of `settings.ENCRYPTION_KEYS`, made once per list of keys."""
    from django.conf import settings  # Here, so that the rest of the module needs no Django.

    return _vault_of(tuple(settings.ENCRYPTION_KEYS))


@lru_cache(maxsize=8)
def _vault_of(keys: tuple[str, ...]) -> Vault:
    return Vault(keys)
