"""Clocks as plain data: what a priority owes, when it falls due, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from tickets.enums import ClockKind

# What the queue is ordered by when nothing is owed: after everything that is.
FAR = datetime(9999, 1, 1, tzinfo=UTC)
WARN_SHARE = 0.8
# How long before a promised date its clock warns (care.md, finding 13).
PROMISE_WARNING = timedelta(hours=1)


class BusinessTime(Protocol):
    def add(self, start: datetime, duration: timedelta) -> datetime: ...

    def between(self, start: datetime, end: datetime) -> timedelta: ...


@dataclass(frozen=True, slots=True)
class Terms:
    """What one priority owes, in minutes; ``is_wall_time`` counts around the clock."""

    priority: str
    is_wall_time: bool
    minutes: dict[ClockKind, int]


@dataclass(slots=True)
class ClockRow:
    """A running clock of a case."""

    kind: ClockKind
    started_at: datetime
    due_at: datetime
    warn_at: datetime
    why: dict[str, Any]
    id: int | None = None
    met_at: datetime | None = None
    breached_at: datetime | None = None
    paused_at: datetime | None = None
    cancelled_at: datetime | None = None
    is_changed: bool = False

    @property
    def is_running(self) -> bool:
        return self.met_at is None and self.cancelled_at is None

    def meet(self, at: datetime) -> None:
        self.met_at, self.is_changed = at, True

    def cancel(self, at: datetime) -> None:
        self.cancelled_at, self.is_changed = at, True


@dataclass(frozen=True, slots=True)
class TimeRules:
    """A calendar and the terms of every priority: all that a deadline depends on."""

    calendar_id: int
    calendar: BusinessTime
    terms: dict[str, Terms]
    # Which version of the calendar this is: a clock says with which it was counted.
    calendar_version: int = 1

    def start(self, kind: ClockKind, priority: str, at: datetime) -> ClockRow | None:
        """The clock of that kind from that instant; None where the priority owes nothing."""
        terms = self.terms.get(priority)
        minutes = terms.minutes.get(kind) if terms else None
        if terms is None or minutes is None:
            return None
        why = {
            "priority": priority,
            "minutes": minutes,
            "wall": terms.is_wall_time,
            "calendar": self.calendar_id,
            "calendar_version": self.calendar_version,
        }
        whole = timedelta(minutes=minutes)
        return ClockRow(
            kind=kind,
            started_at=at,
            due_at=self._after(at, whole, terms.is_wall_time),
            warn_at=self._after(at, whole * WARN_SHARE, terms.is_wall_time),
            why=why,
        )

    def move(self, clock: ClockRow, at: datetime) -> None:
        """Restart a running clock from another instant: an earlier message arrived later."""
        whole = timedelta(minutes=clock.why["minutes"])
        clock.started_at = at
        clock.due_at = self._after(at, whole, clock.why["wall"])
        clock.warn_at = self._after(at, whole * WARN_SHARE, clock.why["wall"])
        clock.breached_at = None
        clock.is_changed = True

    def resume(self, clock: ClockRow, at: datetime) -> None:
        """Continue a paused clock with the time it had left when it stopped."""
        if clock.paused_at is None:
            return
        if clock.why["wall"]:
            left, warn = clock.due_at - clock.paused_at, clock.warn_at - clock.paused_at
        else:
            left = self.calendar.between(clock.paused_at, clock.due_at)
            warn = self.calendar.between(clock.paused_at, clock.warn_at)
        clock.due_at = self._after(at, max(left, timedelta()), clock.why["wall"])
        clock.warn_at = self._after(at, max(warn, timedelta()), clock.why["wall"])
        clock.paused_at, clock.is_changed = None, True

    def _after(self, at: datetime, duration: timedelta, is_wall_time: bool) -> datetime:
        return at + duration if is_wall_time else self.calendar.add(at, duration)


def promised(due_at: datetime, *, since: datetime, source: str = "") -> ClockRow:
    """The clock of a date promised to the customer: around the clock, moved by nothing.

    ``source`` names the other system's number it came with, if any.
    """
    return ClockRow(
        kind=ClockKind.COMMITMENT,
        started_at=since,
        due_at=due_at,
        warn_at=max(due_at - PROMISE_WARNING, min(since, due_at)),
        why={"promised": True, "minutes": 0, "wall": True, "source": source},
    )


def next_due(clocks: Iterable[ClockRow]) -> tuple[datetime | None, str]:
    """The instant and kind of what falls due first among running, unpaused clocks."""
    running = [clock for clock in clocks if clock.is_running and clock.paused_at is None]
    if not running:
        return None, ""
    first = min(running, key=lambda clock: clock.due_at)
    return first.due_at, first.kind.value
