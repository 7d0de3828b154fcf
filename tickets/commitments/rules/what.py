"""What a date in a text is about: its own sentence. Pure."""

from __future__ import annotations

import re

# A sentence ends before a capital or an opening sign; «p. m.» ends none.
_END = re.compile(r"[.!?…]+\s+(?=[A-ZÁÉÍÓÚÑ¿¡])|\n+")


def sentence_of(text: str, start: int, end: int) -> str:
    """The sentence of ``text`` around that stretch, on one line."""
    first, last = 0, len(text)
    for found in _END.finditer(text):
        if found.end() <= start:
            first = found.end()
        elif found.start() >= end:
            last = found.start()
            break
    return " ".join(text[first:last].split())
