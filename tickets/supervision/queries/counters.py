"""The counters of the desk as the board adds them up: no case is read. Inside ``tenant``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import connection

STEPS = "SELECT key, sum(delta)::int FROM tickets_countdelta WHERE organization_id = %s GROUP BY key"


@dataclass(slots=True)
class Tally:
    """How many cases are open, unanswered, overdue, waiting for others, and unanswered and late."""

    open: int = 0
    unanswered: int = 0
    overdue: int = 0
    waiting: int = 0
    stale: int = 0


@dataclass(slots=True)
class Held:
    """What one colleague has: cases, of them late, of them waiting for somebody else."""

    mine: int = 0
    late: int = 0
    parked: int = 0

    @property
    def load(self) -> int:
        """What waits for them."""
        return max(self.mine - self.parked, 0)


@dataclass(slots=True)
class Counts:
    """By account (0: of none) and by colleague, of the accounts that are looked at."""

    accounts: dict[int, Tally] = field(default_factory=lambda: defaultdict(Tally))
    people: dict[int, Held] = field(default_factory=lambda: defaultdict(Held))
    total: Tally = field(default_factory=Tally)


def counts_of(organization_id: int, accounts: Collection[int] | None) -> Counts:
    """All counters, of some accounts (None: of all, cases of no account too)."""
    with connection.cursor() as cursor:
        cursor.execute(STEPS, [organization_id])
        steps = dict(cursor.fetchall())
    return read_steps(steps, accounts)


def read_steps(steps: dict[str, int], accounts: Collection[int] | None) -> Counts:
    """The keys of the trigger (migration 0009) put in their places."""
    counts = Counts()
    for key, n in steps.items():
        name, _, place = key.partition("@")
        if not place.isdigit():
            if accounts is None and name in ("open", "unanswered", "overdue") and not place:
                setattr(counts.total, name, n)
            continue
        account = int(place)
        if accounts is not None and account not in accounts:
            continue
        _add(counts, name, account, n, adds_up=accounts is not None)
    return counts


def _add(counts: Counts, name: str, account: int, n: int, *, adds_up: bool) -> None:
    if name in ("open", "unanswered", "overdue"):
        setattr(counts.accounts[account], name, n)
        if adds_up:
            setattr(counts.total, name, getattr(counts.total, name) + n)
        return
    if not name.startswith("board:"):
        return
    _board, what, *member = name.split(":")
    if member:
        held = counts.people[int(member[0])]
        setattr(held, what, getattr(held, what) + n)
    else:
        setattr(counts.accounts[account], what, n)
        setattr(counts.total, what, getattr(counts.total, what) + n)
