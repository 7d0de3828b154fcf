"""Who may approve notices in the demo: two people, because nobody approves their own."""

from __future__ import annotations

from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission

# A supervisor and a colleague of each demo organization.
APPROVERS = ("PM", "LO", "IS", "NV")


def let_notices_be_approved() -> None:
    """Give the permission to those who do not hold it. Inside ``tenant``; safe to run again."""
    for member in Membership.objects.filter(initials__in=APPROVERS):
        if Permission.APPROVE_NOTICES not in member.permissions:
            member.permissions = sorted({*member.permissions, Permission.APPROVE_NOTICES.value})
            member.save(update_fields=["permissions"])
