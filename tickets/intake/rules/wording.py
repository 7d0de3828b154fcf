"""A message as the rules read it: folded words between single spaces, without mentions and links. Pure."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Generic, TypeVar

from helpdesk.text import fold

T = TypeVar("T")

_BEGINNING = 3
_DROPPED = re.compile(r"https?://\S+|[@＠]\w+")
_GAPS = re.compile(r"[^a-z0-9?!]+")
_MARKS = re.compile(r"[?!]+")
_STRETCHED = re.compile(r"([a-z])\1{2,}")


@lru_cache(maxsize=64)
def padded_words(text: str) -> str:
    """Return " no me deja entrar ? ": single spaces everywhere, one at each end.

    Marks are words of their own and letters drawn out ("pésiiimo") are not. The last texts are remembered:
    every rule asks for the same one.
    """
    words = _MARKS.sub(lambda found: f" {found[0][0]} ", _DROPPED.sub(" ", fold(text)))
    return _STRETCHED.sub(r"\1", f" {_GAPS.sub(' ', words).strip()} ")


class CueIndex(Generic[T]):
    """Many cues looked for at once: each word of a message is looked up by how it begins."""

    def __init__(self, pairs: Iterable[tuple[str, T]]) -> None:
        """Take cues as `cues` reads them, each with what it stands for."""
        self._by_beginning: dict[str, list[tuple[str, T]]] = {}
        for cue, meaning in pairs:
            self._by_beginning.setdefault(cue[:_BEGINNING], []).append((cue, meaning))

    def find(self, words: str) -> list[tuple[str, T]]:
        """Return the words that match, each cue once, with what they stand for, in the message's order."""
        found: dict[tuple[str, T], str] = {}
        start = 1
        while start < len(words):
            for cue, meaning in self._by_beginning.get(words[start : start + _BEGINNING], ()):
                if (cue, meaning) not in found and words.startswith(cue, start):
                    found[cue, meaning] = words[start : words.index(" ", start + len(cue) - 1)]
            start = words.index(" ", start) + 1
        return [(said, meaning) for (_, meaning), said in found.items()]


def cues(text: str) -> tuple[str, ...]:
    """Read a list of cues: one a line or between "|"; a trailing "*" lets the word go on ("cobr*")."""
    parts = (part.strip() for line in text.strip().splitlines() for part in line.split("|"))
    return tuple(part[:-1] if part.endswith("*") else f"{part} " for part in parts if part)
