"""To whom a case that is about to be late should go. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Colleague:
    """Somebody who may take cases. ``load``: open cases of theirs that wait for nobody else."""

    member_id: int
    load: int = 0
    # A console of theirs is open and they did not say they are away.
    is_connected: bool = False
    is_on_duty: bool = False
    # Accounts whose cases they see; None: all.
    accounts: frozenset[int] | None = None
    # Everything they write waits for approval: only what is easy goes to them.
    learns: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A case about to be late, as far as this rule looks at it."""

    ticket_id: int
    assignee_id: int | None
    account_id: int | None
    is_easy: bool = False


@dataclass(slots=True)
class Team:
    """Everybody, with what the cases suggested so far would add to their load."""

    people: dict[int, Colleague] = field(default_factory=dict)

    def suggest(self, case: Due) -> int | None:
        """Who should have it: the least loaded who is there, if that is better than where it is; else nobody.

        Moving it must leave them with less than its holder has now, so that a case does not go back and forth.
        """
        able = [one for one in self.people.values() if _may(one, case)]
        best = min(able, key=lambda one: (not one.is_connected, one.load, one.member_id), default=None)
        if best is None or best.member_id == case.assignee_id:
            return None
        holder = self.people.get(case.assignee_id or 0)
        is_fine = holder is not None and holder.is_connected and holder.load <= best.load + 1
        is_fine = is_fine or (holder is not None and holder.is_on_duty and not best.is_connected)
        if is_fine:
            return None
        best.load += 1
        if holder is not None:
            holder.load -= 1
        return best.member_id


def _may(one: Colleague, case: Due) -> bool:
    sees = one.accounts is None or case.account_id in one.accounts
    return one.is_on_duty and sees and (case.is_easy or not one.learns)


def team_of(people: Iterable[Colleague]) -> Team:
    """A team out of its people."""
    return Team({one.member_id: one for one in people})
