"""A message as the rules read it: folded words between single spaces, without mentions and links. Pure."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Generic, TypeVar

from helpdesk.text import fold

T = TypeVar("T")

_BEGINNING = 3
_NOT = "!"
_DENYING = frozenset(["no", "ni", "nadie", "nunca", "jamas", "tampoco"])
# What may stand between "no" or "nadie" and the verb it denies.
_BETWEEN = frozenset(
    """
    me te le nos les se lo la los las os ha han he hemos has esta estan puedo puede pueden podemos
    pude poder podido podia va van voy a fue ya quiere quieren quiso logro sido siquiera dejado
    """.split()  # noqa: SIM905
)
_MAX_BETWEEN = 4
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
            self._look(words, start, start, "", found)
            end = words.index(" ", start)
            if words[start:end] in _DENYING:
                self._look(words, start, _denied(words, end + 1), _NOT, found)
            start = end + 1
        return [(said, meaning) for (_, meaning), said in found.items()]

    def _look(self, words: str, start: int, at: int, sign: str, found: dict[tuple[str, T], str]) -> None:
        """Note the cues that begin at a word, as said from `start` on."""
        for cue, meaning in self._by_beginning.get(sign + words[at : at + _BEGINNING - len(sign)], ()):
            if (cue, meaning) not in found and words.startswith(cue[len(sign) :], at):
                found[cue, meaning] = words[start : words.index(" ", at + len(cue) - len(sign) - 1)]


def _denied(words: str, start: int) -> int:
    """Return where the verb after a "no" begins, past pronouns and auxiliaries."""
    for _ in range(_MAX_BETWEEN):
        end = words.find(" ", start)
        if end < 0 or words[start:end] not in _BETWEEN:
            break
        start = end + 1
    return start


def cues(text: str) -> tuple[str, ...]:
    """Read cues, one a line or between "|": "cobr*" lets the word go on, "!lleg*" is what is denied."""
    parts = (part.strip() for line in text.strip().splitlines() for part in line.split("|"))
    return tuple(part[:-1] if part.endswith("*") else f"{part} " for part in parts if part)
