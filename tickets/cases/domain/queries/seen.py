"""What of the desk a member sees, and who sees a case. Inside ``tenant``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q
from django.db.models.functions import Now

from channels_social.enums import Purpose
from channels_social.models import SocialAccount
from helpdesk.tenancy.models import Membership
from tickets.cases.access import CaseAccess, MemberAccount


def accounts_of(member: Membership) -> frozenset[int] | None:
    """The accounts whose cases this member sees; None for all of them."""
    words = member.scope.split()
    if "accounts" not in words and "brand" not in words:
        return None
    accounts = SocialAccount.objects.filter(organization_id=member.organization_id)
    if "brand" in words:
        accounts = accounts.filter(purpose=Purpose.BRAND)
    if "accounts" in words:
        accounts = accounts.filter(pk__in=MemberAccount.objects.filter(member=member).values("account_id"))
    return frozenset(accounts.values_list("pk", flat=True))


def shared_with(organization_id: int, tickets: Iterable[int]) -> dict[int, list[int]]:
    """Per case, the members it is shared with now."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = CaseAccess.objects.filter(organization_id=organization_id, ticket_id__in=list(tickets))
    for ticket, member in rows.filter(Q(until__isnull=True) | Q(until__gt=Now())).values_list(
        "ticket_id", "member_id"
    ):
        found[ticket].append(member)
    return found
