from protocols.answers.models import AnswerTemplate, TemplateVersion
from protocols.guides.models import Protocol, ProtocolVersion
from protocols.models.calendar import Calendar, Holiday, OneOff, OpeningHours
from protocols.models.sla import SlaPolicy
from protocols.typification.models import TreeDraft, TreeNode, TreeVersion

__all__ = [
    "AnswerTemplate",
    "Calendar",
    "Holiday",
    "OneOff",
    "OpeningHours",
    "Protocol",
    "ProtocolVersion",
    "SlaPolicy",
    "TemplateVersion",
    "TreeDraft",
    "TreeNode",
    "TreeVersion",
]
