"""A running clock as plain data. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tickets.enums import ClockKind


@dataclass(slots=True)
class ClockRow:
    """A running clock of a case."""

    kind: ClockKind
    started_at: datetime
    due_at: datetime
    warn_at: datetime | None
    why: dict[str, Any]
    id: int | None = None
    met_at: datetime | None = None
    breached_at: datetime | None = None
    paused_at: datetime | None = None
    cancelled_at: datetime | None = None
    # All its warnings, and how many of them were given; `warn_at` is the next.
    alarms: tuple[datetime, ...] = ()
    warned: int = 0
    is_changed: bool = False

    @property
    def is_running(self) -> bool:
        return self.met_at is None and self.cancelled_at is None

    def meet(self, at: datetime) -> None:
        self.met_at, self.is_changed = at, True

    def cancel(self, at: datetime) -> None:
        self.cancelled_at, self.is_changed = at, True
