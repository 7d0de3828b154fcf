"""Builds the weights from rows of the corpus: logistic regression by steps in whole numbers. Pure, repeatable.

The same rows and the same code give the same file to the last digit: rows are ordered by their digest, steps are
rounded to whole numbers, and nothing is drawn at random.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from operator import add

from tickets.triage.clues import clues, pairs, pieces, tokens
from tickets.triage.labels import ALL_KINDS, LANE, LANES, URGENCIES, Kind
from tickets.triage.lanes import pack, unpack
from tickets.triage.model import BIAS, ONE, Model, probability, shares, weight_of_words

_ROUNDS = 12
_STEP, _SLOWING = 0.30, 0.35
# Steps of the rules' weights against those of words: they are few and hold for every word nobody wrote.
_RULES_STEP = 0.25
# Fractions kept while learning.
_FINE = 1 << 16
_DECAY = 0.88
_AVERAGED_FROM = 4
# The corpus is learnt in this many orders, and the models averaged.
_ORDERS = 2
# Of so many rounds an example is read once without its words, once without the rules, and else whole.
_TURNS = 3
# A gradient smaller than this teaches nothing.
_LEARNT = 0.03
_SEEN = 2
# Weights smaller than this in every lane are not kept.
_KEPT = 0.035
_COUNT = len(LANES)
# What a rare verdict counts for.
_RARE = {"abusive": 1.5, "threat": 1.5}
# What of a hundred requests are of each kind where companies are written to in public; the corpus has its own mix,
# since rare kinds need examples too. Complaints about attention come first, fraud is rare.
_MIX = {
    Kind.RECLAMO: 26, Kind.QUEJA: 31, Kind.PETICION: 6, Kind.INFORMACION: 14, Kind.DENUNCIA: 4, Kind.SEGUIMIENTO: 12,
    Kind.FELICITACION: 4, Kind.SUGERENCIA: 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled message."""

    text: str
    service: bool
    kind: str
    urgency: str
    abusive: bool
    threat: bool


@dataclass(frozen=True, slots=True)
class _Example:
    rules: tuple[int, ...]
    words: tuple[int, ...]
    # How fast each of them learns: rare words say more.
    paces: tuple[int, ...]
    share: float
    row: Row
    # What its kind and its urgency count for.
    counts: float
    urgency_counts: float
    is_whole: bool = True


def learn(rows: Sequence[Row], rounds: int = _ROUNDS) -> Model:
    """Return the model of these rows, and of long ones made of them."""
    ordered = sorted(rows, key=_digest)
    rule_ids, word_ids, orders = _numbered(ordered, [_at_length(ordered, order) for order in range(_ORDERS)])
    summed_rules, summed_words = [0] * len(rule_ids), [0] * len(word_ids)
    for order, examples in enumerate(orders):
        rules, words = [0] * len(rule_ids), [0] * len(word_ids)
        # Another order, other turns, other long rows: what depends on them cancels out.
        turned = examples[::-1] if order % 2 else examples
        for number in range(rounds):
            step = _STEP / (1 + _SLOWING * number)
            for at, example in enumerate(turned):
                _step(_without(example, (at + number) % _TURNS), rules, words, step)
            if number >= _AVERAGED_FROM:
                # The mean of the later rounds leans less on the last examples.
                summed_rules = list(map(add, summed_rules, rules))
                summed_words = list(map(add, summed_words, words))
            words[:] = [_shrunk(weight) for weight in words]
    count = _ORDERS * (rounds - _AVERAGED_FROM)
    return Model(_kept(rule_ids, summed_rules, count), _kept(word_ids, summed_words, count))


# People complain at twice the length of our rows: so many of each kind are read once more, two told in one breath.
_JOINED = {
    Kind.RECLAMO: 300, Kind.QUEJA: 300, Kind.NINGUNO: 200, Kind.INFORMACION: 100, Kind.SEGUIMIENTO: 100,
    Kind.PETICION: 80, Kind.FELICITACION: 80, Kind.DENUNCIA: 60, Kind.SUGERENCIA: 30,
}  # fmt: skip
_SHORT_ENOUGH = 160
_LEADING = re.compile(r"^\s*(?:@\w+\s*)+")


