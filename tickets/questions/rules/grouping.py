"""Messages that ask the same, found without knowing beforehand what is asked. Pure, and linear in the messages.

Two words that stand together more often than chance are a seed; the messages that have both make a first centre of
weighed stems; every message then goes to the centre it is nearest to, centres move to their messages, likely twins
become one. What a message shares with its centre is why it belongs: at least two stems, and likeness enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import log, sqrt

from tickets.questions.rules.words import signs_of

# A week's group is worth an article from this on: messages, different people, different texts.
SIZE, PEOPLE, TEXTS = 5, 3, 3
MOST_GROUPS = 60
# Seeds looked at, and centres kept from them.
_SEEDS, _CENTRES = 1500, 300
# A message is put together from its rarest stems; a centre from its heaviest.
_RAREST, _HEAVIEST = 9, 14
# Stems in more than this share of the messages tell nothing apart (the name of the company, «banco»).
_COMMON, _FEW = 0.06, 25
# How much more often than chance two stems must stand together (normalised pointwise mutual information, -1 to 1).
_TOGETHER = 0.22
# Cosine between a message and its centre; between two centres that are one; of a group as a whole.
_NEAR, _SAME, _COHESION = 0.36, 0.55, 0.42
_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """A message: its key, who said it, and what."""

    key: int
    person: Hashable
    text: str


@dataclass(frozen=True, slots=True)
class Member:
    """A message in its group: how near it is (0 to 1), and the stems it shares with the rest."""

    key: int
    likeness: float
    shared: tuple[str, ...]


@dataclass(slots=True)
class Group:
    """Messages that ask the same. ``terms``: the stems that hold it together, each with its share of the members."""

    terms: dict[str, float]
    members: list[Member]
    people: int
    texts: int
    cohesion: float = 0.0

    @property
    def size(self) -> int:
        """How many messages."""
        return len(self.members)


Vector = dict[str, float]


@dataclass(slots=True)
class _Centre:
    weights: Vector
    members: list[tuple[int, float]] = field(default_factory=list)


def group_questions(
    asked: Sequence[Asked],
    *,
    ours: frozenset[str] = frozenset(),
    size: int = SIZE,
    people: int = PEOPLE,
    texts: int = TEXTS,
) -> list[Group]:
    """The groups of messages that ask the same, most people first; messages near no other are in none.

    ``ours``: stems of the company's own names, which tell nothing apart. A text said again by anybody counts once
    where stems are weighed and paired, so that copies of one text make no group by themselves.
    """
    signs = [tuple(sign for sign in signs_of(one.text) if sign not in ours) for one in asked]
    told = list(dict.fromkeys(signs))
    rarity = _rarity(told, texts)
    once = [_vector(one, rarity) for one in told]
    vectors = [_vector(one, rarity) for one in signs]
    centres = _centres(once, _seeds(once, texts))
    for _round in range(_ROUNDS):
        _gather(vectors, centres)
        centres = _joined(_moved(vectors, centres, size))
    _gather(vectors, centres)
    found = [_group(one, asked, signs) for one in centres if len(one.members) >= size]
    worth = [
        one for one in found if one.people >= people and one.texts >= texts and one.cohesion >= _COHESION
    ]
    return sorted(worth, key=lambda one: (-one.people, -one.size, sorted(one.terms)))[:MOST_GROUPS]


def alike(one: Sequence[str], other: Sequence[str]) -> float:
    """How much two groups' terms are the same, 0 to 1 (what they share, of the shorter)."""
    both = set(one) & set(other)
    return len(both) / min(len(set(one)), len(set(other))) if one and other else 0.0


def _rarity(signs: Sequence[tuple[str, ...]], least: int) -> dict[str, float]:
    """The stems that can tell messages apart, each with its weight."""
    counts = Counter(sign for one in signs for sign in one)
    most = max(len(signs) * _COMMON, _FEW)
    n = len(signs)
    return {sign: log(n / count) + 0.5 for sign, count in counts.items() if least <= count <= most}


def _vector(signs: tuple[str, ...], rarity: dict[str, float]) -> Vector:
    kept = [(rarity[sign], sign) for sign in signs if sign in rarity]
    if len(kept) > _RAREST:
        kept = sorted(kept, reverse=True)[:_RAREST]
    length = sqrt(sum(weight * weight for weight, _sign in kept)) or 1.0
    return {sign: weight / length for weight, sign in kept}


