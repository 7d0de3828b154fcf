"""What one organization's corrections teach: small offsets over our rules' traits, added to the shipped sums. Pure.

Learnt from nobody else's corrections, pulled hard towards nothing, and put in force only when they are not worse on
the corrections held back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tickets.triage.labels import KINDS, URGENCIES, Kind
from tickets.triage.model import probability

SERVICE, KIND, URGENCY = "service", "kind", "urgency"
# What each aspect but service chooses among.
_AMONG: dict[str, tuple[str, ...]] = {KIND: KINDS, URGENCY: URGENCIES}
#: Offsets by trait, then by lane.
Offsets = Mapping[str, Mapping[str, float]]
#: One correction in this many is held back to judge by.
HOLD_ONE_IN = 4
#: With fewer there is nothing to learn, and nothing to judge by.
ENOUGH = 8
_ROUNDS = 20
_STEP, _PULL = 0.3, 0.01
# Yes is said from this probability on; the engine's own threshold.
_LARGEST = 4.0


@dataclass(frozen=True, slots=True)
class Example:
    """A correction as it is learnt from: what our rules saw, the shipped sums, and what a colleague said."""

    number: int
    aspect: str
    said: str
    traits: tuple[str, ...]
    sums: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Lesson:
    """Offsets, and how they and the shipped weights alone do on what was held back."""

    offsets: dict[str, dict[str, float]]
    learnt_from: int
    held_back: int
    right_before: int
    right_after: int

    @property
    def is_not_worse(self) -> bool:
        return bool(self.offsets) and self.right_after >= self.right_before


def learn(examples: Sequence[Example], service_from: float) -> Lesson:
    """Learn from all but every fourth correction, and try on that one. The same corrections give the same lesson."""
    held = [one for one in examples if one.number % HOLD_ONE_IN == 0]
    rest = [one for one in examples if one.number % HOLD_ONE_IN]
    offsets: dict[str, dict[str, float]] = {}
    if len(rest) >= ENOUGH and held:
        for _round in range(_ROUNDS):
            for one in rest:
                _step(one, offsets)
    return Lesson(
        _rounded(offsets),
        len(rest),
        len(held),
        sum(_says(one, {}, service_from) == one.said for one in held),
        sum(_says(one, offsets, service_from) == one.said for one in held),
    )


def shifted(sums: Mapping[str, float], traits: Sequence[str], offsets: Offsets) -> dict[str, float]:
    """Return the sums with the offsets of the traits added."""
    result = dict(sums)
    for trait in traits:
        for lane, offset in offsets.get(trait, {}).items():
            result[lane] = result.get(lane, 0.0) + offset
    return result


def _says(one: Example, offsets: Offsets, service_from: float) -> str:
    sums = shifted(one.sums, one.traits, offsets)
    if one.aspect == SERVICE:
        return str(int(probability(sums[SERVICE]) >= service_from))
    return max(_AMONG[one.aspect], key=lambda name: sums.get(name, 0.0))


def _step(one: Example, offsets: dict[str, dict[str, float]]) -> None:
    """One gradient step of a logistic (service) or a step of the best two of its names; every trait shares it."""
    sums = shifted(one.sums, one.traits, offsets)
    if one.aspect == SERVICE:
        errors = {SERVICE: (one.said == "1") - probability(sums[SERVICE])}
    elif one.said != Kind.NINGUNO:
        best = max(_AMONG[one.aspect], key=lambda name: sums.get(name, 0.0))
        errors = {one.said: 1.0, best: -1.0} if best != one.said else {}
    else:
        errors = {}
    share = _STEP / max(1, len(one.traits)) ** 0.5
    for trait in one.traits:
        lanes = offsets.setdefault(trait, {})
        for lane, error in errors.items():
            moved = lanes.get(lane, 0.0) * (1 - _PULL) + share * error
            lanes[lane] = max(-_LARGEST, min(_LARGEST, moved))


def _rounded(offsets: Offsets) -> dict[str, dict[str, float]]:
    kept = {
        trait: {lane: round(value, 3) for lane, value in lanes.items() if abs(value) >= 0.005}
        for trait, lanes in offsets.items()
    }
    return {trait: lanes for trait, lanes in kept.items() if lanes}