def _at_length(ordered: Sequence[Row], turn: int) -> list[Row]:
    """Return rows of two of a kind, taken far apart in the order; others each turn."""
    made: list[Row] = []
    for kind, count in _JOINED.items():
        own = [row for row in ordered if row.kind == kind and len(row.text) < _SHORT_ENOUGH]
        own = [row for row in own if "http" not in row.text]
        if len(own) > 1:
            starts = range(turn * count, (turn + 1) * count)
            pairs_of = ((own[at % len(own)], own[(at * 31 + 17) % len(own)]) for at in starts)
            made.extend(_joined(one, other) for one, other in pairs_of if one is not other)
    return made


def _joined(one: Row, other: Row) -> Row:
    """Return what somebody says who says both: as urgent, as hurtful, as threatening as the worse of them."""
    first = one.text.rstrip()
    return replace(
        one,
        text=f"{first}{'' if first[-1:] in '.!?…' else '.'} {_LEADING.sub('', other.text)}",
        urgency=min(one.urgency, other.urgency, key=URGENCIES.index),
        abusive=one.abusive or other.abusive,
        threat=one.threat or other.threat,
    )


def _digest(row: Row) -> bytes:
    return sha256(row.text.encode()).digest()


def _without(example: _Example, left_out: int) -> _Example:
    """Return an example without its words (0), or without what the rules saw (1): each learns to do alone."""
    if left_out == 0:
        return replace(example, words=(), paces=(), is_whole=False)
    if left_out == 1:
        return replace(example, rules=example.rules[:1], is_whole=False)
    return example


def _fair(rows: Sequence[Row]) -> dict[str, float]:
    """What a row of each kind counts for, so that together they have the mix of life."""
    counts = Counter(row.kind for row in rows if row.kind != Kind.NINGUNO)
    whole = sum(counts.values())
    return {kind: min(3.0, (_MIX[kind] / 100 * whole / count) ** _FAIRNESS) for kind, count in counts.items()}


_FAIRNESS = 0.6
# Of a hundred requests of a kind, how many are urgent, how many wait, how many are calm.
_URGENT = {
    Kind.RECLAMO: (62, 37, 1), Kind.QUEJA: (18, 58, 24), Kind.PETICION: (35, 62, 3), Kind.INFORMACION: (2, 97, 1),
    Kind.DENUNCIA: (96, 3, 1), Kind.SEGUIMIENTO: (18, 70, 12), Kind.FELICITACION: (1, 1, 98),
    Kind.SUGERENCIA: (1, 5, 94),
}  # fmt: skip


def _fair_urgency(rows: Sequence[Row]) -> dict[tuple[str, str], float]:
    """What the urgency of a row counts for, given its kind, by the same rule."""
    counts = Counter((row.kind, row.urgency) for row in rows if row.kind != Kind.NINGUNO)
    kinds = Counter(row.kind for row in rows)
    return {
        (kind, urgency): min(
            3.0, max(0.3, (_URGENT[kind][URGENCIES.index(urgency)] / 100 * kinds[kind] / count))
        )
        ** _FAIRNESS
        for (kind, urgency), count in counts.items()
    }


def _read(row: Row) -> tuple[tuple[str, ...], list[str], float, Row]:
    found = clues(row.text)
    said = tokens(found.words)
    pieced = {piece for token in said for piece in pieces(token)} | pairs(found.words)
    return (BIAS, *found.traits), sorted(pieced), weight_of_words(len(said)), row