def _seeds(vectors: Sequence[Vector], least: int) -> list[tuple[str, str]]:
    """Pairs of stems that belong together, the most telling first."""
    pairs: Counter[tuple[str, str]] = Counter()
    single: Counter[str] = Counter()
    for vector in vectors:
        signs = sorted(vector)
        single.update(signs)
        pairs.update(combinations(signs, 2))
    n = len(vectors)
    scored = []
    for (one, other), count in pairs.items():
        if count < least:
            continue
        chance = log(count * n / (single[one] * single[other]))
        together = chance / -log(count / n) if count < n else 1.0
        if together >= _TOGETHER:
            scored.append((-count * together, one, other))
    return [(one, other) for _score, one, other in sorted(scored)[:_SEEDS]]


def _centres(vectors: Sequence[Vector], seeds: Sequence[tuple[str, str]]) -> list[_Centre]:
    """A centre for every seed that is not already told by an earlier one."""
    found: dict[tuple[str, str], list[int]] = {seed: [] for seed in seeds}
    firsts: dict[str, set[str]] = {}
    for one, other in seeds:
        firsts.setdefault(one, set()).add(other)
    for place, vector in enumerate(vectors):
        for sign in vector:
            for other in firsts.get(sign, ()):
                if other in vector:
                    found[(sign, other)].append(place)
    taken: set[int] = set()
    centres = []
    for seed in seeds:
        places = found[seed]
        fresh = [place for place in places if place not in taken]
        if 2 * len(fresh) < len(places):
            continue
        taken.update(places)
        centres.append(_Centre(_mean([vectors[place] for place in places])))
        if len(centres) == _CENTRES:
            break
    return centres


def _mean(vectors: Sequence[Vector]) -> Vector:
    """The direction of many messages, of its heaviest stems."""
    total: dict[str, float] = {}
    for vector in vectors:
        for sign, weight in vector.items():
            total[sign] = total.get(sign, 0.0) + weight
    heaviest = sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))[:_HEAVIEST]
    length = sqrt(sum(weight * weight for _sign, weight in heaviest)) or 1.0
    return {sign: weight / length for sign, weight in heaviest}


def _gather(vectors: Sequence[Vector], centres: list[_Centre]) -> None:
    """Each message to the centre it is nearest to, when it is near enough and shares two stems with it."""
    index: dict[str, list[tuple[int, float]]] = {}
    for place, centre in enumerate(centres):
        centre.members = []
        for sign, weight in centre.weights.items():
            index.setdefault(sign, []).append((place, weight))
    for at, vector in enumerate(vectors):
        near: dict[int, float] = {}
        shared: dict[int, int] = {}
        for sign, weight in vector.items():
            for place, other in index.get(sign, ()):
                near[place] = near.get(place, 0.0) + weight * other
                shared[place] = shared.get(place, 0) + 1
        best, likeness = -1, _NEAR
        for place, cosine in near.items():
            if cosine > likeness and shared[place] >= 2:
                best, likeness = place, cosine
        if best >= 0:
            centres[best].members.append((at, likeness))


def _moved(vectors: Sequence[Vector], centres: Sequence[_Centre], size: int) -> list[_Centre]:
    return [
        _Centre(_mean([vectors[at] for at, _likeness in one.members]))
        for one in sorted(centres, key=lambda one: -len(one.members))
        if len(one.members) >= size
    ]


def _joined(centres: Sequence[_Centre]) -> list[_Centre]:
    """Without those that a bigger one already is."""
    kept: list[_Centre] = []
    for one in centres:
        if all(_cosine(one.weights, other.weights) < _SAME for other in kept):
            kept.append(one)
    return kept


def _cosine(one: Vector, other: Vector) -> float:
    return sum(weight * other[sign] for sign, weight in one.items() if sign in other)


def _group(centre: _Centre, asked: Sequence[Asked], signs: Sequence[tuple[str, ...]]) -> Group:
    members = [
        Member(asked[at].key, round(likeness, 3), tuple(sign for sign in signs[at] if sign in centre.weights))
        for at, likeness in sorted(centre.members, key=lambda pair: (-pair[1], pair[0]))
    ]
    n = len(members)
    shares = Counter(sign for one in members for sign in one.shared)
    terms = sorted(shares, key=lambda sign: (-shares[sign] * centre.weights[sign], sign))[:8]
    return Group(
        terms={sign: round(shares[sign] / n, 3) for sign in terms},
        members=members,
        people=len({asked[at].person for at, _likeness in centre.members}),
        texts=len({signs[at] for at, _likeness in centre.members}),
        cohesion=round(sum(one.likeness for one in members) / n, 3) if n else 0.0,
    )
