"""What of the desk a member sees, and who sees a case. Inside ``tenant``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

from channels_social.enums import Purpose
from channels_social.models import SocialAccount
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.planned import ask
from tickets.cases.access import MemberAccount

_SHARED = (
    "SELECT ticket_id, member_id FROM tickets_caseaccess WHERE organization_id = %s AND ticket_id = ANY(%s) "
    "AND (until IS NULL OR until > now())"
)


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
    with connection.cursor() as cursor:
        ask(cursor, _SHARED, [organization_id, list(tickets)])
        for ticket, member in cursor.fetchall():
            found[ticket].append(member)
    return found
