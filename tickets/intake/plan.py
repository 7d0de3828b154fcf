"""What a batch of deliveries will change, as plain data: made by ``decide``, carried out by ``write``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from channels_social.networks.base import AccountSignal, Change, IncomingMessage, Letter, MediaRef
from tickets.aftercontact.domain.answers import Heard
from tickets.clocks.rules import About, ClockRow
from tickets.customers.rules.data import Datum
from tickets.enums import ClockKind, Priority, TicketState


@dataclass(frozen=True, slots=True)
class Arrival:
    """One thing a delivery said, and where it came from."""

    event_id: int
    account_id: int
    network: str
    item: IncomingMessage | Change | AccountSignal
    # The root could not be resolved in time: taken in provisionally.
    is_provisional: bool = False
    # The case the message names (a radicado in the subject of a mail), where its author may name it.
    ticket_id: int | None = None
    # Somebody read it and wants a case of it: it is no noise, whatever triage says.
    is_chosen: bool = False


@dataclass(slots=True, eq=False)
class Person:
    """An identity and its customer."""

    identity_id: int
    customer_id: int
    network: str
    scope: str
    external_id: str
    name: str = ""
    handle: str = ""
    avatar_url: str = ""
    accepts_dm: bool | None = None
    is_anonymous: bool = False
    tier_id: int | None = None
    is_new: bool = False
    is_changed: bool = False
    # A new identity of a customer who is known already.
    is_of_known: bool = False
    # Of an e-mail: what is kept sealed, looked up and shown masked.
    datum: Datum | None = None


@dataclass(slots=True, eq=False)
class Thread:
    """A conversation as the batch leaves it."""

    id: int
    account_id: int
    network: str
    kind: str
    thread_key: str
    customer_id: int
    identity_id: int
    root_external_id: str = ""
    ticket_id: int | None = None
    last_customer_at: datetime | None = None
    last_sent_at: datetime | None = None
    last_external_id: str = ""
    is_provisional: bool = False
    # Of a thread without a case: the last thing said in it.
    last_said: tuple[datetime, str] | None = None
    # When noise was said in it: a case that turns out to have been open then hears it.
    unheard: list[datetime] = field(default_factory=list)
    is_new: bool = False
    is_changed: bool = False


@dataclass(slots=True, eq=False)
class Case:
    """A ticket as the batch leaves it."""

    id: int
    customer_id: int
    state: TicketState
    opened_at: datetime
    last_at: datetime
    channel: str
    kind: str = ""
    suggested_kind: str = ""
    kind_reasons: tuple[str, ...] = ()
    is_kind_corrected: bool = False
    priority: Priority = Priority.MEDIUM
    priority_reasons: tuple[str, ...] = ()
    radicado: str | None = None
    previous_id: int | None = None
    assignee_id: int | None = None
    first_sent_at: datetime | None = None
    last_sent_at: datetime | None = None
    # What was said until then is answered: when the last of our answers was written.
    answered_until: datetime | None = None
    resolved_at: datetime | None = None
    reopened_count: int = 0
    last_text: str = ""
    last_asked_at: datetime | None = None
    unanswered_since: datetime | None = None
    unanswered_count: int = 0
    is_overdue: bool = False
    version: int = 1
    network: str = ""
    account_id: int | None = None
    clocks: dict[ClockKind, ClockRow] = field(default_factory=dict)
    # Clocks that were met and made room for a new one of their kind.
    closed: list[ClockRow] = field(default_factory=list)
    # When customers asked what nobody has answered; read only where an answer or an opening may move.
    asked: list[datetime] = field(default_factory=list)
    is_new: bool = False
    is_changed: bool = False
    is_to_be_filed: bool = False
    ended_wait_at: datetime | None = None
    tier_id: int | None = None

    @property
    def is_open(self) -> bool:
        return self.state in _OPEN

    @property
    def about(self) -> About:
        """What of it chooses its policy."""
        return About(self.kind, self.tier_id)


_OPEN = {
    TicketState.NEW,
    TicketState.OPEN,
    TicketState.WAITING_CUSTOMER,
    TicketState.WAITING_AREA,
}


@dataclass(slots=True, eq=False)
class Said:
    """A message as the batch leaves it."""

    id: int
    thread_id: int
    network: str
    external_id: str
    direction: str
    is_public: bool
    text: str
    occurred_at: datetime
    ticket_id: int | None = None
    parent_external_id: str = ""
    is_native: bool = False
    needs_attention: bool = True
    is_courtesy: bool = False
    is_encrypted: bool = False
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    hidden_at: datetime | None = None
    action_id: int | None = None
    account_id: int = 0
    media: tuple[MediaRef, ...] = ()
    letter: Letter | None = None
    # Judged to need no answer; it is shown where its thread has a case, and opens none.
    is_noise: bool = False
    # It attacks people and names no matter of service: by itself it files nothing.
    is_bare_insult: bool = False
    # What triage judged of a customer's message, as it is stored.
    verdict: dict[str, Any] | None = None
    is_new: bool = False
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """Another id or text of a message."""

    message_id: int
    network: str
    external_id: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PendingAction:
    """An outbox action that a delivery may turn out to be: sent from here, answer lost or late."""

    id: int
    account_id: int
    thread_key: str
    state: str
    client_token: str
    external_id: str
    normalised_text: str
    message_id: int | None
    ticket_id: int | None
    written_at: datetime
    # Said by the system: it stops no clock.
    is_notice: bool = False


@dataclass(frozen=True, slots=True)
class Grave:
    """A deletion, hiding or edit of something not seen yet."""

    network: str
    external_id: str
    change: str
    at: datetime
    text: str = ""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A delivery that proves an action of ours was sent."""

    action_id: int
    message_id: int | None
    external_id: str
    at: datetime
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """An audit line to be."""

    action: str
    ticket_id: int | None
    data: dict[str, Any]


@dataclass(slots=True)
class Intake:
    """Everything a batch changes."""

    people: list[Person] = field(default_factory=list)
    threads: list[Thread] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    messages: list[Said] = field(default_factory=list)
    versions: list[Version] = field(default_factory=list)
    graves: list[Grave] = field(default_factory=list)
    confirmed: list[Confirmed] = field(default_factory=list)
    receipts: list[Change] = field(default_factory=list)
    signals: list[tuple[int, AccountSignal]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    # New cases in threads that already had orphan courtesy messages: those join the case.
    adopted: list[tuple[int, int]] = field(default_factory=list)
    # Answers to what was asked after a case was answered.
    heard: list[Heard] = field(default_factory=list)
