from protocols.models.calendar import Calendar, Holiday, OpeningHours
from protocols.models.sla import SlaPolicy

__all__ = ["Calendar", "Holiday", "OpeningHours", "SlaPolicy"]
