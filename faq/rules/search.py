"""Articles by what somebody types: accents, endings, typing errors, spelling by ear and word order forgiven. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import log

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from helpdesk.stems import stem, words_of

TITLE, KEYWORDS, SUMMARY, BODY = 3.0, 2.0, 1.6, 1.0
# Of what was asked, weighed by rarity, this much must be in an article; more where its title says none of it.
COVERED, COVERED_BY_BODY = 0.28, 0.6
# Beside a title that has some of it, a word that is in no article counts for half.
UNKNOWN = 0.5
# One wrong letter in a short word, two in a long one; shorter words are taken as they stand.
FUZZY_FROM, FUZZY_LONG = 4, 8
NEAR = 8
_SOUNDS = (
    ("ch", "x"), ("ph", "f"), ("h", ""), ("qu", "k"), ("gue", "ge"), ("gui", "gi"), ("ge", "je"), ("gi", "ji"),
    ("ce", "se"), ("ci", "si"), ("c", "k"), ("z", "s"), ("v", "b"), ("w", "u"), ("ll", "y"), ("q", "k"),
)  # fmt: skip
_TWICE = re.compile(r"([a-z])\1")


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as a search sees it."""

    key: int
    title: str
    keywords: tuple[str, ...]
    summary: str
    body: str


@dataclass(frozen=True, slots=True)
class Found:
    """An article with how well it answers, and how much of what was asked it has (0 to 1)."""

    key: int
    score: float
    covered: float


def by_ear(word: str) -> str:
    """How a folded word sounds: «quiero» and «kiero», «vuelo» and «buelo», «cancelar» and «canselar»."""
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    return _TWICE.sub(r"\1", word)


@dataclass(frozen=True, slots=True)
class Ready:
    """An article's words as they are compared: by ear, each with its stem and the weight of the best place it has."""

    key: int
    words: tuple[tuple[str, str, float], ...]


@lru_cache(maxsize=65_536)
def _ears(word: str) -> tuple[str, str]:
    return by_ear(word), by_ear(stem(word))


def ready(entry: Entry) -> Ready:
    """The work of one article, done once a version."""
    best: dict[tuple[str, str], float] = {}
    for text, weight in (
        (entry.body, BODY), (entry.summary, SUMMARY), (" ".join(entry.keywords), KEYWORDS), (entry.title, TITLE),
    ):  # fmt: skip
        best.update((_ears(word), weight) for word in words_of(text))
    return Ready(entry.key, tuple((word, heard, weight) for (word, heard), weight in best.items()))


class Shelf:
    """Articles made ready to be searched; made once, asked in some milliseconds even when they are thousands."""

    def __init__(self, articles: Iterable[Ready]) -> None:
        # By the sound of a stem: article → the weight of the best place it stands in.
        self._places: dict[str, dict[int, float]] = {}
        self._words: dict[str, str] = {}
        self._n = 0
        for one in articles:
            self._n += 1
            for word, heard, weight in one.words:
                self._words.setdefault(word, heard)
                places = self._places.setdefault(heard, {})
                if weight > places.get(one.key, 0.0):
                    places[one.key] = weight
        self._choices = list(self._words)
        self._near: dict[str, dict[str, float]] = {}

    def __len__(self) -> int:
        return self._n

    def find(self, text: str, most: int = 10) -> list[Found]:
        """The articles that answer it, best first; none where too little of it is anywhere."""
        asked = list(dict.fromkeys(words_of(text)))[:24]
        scores: dict[int, float] = {}
        covered: dict[int, float] = {}
        titled: set[int] = set()
        whole = unknown = 0.0
        for word in asked:
            hits, rarity = self._hits(word)
            whole += rarity
            unknown += 0.0 if hits else rarity
            for key, (weight, likeness) in hits.items():
                scores[key] = scores.get(key, 0.0) + rarity * weight * likeness
                covered[key] = covered.get(key, 0.0) + rarity * likeness
                if weight > SUMMARY:
                    titled.add(key)
        most_of_it = whole - unknown * UNKNOWN
        found = [
            Found(key, round(score, 3), covered[key] / (most_of_it if key in titled else whole))
            for key, score in scores.items()
        ]
        enough = [one for one in found if one.covered >= (COVERED if one.key in titled else COVERED_BY_BODY)]
        return sorted(enough, key=lambda one: (-one.score, one.key))[:most]

    def _hits(self, word: str) -> tuple[dict[int, tuple[float, float]], float]:
        """Where a word stands, with how surely it is that word; and how rare it is."""
        hits: dict[int, tuple[float, float]] = {}
        rarest = 0.0
        for heard, likeness in self._heard(word).items():
            places = self._places[heard]
            rarest = max(rarest, self._rarity(len(places)))
            for key, weight in places.items():
                if weight * likeness > hits.get(key, (0.0, 0.0))[0] * hits.get(key, (0.0, 0.0))[1]:
                    hits[key] = (weight, likeness)
        return hits, rarest or self._rarity(1)

    def _rarity(self, articles: int) -> float:
        return log(1 + self._n / articles)

    def _heard(self, word: str) -> dict[str, float]:
        """The stems a word may be, each with its likeness; a word that is there as it stands is nothing else."""
        exact = by_ear(stem(word))
        if exact in self._places:
            return {exact: 1.0}
        heard = by_ear(word)
        if len(heard) < FUZZY_FROM or any(letter.isdigit() for letter in heard):
            return {}
        known = self._near.get(heard)
        if known is None:
            known = self._near[heard] = self._fuzzy(heard)
            if len(self._near) > 4000:
                self._near.clear()
        return known

    def _fuzzy(self, heard: str) -> dict[str, float]:
        wrong = 2 if len(heard) >= FUZZY_LONG else 1
        near = process.extract(
            heard, self._choices, scorer=DamerauLevenshtein.distance, score_cutoff=wrong, limit=NEAR
        )
        found: dict[str, float] = {}
        for choice, distance, _at in near:
            likeness = 1 - distance / len(heard)
            where = self._words[choice]
            found[where] = max(likeness * likeness, found.get(where, 0.0))
        return found
