"""What the desk already knows about the things a batch mentions; ``decide`` changes it in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from channels_social.networks.base import Author
from tickets.aftercontact.domain.answers import Question
from tickets.clocks.rules import TimeRules
from tickets.intake.addresses import Owner
from tickets.intake.plan import Case, Grave, PendingAction, Person, Said, Thread
from tickets.triage.local import Offsets

PersonKey = tuple[str, str, str]
ThreadKey = tuple[str, str, str]
MessageKey = tuple[str, str]


@dataclass(slots=True)
class Ids:
    """Primary keys taken from the sequences beforehand, so that ``decide`` can be pure."""

    customer: Iterator[int]
    identity: Iterator[int]
    conversation: Iterator[int]
    ticket: Iterator[int]
    message: Iterator[int]


@dataclass(slots=True)
class Known:
    """Everything the rules may look at."""

    now: datetime
    ids: Ids
    join_hours: int
    reopen_until: dict[int, datetime]
    rules: dict[int, TimeRules]
    # What the accounts are called, folded, by account.
    handles: dict[int, frozenset[str]] = field(default_factory=dict)
    # What the organization's corrections of triage add to a verdict.
    offsets: Offsets = field(default_factory=dict)
    people: dict[PersonKey, Person] = field(default_factory=dict)
    # Addresses nobody has written from that are known to be somebody's, with whose they are.
    owners: dict[str, list[Owner]] = field(default_factory=dict)
    threads: dict[ThreadKey, Thread] = field(default_factory=dict)
    cases: dict[int, Case] = field(default_factory=dict)
    cases_of: dict[int, list[Case]] = field(default_factory=dict)
    # Open cases of a customer, by network, newest last.
    open_cases: dict[tuple[int, str], list[Case]] = field(default_factory=dict)
    messages: dict[MessageKey, Said] = field(default_factory=dict)
    # Messages of this batch in threads that have no case yet.
    orphans: dict[int, list[Said]] = field(default_factory=dict)
    # What was asked in a thread after its case was answered, and may be answered now.
    questions: dict[int, Question] = field(default_factory=dict)
    graves: dict[MessageKey, list[Grave]] = field(default_factory=dict)
    actions_by_token: dict[str, PendingAction] = field(default_factory=dict)
    actions_by_id: dict[str, PendingAction] = field(default_factory=dict)
    actions_by_thread: dict[str, list[PendingAction]] = field(default_factory=dict)

    def hold(self, case: Case) -> None:
        """Know this case from now on, by itself and by its customer."""
        self.cases[case.id] = case
        self.cases_of.setdefault(case.customer_id, []).append(case)

    def person(self, network: str, author: Author) -> Person | None:
        return self.people.get((network, author.scope, author.external_id))
