"""When what waits to leave will have left: «sale en ~4 min». Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

# One action in flight per account: a turn of the outbox and a request of the network.
EACH = timedelta(seconds=2)
# X counts by quarters of an hour (channels A1); for others it is what their headers say of the reset.
WINDOW = timedelta(minutes=15)
# The last fifth of a window is kept for people (``channels_social.domain.leases``).
KEPT_FROM = "3_bulk"


@dataclass(frozen=True, slots=True)
class Room:
    """What the network leaves: so many of ``limit`` until ``resets_at``; ``limit`` 0: it told no limit."""

    limit: int = 0
    remaining: int = 0
    resets_at: datetime | None = None


def leaves_in(ahead: int, lane: str, room: Room, now: datetime) -> timedelta:
    """How long until the last of ``ahead`` actions of this lane and those before it has left."""
    if ahead <= 0:
        return timedelta()
    sending = EACH * ahead
    if not room.limit:
        return sending
    kept = room.limit // 5 if lane >= KEPT_FROM else 0
    now_free = max(room.remaining - kept, 0)
    if ahead <= now_free:
        return sending
    each_window = max(room.limit - kept, 1)
    waits = -(-(ahead - now_free) // each_window)
    first = max((room.resets_at or now + WINDOW) - now, timedelta())
    last_in_window = (ahead - now_free - 1) % each_window + 1
    return first + WINDOW * (waits - 1) + EACH * last_in_window
