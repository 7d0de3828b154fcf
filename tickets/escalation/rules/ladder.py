"""Who is on call at an instant, in the order in which they are called. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tickets.team.rules.shifts import Span, is_within

# Not acknowledged in this time, an alarm goes to the next one (care.md, finding 10).
PASSES_AFTER = timedelta(minutes=5)
# Everybody was called so often: from then on it stands on the screen only.
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Watch:
    """Somebody's weekly stretch of being on call."""

    member: int
    span: Span
    place: int = 1


@dataclass(frozen=True, slots=True)
class Swap:
    """From an instant to another, ``into`` has the watches of ``out``."""

    out: int
    into: int
    starts: datetime
    ends: datetime


def on_call(watches: Iterable[Watch], swaps: Sequence[Swap], at: datetime, zone: str) -> list[int]:
    """Who is called, first to last, each once. A later swap wins; a swap of who stands in is followed."""
    there = sorted(
        (watch for watch in watches if is_within([watch.span], at, zone)),
        key=lambda watch: (watch.place, watch.span, watch.member),
    )
    people = [_stands_in(watch.member, swaps, at) for watch in there]
    return list(dict.fromkeys(people))


def _stands_in(member: int, swaps: Sequence[Swap], at: datetime) -> int:
    seen = {member}
    while True:
        now = [one for one in swaps if one.out == member and one.starts <= at < one.ends]
        if not now or now[-1].into in seen:
            return member
        member = now[-1].into
        seen.add(member)


def next_called(ladder: Sequence[int], called: Sequence[int]) -> int | None:
    """Who is called next: who was called least often, first in the ladder; None when all were, often enough."""
    counts = {member: called.count(member) for member in ladder}
    least = min(counts.values(), default=ROUNDS)
    if least >= ROUNDS:
        return None
    # Nobody is called twice in a row while there is somebody else.
    able = [member for member in ladder if counts[member] == least]
    return next((one for one in able if not called or one != called[-1]), able[0])
