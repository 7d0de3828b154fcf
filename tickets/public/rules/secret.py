"""The secret a case is followed with: twelve letters and figures that nobody confuses. Pure.

Sixty bits, in Crockford's alphabet: O is 0, I and L are 1, capitals do not matter, hyphens are for the eye.
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_SAME = str.maketrans({"O": "0", "I": "1", "L": "1"})


def written(raw: bytes) -> str:
    """«7KQ4-M2XP-9TRA», of at least eight random bytes."""
    number = int.from_bytes(raw[:8], "big")
    letters = "".join(ALPHABET[number >> 5 * place & 31] for place in range(LENGTH))
    return "-".join(letters[at : at + 4] for at in range(0, LENGTH, 4))


def read(typed: str) -> str:
    """What was typed, as it is compared; empty when it cannot be one."""
    plain = "".join(sign for sign in typed.upper().translate(_SAME) if sign.isalnum())
    return plain if len(plain) == LENGTH and all(sign in ALPHABET for sign in plain) else ""
