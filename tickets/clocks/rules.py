"""Clocks as plain data: what a priority owes, when it falls due, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from protocols.rules.deadlines import WALL, Pause, due_after
from tickets.enums import ClockKind

# What the queue is ordered by when nothing is owed: after everything that is.
FAR = datetime(9999, 1, 1, tzinfo=UTC)
# Warnings before the end, as shares of the time owed (domain.md 3.1); the end itself is the third.
WARN_SHARES = (0.5, 0.8)
# How long before a promised date its clock warns (care.md, finding 13).
PROMISE_WARNING = timedelta(hours=1)


# A date given to the customer and the term of the law do not move because we wait.
NEVER_PAUSED = frozenset({ClockKind.COMMITMENT, ClockKind.LEGAL})
# What a policy owes.
OWED = (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE, ClockKind.UPDATE, ClockKind.RESOLUTION)


class BusinessTime(Protocol):
    def add(self, start: datetime, duration: timedelta) -> datetime: ...

    def between(self, start: datetime, end: datetime) -> timedelta: ...


@dataclass(frozen=True, slots=True)
class About:
    """What of a case chooses its policy, besides its account and its priority."""

    kind: str = ""
    tier_id: int | None = None


ANY = About()


@dataclass(frozen=True, slots=True)
class Terms:
    """What one policy owes, in minutes; ``is_wall_time`` counts around the clock.

    ``kind`` and ``tier_id`` narrow it; blank and None are any.
    """

    priority: str
    is_wall_time: bool
    minutes: dict[ClockKind, int]
    policy_id: int | None = None
    version: int = 0
    kind: str = ""
    tier_id: int | None = None
    is_of_account: bool = False

    @property
    def weight(self) -> int:
        """How narrow it is: the customer's tier counts for more than the account, the account than the kind."""
        return 4 * (self.tier_id is not None) + 2 * self.is_of_account + (self.kind != "")

    def fits(self, about: About) -> bool:
        """Whether a case is what this policy is for."""
        return self.kind in ("", about.kind) and self.tier_id in (None, about.tier_id)


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


