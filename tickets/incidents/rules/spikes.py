"""When too many alike come in at once (care.md 5). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

# So many look-alikes in so long ...
ALIKE, WITHIN = 5, timedelta(minutes=10)
# ... or so many cases in a half hour, and so many times what it has in other weeks.
MANY, TIMES, WEEKS = 20, 3, 4


def same_half_hours(half_hour: datetime) -> list[datetime]:
    """The same half hour of the four weeks before."""
    return [half_hour - timedelta(weeks=week) for week in range(1, WEEKS + 1)]


def is_flood(count: int, former: Sequence[int]) -> bool:
    """Whether a half hour has far more cases than it used to; ``former`` of the weeks that are known.

    An account nobody knows yet has no usual: only what is alike says anything of it.
    """
    if count < MANY or not former:
        return False
    return count * len(former) >= TIMES * sum(former)


def is_spike(alike: int, *, is_flooded: bool) -> bool:
    """Whether to propose an incident: enough look-alikes, in a flood already two of them."""
    return alike >= ALIKE or (is_flooded and alike >= 2)
