"""Durations as counts in buckets whose bounds grow by a fixed ratio, many of them in one number. Pure.

A duration doubles in eight buckets: what is read back is within 5 % of what was put in (``ERROR``), above a
minute. A histogram is one whole number in which every bucket has eight decimal digits of its own, so that
the database adds histograms up like any other figure: ``sum()`` of the numbers is the histogram of all of them.
"""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from math import ceil, sqrt

STEPS = 8  # to double
OCTAVES = 20  # 60 s · 2^20 is two years
DIGITS = (
    8  # a bucket never holds 10^8: that many durations would be years of the largest organizations together
)
LANE = 10**DIGITS
NONE = "0" * DIGITS
# Where buckets begin, in seconds: bucket 0 is below a minute, the last one is open.
BOUNDS: tuple[int, ...] = tuple(round(60 * 2 ** (step / STEPS)) for step in range(STEPS * OCTAVES + 1))
# How far a figure read back may be from the exact one, as a share of it; whole seconds cost the first few a little.
ERROR = 0.05


def bucket_of(seconds: int) -> int:
    """Which bucket a duration falls into; the same as ``width_bucket(seconds, BOUNDS)`` of the database."""
    return bisect_right(BOUNDS, seconds)


def histogram(durations: list[int]) -> int:
    """The histogram of whole seconds."""
    return sum(LANE ** bucket_of(one) for one in durations)


def counts(number: int | Decimal | str | None) -> list[int]:
    """How many are in each bucket; as many as are needed. As text it is cut as it stands."""
    digits = number if isinstance(number, str) else f"{int(number or 0)}"
    if digits in ("0", ""):
        return []
    digits = digits.zfill(-(-len(digits) // DIGITS) * DIGITS)
    return [
        0 if (piece := digits[at : at + DIGITS]) == NONE else int(piece)
        for at in range(len(digits) - DIGITS, -1, -DIGITS)
    ]


def value_of(bucket: int) -> int:
    """The duration that stands for a bucket, in seconds: the middle of its bounds, by ratio."""
    if bucket == 0:
        return BOUNDS[0] // 2
    if bucket >= len(BOUNDS):
        return BOUNDS[-1]
    return round(sqrt(BOUNDS[bucket - 1] * BOUNDS[bucket]))


def percentile(number: int | Decimal | str | None, share: float) -> int | None:
    """The duration that this share of them does not exceed, in seconds; None when there is none."""
    return percentile_of(counts(number), share)


def percentile_of(found: list[int], share: float) -> int | None:
    """The same of buckets that are counted already."""
    rank, seen = ceil(share * sum(found)), 0
    for bucket, many in enumerate(found):
        seen += many
        if many and seen >= rank:
            return value_of(bucket)
    return None
