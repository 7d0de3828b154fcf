"""What somebody brings through a door: a call, a visit, a letter, another system. Plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from tickets.enums import Door, PqrKind


@dataclass(frozen=True, slots=True)
class Who:
    """A person as whoever writes the case down knows them: chosen, or by what identifies them."""

    name: str = ""
    handle: str = ""
    phone: str = ""
    email: str = ""
    document: str = ""
    customer_id: int | None = None

    @property
    def is_known_by_something(self) -> bool:
        return bool(self.handle or self.phone or self.email or self.document or self.customer_id)


@dataclass(frozen=True, slots=True)
class Ref:
    """A number the matter has in another system, and what that system says of it."""

    system: str
    number: str
    state: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One matter as it is told. ``key`` names it in its source: the same key twice is the same matter."""

    door: Door
    text: str
    happened_at: datetime
    who: Who = field(default_factory=Who)
    key: str = ""
    # Null: as the words suggest.
    kind: PqrKind | None = None
    # What was promised to the customer, and by when.
    due_at: datetime | None = None
    # What we told them then and there, and whether that was the end of it.
    answer: str = ""
    is_resolved: bool = False
    # Its numbers elsewhere: one that a case has already makes this news of that case.
    references: tuple[Ref, ...] = ()
    # An open case of theirs that this is about; null opens a new one.
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """What became of it: it ``opened`` a case, ``joined`` one, ``updated`` one, or all of it was ``known``.

    ``message_id`` is None where nothing was said.
    """

    what: str
    ticket_id: int
    message_id: int | None
    customer_id: int
    is_new_customer: bool = False
