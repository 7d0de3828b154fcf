"""Por el cable: the last things that went over the wire, in either direction."""

from __future__ import annotations

import itertools
import threading
import time
from collections import deque
from typing import Any

KEPT = 2000


class Wire:
    """A ring of the newest entries, each with a growing number; tells listeners that something changed."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._lock = threading.Lock()
        self.version = self.said = 0

    def note(
        self, direction: str, network: str, line: str, status: int | str, ms: float, **more: Any
    ) -> None:
        """One exchange.

        `direction` in or out, `line` such as "POST /x/2/tweets", status or words, milliseconds.
        """
        with self._lock:
            entry = {"n": next(self._numbers), "at_ms": int(time.time() * 1000), "direction": direction}
            entry |= {"network": network, "line": line, "status": status, "ms": round(ms, 1), **more}
            self._entries.append(entry)
            self.version += 1

    def changed(self) -> None:
        """Something was said, or a switch was turned: `said` grows."""
        self.said += 1

    def last(self, limit: int = 100, after: int = 0) -> list[dict[str, Any]]:
        """The newest `limit` entries with a number greater than `after`, newest first."""
        with self._lock:
            return [e for e in itertools.islice(reversed(self._entries), limit) if e["n"] > after]

    def clear(self) -> None:
        """Forget the entries."""
        with self._lock:
            self._entries.clear()
            self.version += 1
            self.said += 1
