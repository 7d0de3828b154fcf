"""Which motive a case is about, by its words: names and synonyms of the tree, and what the organization's own
resolved cases said. Pure; every suggestion says which words made it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log

from helpdesk.stems import stem, stems_of, words_of
from protocols.typification.rules.tree import MOTIVE, Node, Tree

AT_ONCE = 3
MOST_REASONS = 4
# A name says it as the organization does; a synonym as customers do; the category and its area only hint.
NAME, SYNONYM, PARTLY, CATEGORY = 1.4, 1.5, 0.35, 0.35
# What past cases weigh at most, against one good synonym (about 5).
LEARNED, FULL_AT, MOST_A_WORD = 0.9, 6.0, 2.5
SAME_KIND = 0.8
REPEATED = 0.3
SMOOTHING = 4.0
# Cases that were never had, without any of the words: few cases of one motive only prove little, not nothing.
UNSEEN = 10.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A motive with how well it fits and the words that say so, as the customer wrote them."""

    key: str
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class Past:
    """What resolved cases said, by the motive they count as."""

    cases: Counter[str] = field(default_factory=Counter)
    stems: dict[str, Counter[str]] = field(default_factory=dict)
    everywhere: Counter[str] = field(default_factory=Counter)

    def add(self, key: str, stems: Iterable[str]) -> None:
        """One more case of that motive."""
        self.cases[key] += 1
        said = tuple(stems)
        self.stems.setdefault(key, Counter()).update(said)
        self.everywhere.update(said)


@dataclass(frozen=True, slots=True)
class _Phrase:
    key: str
    stems: frozenset[str]
    weight: float


class Ranker:
    """One axis of one version of a tree, made ready to be asked; made once, it answers in well under 1 ms."""

    def __init__(self, tree: Tree, axis: str = MOTIVE) -> None:
        self.nodes = tree.live(axis)
        self._phrases: dict[str, list[_Phrase]] = {}
        for phrase in _phrases(tree, axis):
            for one in phrase.stems:
                self._phrases.setdefault(one, []).append(phrase)
        self._rarity = _rarity(self._phrases, len(self.nodes))

    def suggest(
        self, text: str, *, kind: str = "", past: Past | None = None, most: int = AT_ONCE
    ) -> list[Suggestion]:
        """The best choices for what a customer said, best first; always ``most`` when there are so many.

        Where words say nothing, what this organization's cases of that kind are mostly about; «Otros» last.
        """
        found, past = _Found(text), past or Past()
        scores, reasons = self._by_phrases(found)
        for node in self.nodes:
            learned, because = _learned(node.key, found, past)
            scores[node.key] = scores.get(node.key, 0.0) + learned
            reasons.setdefault(node.key, []).extend(because)
            if kind and node.kind == kind and scores[node.key] > 0:
                scores[node.key] += SAME_KIND
        ranked = sorted(
            self.nodes,
            key=lambda n: (-scores[n.key], n.is_other, bool(kind) and n.kind != kind, -past.cases[n.key]),
        )
        return [
            Suggestion(n.key, round(scores[n.key], 3), found.in_order(reasons[n.key])) for n in ranked[:most]
        ]

    def _by_phrases(self, found: _Found) -> tuple[dict[str, float], dict[str, list[str]]]:
        """What names and synonyms say: the best one whole, each other one less, for they repeat each other."""
        parts: dict[str, list[float]] = {}
        reasons: dict[str, list[str]] = {}
        seen: set[int] = set()
        for one in found.said:
            for phrase in self._phrases.get(one, ()):
                if id(phrase) in seen:
                    continue
                seen.add(id(phrase))
                share = found.share(phrase.stems, self._rarity)
                if share:
                    parts.setdefault(phrase.key, []).append(phrase.weight * share)
                    reasons.setdefault(phrase.key, []).extend(found.words(phrase.stems))
        return {key: max(own) + REPEATED * (sum(own) - max(own)) for key, own in parts.items()}, reasons


class _Found:
    """The stems of a text with the word that was really said."""

    def __init__(self, text: str) -> None:
        self.said: dict[str, str] = {}
        for word in words_of(text):
            self.said.setdefault(stem(word), word)

    def words(self, stems: Iterable[str]) -> list[str]:
        return [self.said[one] for one in stems if one in self.said]

    def in_order(self, words: Iterable[str]) -> tuple[str, ...]:
        """The first few of these words, as they were said."""
        wanted = set(words)
        return tuple(word for word in self.said.values() if word in wanted)[:MOST_REASONS]

    def share(self, wanted: frozenset[str], rarity: dict[str, float]) -> float:
        """The weight of a phrase: all of it counts whole, half of it or more counts a little, less nothing."""
        here = wanted & self.said.keys()
        if not here:
            return 0.0
        weight = sum(rarity.get(one, 1.0) for one in here)
        if len(here) == len(wanted):
            return weight
        return PARTLY * weight if len(here) * 2 >= len(wanted) and len(here) > 1 else 0.0


def _phrases(tree: Tree, axis: str) -> list[_Phrase]:
    """Everything that names each choice; what was merged into one speaks for it too."""
    phrases = [phrase for node in tree.live(axis) for phrase in _of(tree, node)]
    for node in tree.nodes:
        if node.axis == axis and node.merged_into and not node.is_category:
            target = tree.target(node.key)
            if target is not None and not target.retired:
                phrases += [_Phrase(target.key, one.stems, one.weight) for one in _of(tree, node)]
    return [phrase for phrase in phrases if phrase.stems]


def _of(tree: Tree, node: Node) -> list[_Phrase]:
    if node.is_other:
        return []
    category = tree.get(node.parent) if node.parent else None
    said = [_Phrase(node.key, frozenset(stems_of(words)), SYNONYM) for words in node.words]
    name = [_Phrase(node.key, frozenset(stems_of(node.name)), NAME)]
    hint = (
        [_Phrase(node.key, frozenset({one}), CATEGORY) for one in stems_of(category.name)] if category else []
    )
    return name + said + hint


def _rarity(phrases: dict[str, list[_Phrase]], choices: int) -> dict[str, float]:
    """A word that names few choices says more than one that names many: 1 to about 5."""
    return {
        one: 1.0 + log(max(choices, 2) / len({phrase.key for phrase in holding}))
        for one, holding in phrases.items()
    }


def _learned(key: str, found: _Found, past: Past) -> tuple[float, list[str]]:
    """How much more often the words stand in past cases of this motive than in all of them; never below nothing."""
    cases, total = past.cases[key], past.cases.total()
    if cases < 2:
        return 0.0, []
    own, score, because = past.stems[key], 0.0, []
    for one, word in found.said.items():
        if own[one] < 2:
            continue
        expected = (past.everywhere[one] + 0.5) / (total + UNSEEN)
        ratio = (own[one] + SMOOTHING * expected) / (cases + SMOOTHING) / expected
        gain = min(log(ratio), MOST_A_WORD) if ratio > 1 else 0.0
        score += gain
        if gain > 0.5:
            because.append(word)
    return min(LEARNED * score * cases / (cases + 2.0), FULL_AT), because


def known_motives(stated: Sequence[tuple[str, Sequence[str]]], tree: Tree) -> Past:
    """Past cases as ``(motive's key, stems)``, counted under what each motive counts as today."""
    past, counts_as = Past(), {node.key: tree.target(node.key) for node in tree.nodes}
    for key, stems in stated:
        node = counts_as.get(key)
        if node is not None and not node.retired:
            past.add(node.key, stems)
    return past