@dataclass(frozen=True, slots=True)
class TimeRules:
    """A calendar and the policies of an account: all that a deadline depends on."""

    calendar_id: int
    calendar: BusinessTime
    terms: dict[str, Terms]
    # Narrower policies by priority, the narrowest first.
    special: dict[str, tuple[Terms, ...]] = field(default_factory=dict)
    # Which version of the calendar this is: a clock says with which it was counted.
    calendar_version: int = 1

    def terms_for(self, priority: str, about: About = ANY) -> Terms | None:
        """The narrowest policy that fits."""
        for terms in self.special.get(priority, ()):
            if terms.fits(about):
                return terms
        return self.terms.get(priority)

    def start(self, kind: ClockKind, priority: str, at: datetime, about: About = ANY) -> ClockRow | None:
        """The clock of that kind from that instant; None where the policy owes nothing."""
        terms = self.terms_for(priority, about)
        if terms is None or terms.minutes.get(kind) is None:
            return None
        row = ClockRow(kind=kind, started_at=at, due_at=at, warn_at=None, why=self._why(kind, terms))
        self._date(row)
        row.warn_at = row.alarms[0]
        return row

    def move(self, clock: ClockRow, at: datetime) -> None:
        """Restart a running clock from another instant: an earlier message arrived later."""
        clock.started_at = at
        clock.why = {name: value for name, value in clock.why.items() if name not in ("waited", "moved")}
        self._date(clock)
        clock.warned, clock.warn_at = 0, clock.alarms[0]
        clock.breached_at, clock.is_changed = None, True

    def retarget(
        self,
        clock: ClockRow,
        priority: str,
        about: About,
        *,
        now: datetime,
        waits: Iterable[Pause] | None = None,
    ) -> bool:
        """Date a running clock by the policy and the hours that hold now, from the instant it began.

        Elapsed time stays elapsed, a wait stays taken from it, and doing it twice gives the same. ``waits`` are the
        waits of the case that are over, where they are known; else what the clock remembers of them. Cancelled when
        nothing of its kind is owed any more; one that is broken and stays so is left as it is. True when it moved.
        """
        terms = self.terms_for(priority, about)
        if terms is None or terms.minutes.get(clock.kind) is None:
            clock.cancel(now)
            return True
        anew = replace(clock, why=self._why(clock.kind, terms) | _kept(clock.why))
        self._date(anew, list(waits) if waits is not None else None)
        if clock.breached_at is not None and anew.due_at <= now:
            return False
        is_moved = anew.due_at != clock.due_at
        if not is_moved and (anew.alarms, anew.why) == (clock.alarms, clock.why):
            return False
        clock.due_at, clock.alarms, clock.why = anew.due_at, anew.alarms, anew.why
        # A warning that was given stays given; one that is past and was not is given by the next sweep.
        clock.warned = min(clock.warned, sum(one <= now for one in clock.alarms))
        clock.warn_at = clock.alarms[clock.warned] if clock.warned < len(clock.alarms) else None
        clock.breached_at, clock.is_changed = None, True
        return is_moved

    def wait_out(self, clock: ClockRow, waits: Iterable[Pause]) -> None:
        """Take the waits that are over from a clock that begins only now, in the past."""
        self._date(clock, list(waits))
        clock.warn_at = clock.alarms[0]

    def resume(self, clock: ClockRow, at: datetime) -> None:
        """Continue a paused clock with the time it had left when it stopped, remembering how long it stood."""
        if clock.paused_at is None:
            return
        stopped, is_wall, is_late = clock.paused_at, clock.why["wall"], clock.due_at <= clock.paused_at

        def later(moment: datetime) -> datetime:
            """What was past when it stopped stays past."""
            if moment <= stopped:
                return moment
            return self._after(at, self._between(stopped, moment, is_wall), is_wall)

        clock.due_at = later(clock.due_at)
        clock.alarms = tuple(map(later, clock.alarms))
        if clock.warn_at is not None:
            clock.warn_at = later(clock.warn_at)
        stood = self._between(stopped, at, is_wall).total_seconds()
        if stood > 0 and not is_late:
            clock.why = clock.why | {"waited": clock.why.get("waited", 0) + stood}
        clock.paused_at, clock.is_changed = None, True

    def next_opening(self, at: datetime) -> datetime:
        """That instant while the account attends, else when it opens next."""
        opens = getattr(self.calendar, "next_opening", None)
        return opens(at) if opens is not None else at

    def _why(self, kind: ClockKind, terms: Terms) -> dict[str, Any]:
        return {
            "policy": terms.policy_id,
            "version": terms.version,
            "priority": terms.priority,
            "minutes": terms.minutes[kind],
            "wall": terms.is_wall_time,
            "calendar": self.calendar_id,
            "calendar_version": self.calendar_version,
        }

    def _date(self, clock: ClockRow, waits: list[Pause] | None = None) -> None:
        """Set when a clock ends and when it warns: its minutes outside the waits, from when it began.

        Without the waits it counts what it remembers of them, as if they had come before every warning.
        """
        whole, is_wall = timedelta(minutes=clock.why["minutes"]), clock.why["wall"]
        counted = WALL if is_wall else self.calendar
        stood = timedelta(seconds=clock.why.get("waited", 0)) if waits is None else timedelta()

        def after(share: float) -> datetime:
            found = due_after(counted, clock.started_at, whole * share + stood, waits or ())
            assert found is not None, "waits that are over end somewhere"
            return found

        clock.due_at = after(1)
        clock.alarms = tuple(map(after, WARN_SHARES))
        if waits is None:
            return
        waited = (counted.between(clock.started_at, clock.due_at) - whole).total_seconds()
        clock.why = {name: value for name, value in clock.why.items() if name != "waited"}
        if waited:
            clock.why["waited"] = waited

    def _after(self, at: datetime, duration: timedelta, is_wall_time: bool) -> datetime:
        return at + duration if is_wall_time else self.calendar.add(at, duration)

    def _between(self, start: datetime, end: datetime, is_wall_time: bool) -> timedelta:
        return end - start if is_wall_time else self.calendar.between(start, end)


def _kept(why: dict[str, Any]) -> dict[str, Any]:
    """What a clock goes on remembering when it is dated anew."""
    return {name: why[name] for name in ("waited", "moved") if name in why}


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
