from protocols.answers.models import AnswerTemplate, TemplateVersion
from protocols.guides.models import Protocol, ProtocolVersion
from protocols.models.calendar import Calendar, Holiday, OneOff, OpeningHours
from protocols.models.legal import LegalTerm, Suspension, TermUnit
from protocols.models.sla import CustomerTier, SlaPolicy
from protocols.typification.models import TreeDraft, TreeNode, TreeVersion

__all__ = [
    "AnswerTemplate",
    "Calendar",
    "CustomerTier",
    "Holiday",
    "LegalTerm",
    "OneOff",
    "OpeningHours",
    "Protocol",
    "ProtocolVersion",
    "SlaPolicy",
    "Suspension",
    "TermUnit",
    "TemplateVersion",
    "TreeDraft",
    "TreeNode",
    "TreeVersion",
]
