"""The board «Ahora», assembled: counters, a few rows by index, and what is kept per account. Inside ``tenant``."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from channels_social.enums import Purpose
from channels_social.models import SocialAccount
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.permissions import Mode, Permission
from tickets.cases.domain.queries.seen import accounts_of
from tickets.clocks.domain.terms import rules_by_account
from tickets.console.rows import QueueRow
from tickets.incidents.domain.queries.flow import arrivals_lately
from tickets.supervision.queries.cases import (
    SOON,
    Limits,
    due_rows,
    hour_of,
    late_rows,
    stale_rows,
    waiting_due,
)
from tickets.supervision.queries.channels import Channel, channels_of
from tickets.supervision.queries.counters import Counts, counts_of
from tickets.supervision.queries.people import Person, people_of, team_for
from tickets.supervision.queries.today import AreaLine, Today, answered_lately, areas_of, today_of
from tickets.supervision.rules.forecast import Forecast, forecast, merged, pace_of
from tickets.supervision.rules.handing import Due, Team

# Days whose hours the forecast knows.
FORESEEN = 15
TEAM, OWN, TOTALS, HEALTH = "team", "own", "totals", "health"


@dataclass(frozen=True, slots=True)
class DueLine:
    """A case about to be late, and who should rather have it."""

    row: QueueRow
    to: Membership | None = None


@dataclass(frozen=True, slots=True)
class StaleLine:
    """A customer who waits longer than they were owed: by the wall and by the hours of the account."""

    row: QueueRow
    waits: timedelta
    business: timedelta


@dataclass(slots=True)
class Board:
    """What a member sees of now; parts they may not see are empty."""

    sees: str
    counts: Counts
    now: datetime
    hour: list[tuple[datetime, int | None]] = field(default_factory=list)
    due: list[DueLine] = field(default_factory=list)
    stale: list[StaleLine] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    today: Today | None = None
    areas: list[AreaLine] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    forecast: Forecast | None = None

    @property
    def soon(self) -> int:
        """How many fall due within half an hour."""
        return sum(at <= self.now + SOON for at, _whose in self.hour)


def sight_of(member: Membership) -> str:
    """What of the board a member sees (care.md 6, dashboards): the team's, their own, totals, or how accounts are."""
    mode = member.mode(Permission.SEE_DASHBOARDS)
    if mode == Mode.OWN:
        return OWN
    if mode == Mode.MASKED or member.mode(Permission.SEE_CASES) == Mode.READ:
        return TOTALS
    return TEAM if member.can(Permission.SEE_CASES) else HEALTH


def board_of(organization: Organization, member: Membership, now: datetime) -> Board:
    """Now, for this member."""
    sees, accounts = sight_of(member), accounts_of(member)
    if member.mode(Permission.SEE_DASHBOARDS) == Mode.MASKED:
        brands = SocialAccount.objects.filter(organization=organization, purpose=Purpose.BRAND)
        accounts = frozenset(brands.values_list("pk", flat=True))
    board = Board(sees, counts_of(organization.pk, accounts), now)
    if sees in (TEAM, OWN):
        _cases(board, organization, member, accounts)
    if sees != OWN:
        board.channels = channels_of(organization, accounts, now)
    return board


def _cases(
    board: Board, organization: Organization, member: Membership, accounts: frozenset[int] | None
) -> None:
    now, own = board.now, member.pk if board.sees == OWN else None
    limits = Limits(sorted(accounts) if accounts is not None else None, own)
    board.hour = hour_of(organization.pk, limits, now)
    soon = Counter(whose for at, whose in board.hour if at <= now + SOON)
    everybody = people_of(organization, board.counts, soon, now, reader=member.pk)
    rows = late_rows(organization, limits, now) + due_rows(organization, limits, now)
    passes = member.can(Permission.ASSIGN_CASES)
    team = team_for(organization, everybody, reader=member.pk) if passes else Team()
    by_id = {one.member.pk: one.member for one in everybody}
    board.due = [DueLine(row, by_id.get(team.suggest(_due(row)) or 0)) for row in rows]
    board.stale = _stale(organization, limits, now)
    board.people = [one for one in everybody if own is None or one.member.pk == own]
    board.today = today_of(organization, now, own=own)
    if own is None:
        board.areas = areas_of(organization.pk)
        board.forecast = _forecast(board, organization, limits, everybody)


def _due(row: QueueRow) -> Due:
    return Due(row.ticket_id, row.assignee_id, row.account_id, is_easy=row.priority == "low")


def _stale(organization: Organization, limits: Limits, now: datetime) -> list[StaleLine]:
    rules = rules_by_account(organization.pk)
    lines = []
    for row in stale_rows(organization, limits, now):
        since, rule = row.unanswered_since or now, rules.get(row.account_id or 0)
        business = rule.calendar.between(since, now) if rule is not None else now - since
        lines.append(StaleLine(row, now - since, business))
    return lines


def _forecast(board: Board, organization: Organization, limits: Limits, everybody: list[Person]) -> Forecast:
    pace, is_measured = pace_of(*answered_lately(organization.pk, board.now))
    return forecast(
        waiting_due(organization.pk, limits, board.now),
        hours=_open_hours(organization, limits, board.now),
        backlog=board.counts.total.unanswered,
        people=sum(one.is_connected for one in everybody),
        pace=pace,
        is_measured=is_measured,
        arrivals=arrivals_lately(organization.pk, board.now),
        now=board.now,
    )


def _open_hours(organization: Organization, limits: Limits, now: datetime) -> list[tuple[datetime, datetime]]:
    """When any of the accounts that are looked at attends, for the coming days; nothing: always."""
    rules = rules_by_account(organization.pk)
    looked_at = {
        one.calendar.hours for key, one in rules.items() if limits.accounts is None or key in limits.accounts
    }
    if not looked_at or any(hours.always_open for hours in looked_at):
        return []
    days = [
        (hours, (now + timedelta(days=n)).astimezone(hours.zone).date())
        for hours in looked_at
        for n in range(-1, FORESEEN)
    ]
    return merged((span for hours, day in days for span in hours.spans_of(day)), now)
