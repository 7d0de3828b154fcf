"""Whether anybody is there for a case: the account attends, and somebody who may answer it is connected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from helpdesk.tenancy.models import Membership, Presence
from helpdesk.tenancy.permissions import Permission
from protocols.rules.business_time import BusinessTime, NeverOpens
from tickets.cases.access import MemberAccount
from tickets.cases.models import Ticket
from tickets.clocks.domain.terms import rules_at

# Who is on a break, or gone, does not see that something burns.
THERE = (Presence.AVAILABLE, Presence.BUSY)


def is_closed(organization_id: int, account_id: int | None, now: datetime) -> bool:
    """Whether nobody attends the account now; one without hours is attended always."""
    rule = rules_at(organization_id, account_id)
    if rule is None or not isinstance(rule.calendar, BusinessTime):
        return False
    try:
        return not rule.calendar.is_open(now)
    except NeverOpens:
        return True


class Connected:
    """Who of these people looks at the console now, and which accounts they are limited to. Inside ``tenant``."""

    def __init__(self, members: Iterable[Membership]) -> None:
        self.members = [one for one in members if one.presence in THERE and _answers(one)]
        self.accounts: dict[int, set[int]] = defaultdict(set)
        limited = [one.pk for one in self.members if one.is_limited]
        rows = (
            MemberAccount.objects.filter(member_id__in=limited) if limited else MemberAccount.objects.none()
        )
        for member_id, account_id in rows.values_list("member_id", "account_id"):
            self.accounts[member_id].add(account_id)

    def see(self, ticket: Ticket) -> bool:
        """Whether one of them sees the case; of a reserved one nobody counts on that."""
        return not ticket.is_reserved and any(
            not one.is_limited or ticket.account_id in self.accounts[one.pk] for one in self.members
        )


def _answers(member: Membership) -> bool:
    return (
        member.can(Permission.SEE_CASES)
        and member.can(Permission.REPLY_PRIVATE)
        and "own" not in member.scope
    )
