"""Sums of days as the figures people read. Pure.

A share says of how many it is; a score stands only on ten answers or more (care.md 33, domain.md 3.4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tickets.insights.rules.histogram import counts, percentile_of

# No score below this many answers.
FEWEST = 10


class Form(StrEnum):
    """How a figure is written."""

    COUNT = "count"
    SHARE = "share"
    TIME = "time"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Value:
    """A figure: what it is and of how many; without a value where there is nothing to say, or too few to say it."""

    form: Form
    value: float | None
    n: int | None = None

    @property
    def is_few(self) -> bool:
        return self.value is None and bool(self.n)


class Sums:
    """The summed measures of a period, a day or a group."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.row = row
        self._buckets: dict[str, list[int]] = {}

    def __getitem__(self, measure: str) -> int:
        return int(self.row.get(measure) or 0)

    def hours(self) -> list[int]:
        """Messages by hour of the day, 24 of them."""
        found = counts(self.row.get("hours"))
        return (found + [0] * 24)[:24]

    def time(self, histogram: str, share: float) -> Value:
        """A percentile, in seconds, and of how many."""
        found = self._buckets.get(histogram)
        if found is None:
            found = self._buckets[histogram] = counts(self.row.get(histogram))
        return Value(Form.TIME, percentile_of(found, share), sum(found))

    def share(self, part: str, *rest: str, fewest: int = 1) -> Value:
        """A part of itself and the rest, between 0 and 1."""
        return self.ratio(self[part], self[part] + sum(map(self.__getitem__, rest)), fewest)

    @staticmethod
    def ratio(part: int, whole: int, fewest: int = 1) -> Value:
        """A part of a whole; no value when the whole is too small to say so."""
        return Value(Form.SHARE, part / whole if whole >= fewest else None, whole)


def _count(measure: str) -> Any:
    return lambda sums: Value(Form.COUNT, sums[measure])


def _time(histogram: str, share: float) -> Any:
    return lambda sums: sums.time(histogram, share)


def _times(what: str) -> dict[str, Any]:
    return {
        f"{what}_median": _time(f"{what}_open", 0.5),
        f"{what}_p90": _time(f"{what}_open", 0.9),
        f"{what}_wall_median": _time(f"{what}_wall", 0.5),
        f"{what}_wall_p90": _time(f"{what}_wall", 0.9),
        f"{what}_within": lambda sums: sums.share(f"{what}_met", f"{what}_late"),
    }


# Every figure by its code, in the order in which they are read; their words are in ``definitions.py``.
FIGURES: dict[str, Any] = {
    "messages": _count("messages"),
    "noise_share": lambda sums: sums.ratio(sums["noise"], sums["messages"]),
    "opened": _count("opened"),
    **_times("first"),
    **_times("next"),
    **_times("solved"),
    "promises_kept": lambda sums: sums.share("kept", "broken"),
    "renegotiated": _count("renegotiated"),
    "broken": _count("broken"),
    "legal_within": lambda sums: sums.share("legal_met", "legal_late"),
    "reopened": _count("reopened"),
    "reiterations": _count("reiterations"),
    "transfers": _count("transfers"),
    "csat": lambda sums: sums.ratio(sums["satisfied"], sums["scored"], FEWEST),
    "csat_answers": lambda sums: sums.ratio(sums["scored"], sums["asked"]),
    "cost": lambda sums: Value(Form.MONEY, sums["micros"] / 1e6),
    "cost_per_case": lambda sums: Value(
        Form.MONEY, sums["micros"] / 1e6 / sums["opened"] if sums["opened"] else None
    ),
}
# Better when smaller; the others when larger, and of some there is no better.
SMALLER = frozenset(
    {code for code in FIGURES if code.endswith(("median", "p90"))}
    | {"broken", "reopened", "reiterations", "transfers", "cost_per_case"}
)
LARGER = frozenset({code for code in FIGURES if code.endswith("_within")} | {"promises_kept", "csat"})


def value_of(code: str, sums: Sums) -> Value:
    """One figure of these sums."""
    found: Value = FIGURES[code](sums)
    return found


def is_better(code: str, now: Value, before: Value) -> bool | None:
    """Whether it is better than before; None where nobody can say."""
    if now.value is None or before.value is None or now.value == before.value:
        return None
    if code in SMALLER:
        return now.value < before.value
    return now.value > before.value if code in LARGER else None
