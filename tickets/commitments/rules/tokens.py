"""A text as words with their places: every rule over dates reads these and looks a bounded way around. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from helpdesk.text import fold

_TOKEN = re.compile(r"\d+(?::\d\d(?!\d))?|[^\W\d_]+|[^\w\s]|_")


def word_set(words: str) -> frozenset[str]:
    """Folded words written in one line."""
    return frozenset(words.split())


class Token(NamedTuple):
    """A word folded (without accents and capitals), a number or a sign, and where it stands in the text."""

    word: str
    start: int
    end: int


class Tokens:
    """The tokens of a text; beyond its ends there are empty words."""

    def __init__(self, text: str) -> None:
        self.all = [Token(fold(m[0]), m.start(), m.end()) for m in _TOKEN.finditer(text)]
        self.asked = _questions(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def word(self, at: int) -> str:
        """The word at a place, empty beyond the ends."""
        return self.all[at].word if 0 <= at < len(self.all) else ""

    def words(self, first: int, last: int) -> list[str]:
        """The words of a stretch."""
        return [self.word(at) for at in range(max(first, 0), min(last, len(self.all)))]

    def follows(self, at: int, *words: str) -> bool:
        """Whether these words stand there, one after the other."""
        return all(self.word(at + place) == word for place, word in enumerate(words))

    def number(self, at: int) -> int | None:
        """The number there, in digits or as a word up to thirty; None when it is none that anybody promises."""
        word = self.word(at)
        if word.isascii() and word.isdigit() and len(word) <= 4:
            return int(word)
        return NUMBERS.get(word)


def _questions(tokens: list[Token]) -> list[bool]:
    """For every token whether it is inside «¿…?»: what is asked of the customer is no promise of ours."""
    inside, found = False, []
    for token in tokens:
        inside = (inside or token.word == "¿") and token.word != "?"
        found.append(inside)
    return found


_NUMBERS = (
    "un uno una primero|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieciseis|"
    "diecisiete|dieciocho|diecinueve|veinte|veintiuno veintiun|veintidos|veintitres|veinticuatro|veinticinco|"
    "veintiseis|veintisiete|veintiocho|veintinueve|treinta"
)


def numbered(names: str) -> dict[str, int]:
    """Words by their place from one: «|» between the places, spaces between words of one place."""
    return {word: place for place, words in enumerate(names.split("|"), start=1) for word in words.split()}


NUMBERS = numbered(_NUMBERS)
