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
_GAPS = re.compile(r"[^a-z0-9?]+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_STRETCHED = re.compile(r"([a-z])\1{2,}")


@lru_cache(maxsize=64)
def padded_words(text: str) -> str:
    """Return " no me deja entrar ? ": single spaces everywhere, one at each end.

    A question mark is a word of its own and letters drawn out ("pésiiimo") are not. The last texts are
    remembered: every rule asks for the same one.
    """
    words = fold(text)
    if "@" in words or "http" in words:
        words = _DROPPED.sub(" ", words)
    words = " ".join(_GAPS.sub(" ", words).replace("?", " ? ").split())
    for letter in _LETTERS:
        if letter * 3 in words:
            words = _STRETCHED.sub(r"\1", words)
            break
    return f" {words} "


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
        by_beginning = self._by_beginning
        start, last = 1, len(words)
        while start < last:
            end = words.index(" ", start)
            if candidates := by_beginning.get(words[start : start + _BEGINNING]):
                _note(words, start, start, candidates, found)
            if words[start:end] in _DENYING:
                verb = _denied(words, end + 1)
                if candidates := by_beginning.get(_NOT + words[verb : verb + _BEGINNING - 1]):
                    _note(words, start, verb, candidates, found)
            start = end + 1
        return [(said, meaning) for (_, meaning), said in found.items()]


def _note(
    words: str, start: int, at: int, candidates: list[tuple[str, T]], found: dict[tuple[str, T], str]
) -> None:
    """Note the cues that begin at `at`, as said from `start` on, each once."""
    for cue, meaning in candidates:
        plain = cue if at == start else cue[1:]
        if words.startswith(plain, at) and (cue, meaning) not in found:
            found[cue, meaning] = words[start : words.index(" ", at + len(plain) - 1)]


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
