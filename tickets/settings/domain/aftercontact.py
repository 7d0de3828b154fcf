"""What is asked after a case was answered. Inside ``tenant``."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership
from tickets.aftercontact.domain.planning import policy_of
from tickets.aftercontact.models import AfterContactPolicy

FIELDS = ("is_on", "days", "first_hour", "last_hour", "score")


@transaction.atomic
def save_after_contact(given: dict[str, Any], *, by: Membership) -> bool:
    """Keep what was decided; whether anything changed. Switched on, it asks about what is answered from now on."""
    policy = AfterContactPolicy.objects.select_for_update().get(pk=policy_of(by.organization_id).pk)
    changed = [name for name in FIELDS if getattr(policy, name) != given[name]]
    if not changed:
        return False
    if "is_on" in changed and given["is_on"]:
        policy.planned_until = clock.now()
    for name in changed:
        setattr(policy, name, given[name])
    policy.save()
    audit.record(by.organization_id, "aftercontact.changed", actor_id=by.pk, what=changed)
    return True
