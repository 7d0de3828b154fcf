"""What a composer was proposed, sealed into a word that comes back with the answer: no row is read to judge it."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from django.core import signing

_SALT = "tickets.guidance.template"
_SIGNED = re.compile(r"\s*\^[A-ZÑÁÉÍÓÚÜ]{2,4}\s*$")


def seal(version: int, ticket: int, text: str) -> str:
    """A word that says: this version was proposed to this case as this text."""
    return signing.dumps([version, ticket, _digest(text)], salt=_SALT, compress=True)


def opened(word: str, ticket: int) -> tuple[int, str] | None:
    """The version and the digest of what was proposed; None for a word that is not ours or of another case."""
    try:
        version, of, digest = signing.loads(word, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return (version, digest) if of == ticket else None


def is_untouched(text: str, digest: str) -> bool:
    """Whether a text is what was proposed: white space, capitals and the signature are no words of one's own."""
    return _digest(text) == digest


def _digest(text: str) -> str:
    words = " ".join(unicodedata.normalize("NFC", _SIGNED.sub("", text)).split()).casefold()
    return hashlib.blake2b(words.encode(), digest_size=12).hexdigest()
