"""Django's door to the rooms of the desk, in the order in which they may see each other."""

from tickets.areas.models import Area, AreaMember, Consultation
from tickets.cases.letters import Letter
from tickets.cases.models import (
    Attachment,
    Conversation,
    CountDelta,
    Counter,
    Filing,
    Message,
    MessageVersion,
    Note,
    Ticket,
    Tombstone,
)
from tickets.clocks.models import Clock, Wait
from tickets.customers.models import Customer, Identity
from tickets.settings.models import AccountPolicy

__all__ = [
    "AccountPolicy",
    "Area",
    "AreaMember",
    "Attachment",
    "Clock",
    "Consultation",
    "Conversation",
    "CountDelta",
    "Counter",
    "Customer",
    "Filing",
    "Identity",
    "Letter",
    "Message",
    "MessageVersion",
    "Note",
    "Ticket",
    "Tombstone",
    "Wait",
]
