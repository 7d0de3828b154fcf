"""Who answers for a commitment when its owner cannot or is off duty: somebody on duty who sees the case, else a
supervisor."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from helpdesk import clock
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission, Role
from tickets.cases.access import AccessKind, CaseAccess, MemberAccount
from tickets.cases.models import Ticket
from tickets.commitments.enums import CommitmentState
from tickets.commitments.models import Commitment
from tickets.team.models import Shift
from tickets.team.rules.shifts import Span, is_on_duty


def on_duty(ticket: Ticket, owner: Membership | None) -> Membership | None:
    """Who answers for the case's dates now: the owner while they can, then the case's own agent, then whoever of
    the agents holds the fewest open dates, then a supervisor. None when nobody is there: it stays whose it was.
    Inside ``tenant``.
    """
    members = Membership.objects.filter(organization_id=ticket.organization_id, is_active=True)
    fit = _fit(ticket, members.order_by("id"))
    for first in (owner.pk if owner else None, ticket.assignee_id):
        if first in fit:
            return fit[first]
    for role in (Role.AGENT, Role.SUPERVISOR):
        able = [m for m in fit.values() if m.role == role and m.can(Permission.MAKE_COMMITMENTS)]
        if able:
            held = _held(able)
            return min(able, key=lambda member: (held[member.pk], member.pk))
    return None


def _fit(ticket: Ticket, members: Iterable[Membership]) -> dict[int, Membership]:
    """The members that are there, see the case and may answer it."""
    members = list(members)
    spans: dict[int, list[Span]] = defaultdict(list)
    for row in Shift.objects.filter(member_id__in=[member.pk for member in members]):
        spans[row.member_id].append(Span(row.weekday, row.starts_at, row.ends_at))
    now, zone = clock.now(), ticket.organization.timezone
    given = set(
        MemberAccount.objects.filter(account_id=ticket.account_id).values_list("member_id", flat=True)
    )
    named = CaseAccess.objects.filter(ticket=ticket, kind=AccessKind.NAMED, until=None)
    people = set(named.values_list("member_id", flat=True)) if ticket.is_reserved else None
    return {
        member.pk: member
        for member in members
        if is_on_duty(member.presence, spans[member.pk], now, zone)
        and member.can(Permission.SEE_CASES)
        and member.can(Permission.REPLY_PRIVATE)
        and (not member.is_limited or member.pk in given)
        and (people is None or member.pk in people)
        and ("own" not in member.scope or member.pk == ticket.assignee_id)
    }


def _held(members: list[Membership]) -> Counter[int]:
    rows = Commitment.objects.filter(
        state=CommitmentState.OPEN, owner_id__in=[member.pk for member in members]
    ).values_list("owner_id", flat=True)
    return Counter(rows)
