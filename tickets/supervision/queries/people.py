"""Who works, who is there and how much each has. Inside ``tenant``."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from helpdesk.push import here
from helpdesk.tenancy.models import Membership, Organization, Presence
from helpdesk.tenancy.permissions import Permission
from tickets.cases.access import MemberAccount
from tickets.supervision.queries.counters import Counts, Held
from tickets.supervision.rules.handing import Colleague, Team, team_of
from tickets.team.models import Shift
from tickets.team.rules.shifts import Span, is_on_duty, is_within


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague as the board shows them."""

    member: Membership
    held: Held
    # Of theirs, what falls due within half an hour.
    soon: int
    is_connected: bool
    is_on_duty: bool
    # Their shift is now; None: they have no shifts.
    has_shift: bool | None


def people_of(
    organization: Organization, counts: Counts, soon: Counter[int | None], now: datetime, *, reader: int
) -> list[Person]:
    """Everybody who answers or takes cases: who is there first, then by what is late.

    Who has just opened a console, and ``reader``, are there already, as they are told themselves; the sweep writes it
    down in a moment.
    """
    members = [
        one
        for one in Membership.objects.filter(organization=organization, is_active=True)
        if one.can(Permission.TAKE_CASES)
    ]
    looking = {reader, *(here(organization.pk) or ())}
    for one in members:
        if one.pk in looking:
            one.presence = one.presence_here
    shifts: dict[int, list[Span]] = defaultdict(list)
    for row in Shift.objects.filter(organization=organization):
        shifts[row.member_id].append(Span(row.weekday, row.starts_at, row.ends_at))
    zone = organization.timezone
    people = [
        Person(
            member=one,
            held=counts.people.get(one.pk, Held()),
            soon=soon[one.pk],
            is_connected=one.presence in (Presence.AVAILABLE, Presence.BUSY),
            is_on_duty=is_on_duty(one.presence, shifts[one.pk], now, zone),
            has_shift=is_within(shifts[one.pk], now, zone) if shifts[one.pk] else None,
        )
        for one in members
    ]
    return sorted(
        people,
        key=lambda one: (
            not one.is_connected, not one.is_on_duty, -one.held.late, -one.held.load, one.member.display_name,
        ),
    )  # fmt: skip


def team_for(organization: Organization, people: list[Person], *, reader: int) -> Team:
    """The same people as the rule that suggests reads them. ``reader`` is proposed when nobody else is there."""
    given: dict[int, set[int]] = defaultdict(set)
    for row in MemberAccount.objects.filter(organization=organization):
        given[row.member_id].add(row.account_id)
    others = any(one.is_connected and one.is_on_duty for one in people if one.member.pk != reader)
    return team_of(
        Colleague(
            one.member.pk,
            load=one.held.load,
            is_connected=one.is_connected,
            is_on_duty=one.is_on_duty
            and one.member.presence != Presence.PAUSE
            and not (others and one.member.pk == reader),
            accounts=frozenset(given[one.member.pk]) if one.member.is_limited else None,
            learns=not one.member.can(Permission.REPLY_UNAPPROVED),
        )
        for one in people
    )
