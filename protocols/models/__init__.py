from protocols.models.calendar import Calendar, Holiday, OneOff, OpeningHours
from protocols.models.sla import SlaPolicy
from protocols.typification.models import TreeDraft, TreeNode, TreeVersion

__all__ = [
    "Calendar",
    "Holiday",
    "OneOff",
    "OpeningHours",
    "SlaPolicy",
    "TreeDraft",
    "TreeNode",
    "TreeVersion",
]
