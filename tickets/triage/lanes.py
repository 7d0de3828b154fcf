"""Several small sums in one integer: a message's weights for every verdict are added in one go. Pure.

A verdict a lane would be an addition a lane and feature; side by side they are one, and Python's integers do it in C.
"""

from __future__ import annotations

from collections.abc import Sequence

#: Bits of one lane; sums must stay under half of their range.
BITS = 40
_BYTES = BITS // 8
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
    side_by_side = ((packed + _HALF_BELOW[count]) & ((1 << BITS * count) - 1)).to_bytes(
        _BYTES * count, "little"
    )
    number = int.from_bytes
    return [
        number(side_by_side[at : at + _BYTES], "little") - _HALF for at in range(0, _BYTES * count, _BYTES)
    ]


def lane(packed: int, number: int) -> int:
    """Return the value of one lane."""
    packed += _HALF_BELOW[number]
    return (((packed >> (BITS * number)) + _HALF) & _MASK) - _HALF


# Half of the range in every lane below a number: no value is negative then, and none borrows of the next.
_HALF_BELOW = [sum(_HALF << (BITS * below) for below in range(number)) for number in range(32)]
