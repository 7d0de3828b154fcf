"""Django's door to the rooms of this app."""

from helpdesk.audit.models import AuditEvent
from helpdesk.site.models import Site
from helpdesk.tenancy.models import Membership, Organization, User
from helpdesk.tenancy.sign_on import SignOn
from helpdesk.tenancy.tokens import ApiToken

__all__ = ["ApiToken", "AuditEvent", "Membership", "Organization", "SignOn", "Site", "User"]