def _numbered(
    rows: Sequence[Row], made: Sequence[Sequence[Row]]
) -> tuple[dict[str, int], dict[str, int], list[list[_Example]]]:
    """Number the features more than one row has, and read the rows, with each lot made of them, as numbers."""
    fair, fair_urgency = _fair([*rows, *made[0]]), _fair_urgency([*rows, *made[0]])
    read = [_read(row) for row in rows]
    rule_ids = _ids(trait for traits, *_ in read for trait in traits)
    word_ids = _ids(piece for _, pieced, *_ in read for piece in pieced)
    seen = Counter(piece for _, pieced, *_ in read for piece in pieced)
    paces = {piece: _pace(piece, seen[piece], len(rows)) for piece in word_ids}

    def example(traits: tuple[str, ...], pieced: list[str], share: float, row: Row) -> _Example:
        known = [piece for piece in pieced if piece in word_ids]
        counts = fair.get(row.kind, 1.0)
        return _Example(
            tuple(rule_ids[trait] for trait in traits if trait in rule_ids),
            tuple(word_ids[piece] for piece in known),
            tuple(paces[piece] for piece in known),
            share,
            row,
            counts,
            counts * fair_urgency.get((row.kind, row.urgency), 1.0),
        )

    own = [example(*one) for one in read]
    lots = [[*own, *(example(*_read(row)) for row in lot)] for lot in made]
    return rule_ids, word_ids, [sorted(lot, key=lambda one: _digest(one.row)) for lot in lots]


_PACES = ((0.05, 1), (0.01, 2), (0.0, 3))
_PACE_OF = {"~": 1, " ": 1}


def _pace(piece: str, seen: int, rows: int) -> int:
    if piece.startswith("~"):
        return _PACE_CHARS
    if " " in piece:
        return _PACE_PAIRS
    return next(pace for share, pace in _PACES if seen >= share * rows)


_PACE_CHARS = _PACE_PAIRS = 1


def _ids(names: Iterable[str]) -> dict[str, int]:
    counted = Counter(names)
    return {
        name: number for number, name in enumerate(sorted(n for n, seen in counted.items() if seen >= _SEEN))
    }


def _step(example: _Example, rules: list[int], words: list[int], step: float) -> None:
    """One example's gradient, where it still errs."""
    whole = unpack(sum([rules[number] for number in example.rules]), _COUNT)
    spoken = unpack(sum([words[number] for number in example.words]), _COUNT)
    logits = [(one + other * example.share) / _FINE for one, other in zip(whole, spoken, strict=True)]
    errors = _errors(example, logits)
    if max(map(abs, errors)) < _LEARNT:
        return
    coarse = pack([round(error * step * _RULES_STEP * _FINE) for error in errors])
    for number in example.rules:
        rules[number] += coarse
    fine = pack([round(error * step * example.share * _FINE) for error in errors])
    for number, pace in zip(example.words, example.paces, strict=True):
        words[number] += fine * pace


def _errors(example: _Example, logits: list[float]) -> list[float]:
    """How far each lane is from the truth. Urgencies are learnt from what asks for an answer only."""
    errors, row = [0.0] * _COUNT, example.row
    for name, truth in (("service", row.service), ("abusive", row.abusive), ("threat", row.threat)):
        # Attacks and threats need both word and rule: half a message does not tell them.
        if not example.is_whole and name in _RARE:
            continue
        errors[LANE[name]] = (truth - probability(logits[LANE[name]])) * (
            _RARE.get(name, 1.0) if truth else 1.0
        )
    asked = [(ALL_KINDS, row.kind, example.counts)]
    if row.service:
        asked.append((URGENCIES, row.urgency, example.urgency_counts))
    for names, truth, counts in asked:
        for name, share in shares(logits, names).items():
            errors[LANE[name]] = ((name == truth) - share) * counts
    return errors


def _shrunk(packed: int) -> int:
    return pack([round(value * _DECAY) for value in unpack(packed, _COUNT)]) if packed else 0


def _kept(ids: dict[str, int], weights: Sequence[int], count: int) -> dict[str, int]:
    """Return the means worth keeping of summed weights, rounded as the file has them."""
    kept = {}
    for name, number in ids.items():
        rounded = [round(value * ONE / _FINE / count) for value in unpack(weights[number], _COUNT)]
        if max(map(abs, rounded)) >= _KEPT * ONE:
            kept[name] = pack(rounded)
    return kept
