"""Django's door to the rooms of the desk, in the order in which they may see each other."""

from tickets.aftercontact.models import AfterContact, AfterContactPolicy
from tickets.api.models import RepeatableCall, WebhookDelivery, WebhookSubscription
from tickets.areas.models import Area, AreaMember, Consultation
from tickets.cases.access import CaseAccess, MemberAccount, Petition
from tickets.cases.classification import Classification
from tickets.cases.filings import FilingPolicy, FilingRule, Reference
from tickets.cases.following import CaseSecret
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
from tickets.cases.moves import CaseMove
from tickets.cases.quotes import Quote
from tickets.clocks.models import Clock, ClockRecount, DefinitiveAnswer, TermExtension, Wait
from tickets.commitments.models import Commitment
from tickets.customers.models import Customer, Identity, IdentityKey, Unification
from tickets.doors.models import CaseImport, DoorCall, DoorKey, ImportPiece
from tickets.escalation.models import (
    Alarm,
    AlarmNotice,
    AlarmPreference,
    EscalationRule,
    EscalationStep,
    OnCallShift,
    OnCallSwap,
    PushSubscription,
)
from tickets.guidance.models import CaseProtocol, Grant, PrivacyNotice
from tickets.incidents.models import (
    AnswerBatch,
    BatchedAnswer,
    CaseFlow,
    Incident,
    IncidentCase,
    IncidentNotice,
    SpikeWatch,
)
from tickets.insights.models import DayFigure, FigureMark, FigureState, OpenHours
from tickets.public.models import SecureLink
from tickets.questions.models import ArticleUse, QuestionGroup, QuestionMember, QuestionWeek
from tickets.replies.models import KeptApart, Upload
from tickets.settings.models import AccountPolicy, TeamChange
from tickets.team.models import Invitation, MemberPhoto, PracticeAnswer, Shift
from tickets.triage.models import (
    AttentionChange,
    NoiseSample,
    TriageCorrection,
    TriagePolicy,
    TriageVersion,
)

__all__ = [
    "SpikeWatch",
    "IncidentNotice",
    "IncidentCase",
    "Incident",
    "CaseFlow",
    "BatchedAnswer",
    "AnswerBatch",
    "AfterContact",
    "AfterContactPolicy",
    "Alarm",
    "AlarmNotice",
    "AlarmPreference",
    "EscalationRule",
    "EscalationStep",
    "OnCallShift",
    "OnCallSwap",
    "PracticeAnswer",
    "ArticleUse",
    "QuestionGroup",
    "QuestionMember",
    "QuestionWeek",
    "PushSubscription",
    "RepeatableCall",
    "WebhookDelivery",
    "WebhookSubscription",
    "AccountPolicy",
    "Area",
    "AreaMember",
    "Attachment",
    "AttentionChange",
    "CaseImport",
    "CaseAccess",
    "CaseMove",
    "CaseProtocol",
    "CaseSecret",
    "Classification",
    "Clock",
    "ClockRecount",
    "Commitment",
    "Consultation",
    "Conversation",
    "CountDelta",
    "Counter",
    "Customer",
    "DayFigure",
    "DefinitiveAnswer",
    "DoorCall",
    "DoorKey",
    "FigureMark",
    "FigureState",
    "Filing",
    "FilingPolicy",
    "FilingRule",
    "Identity",
    "Grant",
    "IdentityKey",
    "ImportPiece",
    "Invitation",
    "KeptApart",
    "Letter",
    "MemberAccount",
    "MemberPhoto",
    "Message",
    "MessageVersion",
    "NoiseSample",
    "Note",
    "OpenHours",
    "Petition",
    "PrivacyNotice",
    "Quote",
    "Reference",
    "SecureLink",
    "Shift",
    "TeamChange",
    "TermExtension",
    "Ticket",
    "Tombstone",
    "TriageCorrection",
    "TriagePolicy",
    "TriageVersion",
    "Unification",
    "Upload",
    "Wait",
]
