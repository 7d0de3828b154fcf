"""What a case owes and when, with everything needed to explain it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

WARNINGS = (0.5, 0.8)


class CountsTime(Protocol):
    """What `BusinessTime` offers."""

    def add(self, start: datetime, duration: timedelta) -> datetime: ...

    def between(self, start: datetime, end: datetime) -> timedelta: ...


@dataclass(frozen=True, slots=True)
class Policy:
    """What is owed for a priority, in minutes; None where nothing is. Not `business`: around the clock."""

    name: str
    business: bool
    first_response: int | None
    next_response: int | None
    update: int | None
    resolution: int | None


@dataclass(frozen=True, slots=True)
class Pause:
    """A wait: from, until (None: it goes on), and for what."""

    start: datetime
    end: datetime | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """The parts of a deadline: policy, minutes, how they count, from when, and the waits that stopped it."""

    policy: str
    minutes: int
    business: bool
    started_at: datetime
    pauses: tuple[Pause, ...] = ()
    paused: timedelta = timedelta()
    """Time of its own kind, business or wall, that the pauses took from this clock so far."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One clock. `due_at` and the warnings still ahead are None while a pause goes on."""

    due_at: datetime | None
    warn_at: tuple[datetime | None, ...]
    """At 50 and 80 % of the time owed."""
    why: Why


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The four clocks of a case; None where its policy owes nothing."""

    first_response: Deadline | None
    next_response: Deadline | None
    update: Deadline | None
    resolution: Deadline | None


class _WallTime:
    def add(self, start: datetime, duration: timedelta) -> datetime:
        return start + duration

    def between(self, start: datetime, end: datetime) -> timedelta:
        return end - start


WALL = _WallTime()
"""Time that always counts."""


def deadlines_for(
    policy: Policy,
    calendar: CountsTime,
    opened_at: datetime,
    pauses: Iterable[Pause] = (),
    *,
    unanswered_since: datetime | None = None,
    answered_at: datetime | None = None,
) -> Deadlines:
    """Return every deadline of a case.

    First response counts from `opened_at`, the next from the oldest unanswered message, an update from our
    last answer (both from `opened_at` when there is none). Waiting on the customer stops update and
    resolution, never the responses (domain.md 3.1).
    """
    counted = calendar if policy.business else WALL
    waits = _merged(pauses)

    def owed(minutes: int | None, start: datetime, waits: tuple[Pause, ...] = ()) -> Deadline | None:
        return None if minutes is None else _deadline(policy, counted, minutes, start, waits)

    return Deadlines(
        first_response=owed(policy.first_response, opened_at),
        next_response=owed(policy.next_response, unanswered_since or opened_at),
        update=owed(policy.update, answered_at or opened_at, waits),
        resolution=owed(policy.resolution, opened_at, waits),
    )


def _deadline(
    policy: Policy, counted: CountsTime, minutes: int, start: datetime, waits: tuple[Pause, ...]
) -> Deadline:
    whole = timedelta(minutes=minutes)
    due_at = _after(counted, start, whole, waits)
    touching = tuple(
        w for w in waits if (w.end is None or w.end > start) and (due_at is None or w.start < due_at)
    )
    paused = sum((counted.between(max(w.start, start), w.end) for w in touching if w.end), timedelta())
    why = Why(policy.name, minutes, policy.business, start, touching, paused)
    return Deadline(due_at, tuple(_after(counted, start, whole * share, waits) for share in WARNINGS), why)


def _after(
    counted: CountsTime, start: datetime, duration: timedelta, waits: tuple[Pause, ...]
) -> datetime | None:
    """Return when `duration` outside the waits has passed; None when a wait that goes on comes first."""
    for wait in waits:
        if wait.start > start:
            stretch = counted.between(start, wait.start)
            if stretch >= duration:
                break
            duration -= stretch
        if wait.end is None:
            return None
        start = max(start, wait.end)
    return counted.add(start, duration)


def _merged(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """Return pauses in order, those that overlap as one (with the reasons of both)."""
    merged: list[Pause] = []
    for pause in sorted(pauses, key=lambda pause: pause.start):
        last = merged[-1] if merged else None
        if last is None or (last.end is not None and pause.start > last.end):
            merged.append(pause)
            continue
        end = None if last.end is None or pause.end is None else max(last.end, pause.end)
        reason = last.reason if pause.reason in ("", last.reason) else f"{last.reason}, {pause.reason}"
        merged[-1] = Pause(last.start, end, reason)
    return tuple(merged)


def due_after(
    counted: CountsTime, start: datetime, duration: timedelta, pauses: Iterable[Pause] = ()
) -> datetime | None:
    """Return when `duration` outside the pauses has passed; None when one that goes on comes first."""
    return _after(counted, start, duration, _merged(pauses))
