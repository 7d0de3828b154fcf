"""Ids as the networks make them: time-ordered, unique, never used twice, also across restarts."""

from __future__ import annotations

import base64
import secrets
import threading
import time
from datetime import UTC, datetime

# X's epoch: id >> 22 is milliseconds since then (docs.x.com, "X IDs").
X_EPOCH_MS = 1288834974657


def now_ms() -> int:
    """Milliseconds since 1970, this machine's clock."""
    return time.time_ns() // 1_000_000


def snowflake_at(ms: int) -> int:
    """The smallest X id of that millisecond."""
    return max(ms - X_EPOCH_MS, 0) << 22


def x_time(ms: int) -> str:
    """A time as API v2 writes it, `2026-11-22T13:04:05.000Z`."""
    return datetime.fromtimestamp(ms // 1000, UTC).isoformat()[:19] + f".{ms % 1000:03d}Z"


def graph_time(ms: int) -> str:
    """A time as the Graph API writes it, `2026-11-22T13:04:05+0000`."""
    return datetime.fromtimestamp(ms // 1000, UTC).isoformat()[:19] + "+0000"


def parse_time(text: str | int | float) -> int:
    """Milliseconds of an ISO time, of epoch seconds, or of epoch milliseconds; raises ValueError."""
    if isinstance(text, int | float) or str(text).isdigit():
        number = float(text)
        return int(number if number > 1e11 else number * 1000)
    moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


class Mint:
    """Gives ids; one for the whole sandbox, safe from any thread."""

    def __init__(self, last_snowflake: int = 0, last_seq: int = 0) -> None:
        self._lock = threading.Lock()
        self._last, self._seq = last_snowflake, last_seq
        self._past: set[int] = set()

    def snowflake(self, ms: int | None = None) -> int:
        """An X id, greater than every earlier one; with `ms`, one of that (past) millisecond."""
        with self._lock:
            if ms is None or snowflake_at(ms) > self._last:
                self._last = max(snowflake_at(now_ms() if ms is None else ms), self._last + 1)
                return self._last
            return self._of_the_past(ms)

    def _of_the_past(self, ms: int) -> int:
        while True:
            number = snowflake_at(ms) + secrets.randbelow(1 << 22)
            if number not in self._past:
                self._past.add(number)
                return number

    def seq(self) -> int:
        """A growing 16-digit number for Facebook's objects: microseconds, never the same twice."""
        with self._lock:
            self._seq = max(time.time_ns() // 1000, self._seq + 1)
            return self._seq

    @staticmethod
    def mid() -> str:
        """A Messenger message id, `m_` and 80-odd opaque characters."""
        return "m_" + base64.urlsafe_b64encode(secrets.token_bytes(60)).decode().rstrip("=")

    @staticmethod
    def event_uuid() -> str:
        """An X Activity event id: a signed 64-bit number as text (negative ones do occur)."""
        return str(secrets.randbits(64) - (1 << 63))

    @staticmethod
    def secret(prefix: str = "") -> str:
        """A token nobody guesses."""
        return prefix + secrets.token_urlsafe(48)
