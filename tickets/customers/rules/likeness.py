"""Ways one person's handle and name are written on two networks. Pure.

No distance is measured: at a million people that is a scan. Each writing is folded to a few keys, and two
identities are alike when they share one. A key that many share says nothing (``COMMON``).
"""

from __future__ import annotations

import re

from helpdesk.text import fold

# More people than this with the same key, and it is a common name.
COMMON = 5
_SHORTEST = 7
_LONGEST = 40
_GAP = re.compile(r"[^a-z0-9]+")
_EDGE = re.compile(r"^[0-9]+|[0-9]+$")
_PARTICLES = frozenset(("de", "del", "la", "las", "los", "el", "y", "san", "da", "do"))


def keys_of(handle: str, name: str) -> set[str]:
    """The keys of a handle and a name: «dianam_rojas» and «Diana Marcela Rojas» share one."""
    return {key for key in _of_handle(handle) | _of_name(name) if _SHORTEST <= len(key) <= _LONGEST}


def _of_handle(handle: str) -> set[str]:
    """Without dots, underscores and the figures at its ends, which networks add when a handle is taken."""
    letters = _GAP.sub("", fold(handle.lstrip("@")))
    return {_EDGE.sub("", letters)}


def _of_name(name: str) -> set[str]:
    """First name and surname as people make handles of them; two words at least, as one is nobody's own."""
    words = [word for word in _GAP.split(fold(name)) if word and word not in _PARTICLES]
    if len(words) < 2 or len(words) > 6:
        return set()
    first, rest = words[0], words[1:]
    keys = {"".join(words)}
    for last in rest:
        keys |= {first + last, first[0] + last}
    if len(rest) > 1:
        keys |= {first + rest[0][0] + last for last in rest[1:]}
    return keys
