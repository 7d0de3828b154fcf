"""Django's door to the rooms of the desk, in the order in which they may see each other."""

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
from tickets.triage.models import NoiseSample, TriageCorrection, TriagePolicy, TriageVersion

__all__ = [
    "AccountPolicy",
    "Attachment",
    "Clock",
    "Conversation",
    "CountDelta",
    "Counter",
    "Customer",
    "Filing",
    "Identity",
    "Message",
    "MessageVersion",
    "NoiseSample",
    "Note",
    "Ticket",
    "Tombstone",
    "TriageCorrection",
    "TriagePolicy",
    "TriageVersion",
    "Wait",
]
