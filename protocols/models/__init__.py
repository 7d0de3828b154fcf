from protocols.models.calendar import Calendar, Holiday, OpeningHours
from protocols.models.sla import SlaPolicy
from protocols.typification.models import TreeDraft, TreeNode, TreeVersion

__all__ = ["Calendar", "Holiday", "OpeningHours", "SlaPolicy", "TreeDraft", "TreeNode", "TreeVersion"]
