"""Django's door to the rooms of the desk, in the order in which they may see each other."""

from tickets.cases.access import CaseAccess, MemberAccount, Petition
from tickets.cases.filings import FilingPolicy, FilingRule, Reference
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
from tickets.cases.moves import CaseMove
from tickets.cases.quotes import Quote
from tickets.clocks.models import Clock, Wait
from tickets.customers.models import Customer, Identity, IdentityKey, Unification
from tickets.replies.models import KeptApart
from tickets.settings.models import AccountPolicy, TeamChange

__all__ = [
    "AccountPolicy",
    "Attachment",
    "CaseAccess",
    "CaseMove",
    "Clock",
    "Conversation",
    "CountDelta",
    "Counter",
    "Customer",
    "Filing",
    "FilingPolicy",
    "FilingRule",
    "Identity",
    "IdentityKey",
    "KeptApart",
    "MemberAccount",
    "Message",
    "MessageVersion",
    "Note",
    "Petition",
    "Quote",
    "Reference",
    "TeamChange",
    "Ticket",
    "Tombstone",
    "Unification",
    "Wait",
]
