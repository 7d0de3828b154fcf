"""Everybody, with what the list of the team says of each. Inside ``tenant``; four statements, however many people."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count

from helpdesk import clock
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.permissions import Permission
from tickets.areas.models import AreaMember
from tickets.cases.models import Ticket
from tickets.enums import OPEN_STATES
from tickets.team.models import Invitation, Shift
from tickets.team.rules.shifts import Span, is_within, write_day

SOON_DAYS = 30


@dataclass(slots=True)
class Line:
    """A person of the team. ``training``: "" (none needed), ``missing``, ``over``, ``soon``, ``good``."""

    member: Membership
    areas: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    invitation: Invitation | None = None
    training: str = ""
    is_on_shift: bool = False
    today: str = ""
    open_cases: int = 0

    @property
    def is_invited(self) -> bool:
        """Whether they still have to accept."""
        one = self.invitation
        return (
            self.member.is_active and one is not None and one.accepted_at is None and one.revoked_at is None
        )

    @property
    def is_late(self) -> bool:
        """Whether the link they were sent opens no more."""
        return self.is_invited and self.invitation is not None and self.invitation.expires_at <= clock.now()


def lines_of(organization: Organization) -> list[Line]:
    """Everybody: who is here before who was, by name."""
    members = Membership.objects.filter(organization=organization).select_related("user")
    return _lines(organization, list(members.order_by("-is_active", "display_name")))


def line_of(organization: Organization, member: Membership) -> Line:
    """One person, with how many open cases are theirs."""
    [line] = _lines(organization, [member])
    found = Ticket.objects.filter(assignee=member, state__in=[one.value for one in OPEN_STATES])
    line.open_cases = found.aggregate(n=Count("id"))["n"]
    return line


def _lines(organization: Organization, members: list[Membership]) -> list[Line]:
    ids = [member.pk for member in members]
    areas: dict[int, list[str]] = defaultdict(list)
    for row in AreaMember.objects.filter(member_id__in=ids).select_related("area").order_by("area__name"):
        areas[row.member_id].append(row.area.name)
    spans: dict[int, list[Span]] = defaultdict(list)
    for shift in Shift.objects.filter(member_id__in=ids).order_by("weekday", "starts_at"):
        spans[shift.member_id].append(Span(shift.weekday, shift.starts_at, shift.ends_at))
    asked = {one.member_id: one for one in Invitation.objects.filter(member_id__in=ids)}
    now = clock.now()
    local = now.astimezone(ZoneInfo(organization.timezone))
    return [
        _line(member, areas[member.pk], spans[member.pk], asked.get(member.pk), now, local)
        for member in members
    ]


def _line(
    member: Membership,
    areas: list[str],
    spans: list[Span],
    asked: Invitation | None,
    now: datetime,
    local: datetime,
) -> Line:
    return Line(
        member=member,
        areas=areas,
        spans=spans,
        invitation=asked,
        training=_training(member, local.date()),
        is_on_shift=is_within(spans, now, str(local.tzinfo)),
        today=write_day(span for span in spans if span.weekday == local.weekday()),
    )


def _training(member: Membership, today: date) -> str:
    if not member.needs_training or not member.can(Permission.REPLY_PUBLIC):
        return ""
    if member.trained_until is None:
        return "missing"
    if member.trained_until < today:
        return "over"
    return "soon" if (member.trained_until - today).days <= SOON_DAYS else "good"
