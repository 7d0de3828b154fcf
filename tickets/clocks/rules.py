"""Clocks as plain data: what a priority owes, when it falls due, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from tickets.enums import ClockKind

# What the queue is ordered by when nothing is owed: after everything that is.
FAR = datetime(9999, 1, 1, tzinfo=UTC)
# Warnings before the end, as shares of the time owed (domain.md 3.1); the end itself is the third.
WARN_SHARES = (0.5, 0.8)
# How long before a promised date its clock warns (care.md, finding 13).
PROMISE_WARNING = timedelta(hours=1)


# From, until: a wait that is over.
Wait = tuple[datetime, datetime]
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
        return row

    def move(self, clock: ClockRow, at: datetime) -> None:
        """Restart a running clock from another instant: an earlier message arrived later."""
        clock.started_at = at
        clock.why = {name: value for name, value in clock.why.items() if name != "waited"}
        self._date(clock)
        clock.breached_at, clock.is_changed = None, True

    def retarget(
        self,
        clock: ClockRow,
        priority: str,
        about: About,
        *,
        now: datetime,
        waits: Iterable[Wait] | None = None,
    ) -> bool:
        """Date a running clock by the policy that holds now, from the instant it began: elapsed time stays elapsed.

        ``waits`` are the ended waits of the case, where they are known; else what the clock remembers of them.
        False when nothing changes; cancelled when nothing of its kind is owed any more.
        """
        terms = self.terms_for(priority, about)
        if terms is None or terms.minutes.get(clock.kind) is None:
            clock.cancel(now)
            return True
        waited = self._waited(clock, terms.is_wall_time, waits)
        why = self._why(clock.kind, terms) | ({"waited": waited} if waited else {})
        if why == clock.why:
            return False
        before, clock.why = clock.due_at, why
        self._date(clock, now)
        if clock.due_at > now:
            clock.breached_at = None
        clock.is_changed = True
        return clock.due_at != before

    def resume(self, clock: ClockRow, at: datetime) -> None:
        """Continue a paused clock with the time it had left when it stopped, remembering how long it stood."""
        if clock.paused_at is None:
            return
        stopped, is_wall = clock.paused_at, clock.why["wall"]

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
        if stood > 0:
            clock.why = clock.why | {"waited": clock.why.get("waited", 0) + round(stood)}
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
        }

    def _date(self, clock: ClockRow, now: datetime | None = None) -> None:
        """Set when a clock warns and ends: its minutes and what it waited, from when it began."""
        whole, is_wall = timedelta(minutes=clock.why["minutes"]), clock.why["wall"]
        stood = timedelta(seconds=clock.why.get("waited", 0))
        clock.due_at = self._after(clock.started_at, whole + stood, is_wall)
        clock.alarms = tuple(
            self._after(clock.started_at, whole * share + stood, is_wall) for share in WARN_SHARES
        )
        clock.warned = sum(one <= now for one in clock.alarms) if now else 0
        clock.warn_at = clock.alarms[clock.warned] if clock.warned < len(clock.alarms) else None

    def _waited(self, clock: ClockRow, is_wall_time: bool, waits: Iterable[Wait] | None) -> int:
        """Seconds this clock stood still so far, of the kind of time it is to count in."""
        if waits is None or clock.kind in NEVER_PAUSED:
            return int(clock.why.get("waited", 0))
        spans = [(max(start, clock.started_at), end) for start, end in waits if end > clock.started_at]
        total = sum((self._between(start, end, is_wall_time) for start, end in spans), timedelta())
        return round(total.total_seconds())

    def _after(self, at: datetime, duration: timedelta, is_wall_time: bool) -> datetime:
        return at + duration if is_wall_time else self.calendar.add(at, duration)

    def _between(self, start: datetime, end: datetime, is_wall_time: bool) -> timedelta:
        return end - start if is_wall_time else self.calendar.between(start, end)


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
