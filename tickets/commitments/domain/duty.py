"""Who answers for a commitment when its owner cannot or is off duty: somebody on duty who sees the case, else a
supervisor."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count

from helpdesk import clock
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.permissions import Permission, Role
from tickets.cases.access import AccessKind, CaseAccess, MemberAccount
from tickets.commitments.enums import CommitmentState
from tickets.commitments.models import Commitment
from tickets.team.models import Shift
from tickets.team.rules.shifts import Span, is_on_duty


@dataclass(frozen=True, slots=True)
class Held:
    """What of a case says who may answer for it."""

    id: int
    account_id: int | None
    assignee_id: int | None
    is_reserved: bool


@dataclass(slots=True)
class Duty:
    """Who of an organization can answer for dates now. Read once for many cases."""

    members: dict[int, Membership]
    # Member → the accounts they are limited to; case → who is named on it.
    accounts: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    named: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    # Open dates each one holds, those handed on meanwhile included.
    dates: Counter[int] = field(default_factory=Counter)

    def owner_of(self, case: Held, owner_id: int | None) -> int | None:
        """The owner while they can, then the case's own agent, then whoever of the agents holds the fewest open
        dates, then a supervisor. None when nobody is there.
        """
        for first in (owner_id, case.assignee_id):
            if first in self.members and self._fits(case, self.members[first]):
                return first
        fit = [member for member in self.members.values() if self._fits(case, member)]
        for role in (Role.AGENT, Role.SUPERVISOR):
            able = [one.pk for one in fit if one.role == role and one.can(Permission.MAKE_COMMITMENTS)]
            if able:
                found = min(able, key=lambda pk: (self.dates[pk], pk))
                self.dates[found] += 1
                return found
        return None

    def _fits(self, case: Held, member: Membership) -> bool:
        """They see the case and may answer it."""
        return (
            member.can(Permission.SEE_CASES)
            and member.can(Permission.REPLY_PRIVATE)
            and (not member.is_limited or case.account_id in self.accounts[member.pk])
            and (not case.is_reserved or member.pk in self.named[case.id])
            and ("own" not in member.scope or member.pk == case.assignee_id)
        )


def duty_of(organization_id: int, cases: Iterable[Held]) -> Duty:
    """Who is there for these cases: active, and on duty now. Inside ``tenant``; six queries."""
    duty = Duty({member.pk: member for member in _on_duty(organization_id)})
    for member_id, account_id in MemberAccount.objects.values_list("member_id", "account_id"):
        duty.accounts[member_id].add(account_id)
    reserved = [case.id for case in cases if case.is_reserved]
    named = CaseAccess.objects.filter(ticket__in=reserved, kind=AccessKind.NAMED, until=None)
    for ticket_id, member_id in named.values_list("ticket_id", "member_id"):
        duty.named[ticket_id].add(member_id)
    held = Commitment.objects.filter(state=CommitmentState.OPEN, owner__isnull=False).values_list("owner_id")
    duty.dates.update(dict(held.annotate(count=Count("id"))))
    return duty


def _on_duty(organization_id: int) -> list[Membership]:
    """The active members whose shift and state say that they are there."""
    zone = Organization.objects.values_list("timezone", flat=True).get(pk=organization_id)
    spans: dict[int, list[Span]] = defaultdict(list)
    for row in Shift.objects.filter(organization_id=organization_id):
        spans[row.member_id].append(Span(row.weekday, row.starts_at, row.ends_at))
    now = clock.now()
    members = Membership.objects.filter(organization_id=organization_id, is_active=True).order_by("id")
    return [one for one in members if is_on_duty(one.presence, spans[one.pk], now, zone)]
