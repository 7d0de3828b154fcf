"""The rules an organization begins with: whoever promised and whoever supervises hear of a promised date in time."""

from __future__ import annotations

from helpdesk.tenancy.models import Organization
from tickets.escalation.enums import Trigger, Whom
from tickets.escalation.models import EscalationRule

# A promise warns its owner and the supervisors, and the supervisors hear of a broken one (care.md, finding 13).
FIRST_RULES = (
    (Trigger.PROMISE_WARNED, Whom.OWNER),
    (Trigger.PROMISE_WARNED, Whom.SUPERVISORS),
    (Trigger.PROMISE_BROKEN, Whom.SUPERVISORS),
)


def plant_rules(organization: Organization) -> None:
    """Write them where no rule was ever kept. Inside ``tenant``; an admin changes or drops them."""
    if EscalationRule.objects.filter(organization=organization).exists():
        return
    EscalationRule.objects.bulk_create(
        EscalationRule(organization=organization, trigger=trigger, notifies=whom)
        for trigger, whom in FIRST_RULES
    )
