from protocols.models.calendar import Calendar, Holiday, OneOff, OpeningHours
from protocols.models.legal import LegalTerm, Suspension, TermUnit
from protocols.models.sla import CustomerTier, SlaPolicy
from protocols.typification.models import TreeDraft, TreeNode, TreeVersion

__all__ = [
    "Calendar",
    "CustomerTier",
    "Holiday",
    "LegalTerm",
    "OneOff",
    "OpeningHours",
    "SlaPolicy",
    "Suspension",
    "TermUnit",
    "TreeDraft",
    "TreeNode",
    "TreeVersion",
]
