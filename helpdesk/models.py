"""Django's door to the rooms of this app."""

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.models import Membership, Organization, User

__all__ = ["AuditEvent", "Membership", "Organization", "User"]
