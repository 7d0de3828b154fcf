"""Times as people write them: «15 min», «2 h», «2 h 30», «1 d»; a day is 24 hours. Pure."""

from __future__ import annotations

import re

_PARTS = re.compile(
    r"^\s*(?:(?P<d>\d{1,3})\s*d(?:[ií]as?)?)?\s*(?:(?P<h>\d{1,4})\s*h(?:oras?|rs?)?)?\s*"
    r"(?:(?P<m>\d{1,5})\s*(?:m(?:in(?:utos?)?)?\.?)?)?\s*$",
    re.I,
)
NOTHING = ("", "-", "–", "—")
LONGEST = 366 * 24 * 60


def minutes_of(text: str) -> int | None:
    """Minutes of what was written; None where nothing is owed. ValueError: ``form``, ``zero``, ``long``."""
    text = text.strip().replace("\N{NO-BREAK SPACE}", " ")
    if text in NOTHING:
        return None
    found = _PARTS.match(text)
    if text.startswith("-"):
        raise ValueError("zero")
    if found is None:
        raise ValueError("form")
    days, hours, minutes = (int(found[name] or 0) for name in "dhm")
    whole = days * 1440 + hours * 60 + minutes
    if whole == 0:
        raise ValueError("zero")
    if whole > LONGEST:
        raise ValueError("long")
    return whole


def written(minutes: int | None) -> str:
    """The same, as it is written in a form."""
    if minutes is None:
        return ""
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, [f"{hours} h" if hours else "", f"{rest} min" if rest else ""]))
