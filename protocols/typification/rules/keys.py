"""Keys of names: made once from the first name, never changed. Pure."""

from __future__ import annotations

import re
from collections.abc import Container

from helpdesk.text import fold

_GAPS = re.compile(r"[^a-z0-9]+")
LENGTH = 50


def free_key(axis: str, name: str, taken: Container[str]) -> str:
    """A key for a new name that is not taken: ``motive-doble-cobro``, ``motive-doble-cobro-2``."""
    stem = f"{axis}-{_GAPS.sub('-', fold(name)).strip('-') or 'x'}"[:LENGTH].rstrip("-")
    key, n = stem, 2
    while key in taken:
        key, n = f"{stem}-{n}", n + 1
    return key
