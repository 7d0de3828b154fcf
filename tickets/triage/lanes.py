"""Several small sums in one integer: a message's weights for every verdict are added in one go. Pure.

A verdict a lane would be an addition a lane and feature; side by side they are one, and Python's integers do it in C.
"""

from __future__ import annotations

from collections.abc import Sequence

#: Bits of one lane; sums must stay under half of their range.
BITS = 40
_HALF = 1 << (BITS - 1)
_MASK = (1 << BITS) - 1


def pack(values: Sequence[int]) -> int:
    """Return the values side by side, the first lowest; negative ones too."""
    packed = 0
    for value in reversed(values):
        packed = (packed << BITS) + value
    return packed


def unpack(packed: int, count: int) -> list[int]:
    """Return the values of the first ``count`` lanes."""
    values = []
    for _ in range(count):
        value = ((packed + _HALF) & _MASK) - _HALF
        values.append(value)
        packed = (packed - value) >> BITS
    return values


def lane(packed: int, number: int) -> int:
    """Return the value of one lane."""
    packed += _HALF_BELOW[number]
    return (((packed >> (BITS * number)) + _HALF) & _MASK) - _HALF


# What the lanes below may borrow, given back.
_HALF_BELOW = [sum(_HALF << (BITS * below) for below in range(number)) for number in range(32)]
