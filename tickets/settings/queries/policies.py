"""What is owed, as its pages show it: the policies, what one would do to a real case, how far a change has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channels_social.models import SocialAccount
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Organization
from protocols.models import SlaPolicy
from protocols.rules.business_time import NeverOpens
from tickets.cases.models import Ticket
from tickets.clocks.domain import marks
from tickets.clocks.domain.terms import rules_by_account, terms_of
from tickets.clocks.rules import OWED, ClockRow, TimeRules
from tickets.enums import OPEN_STATES, ClockKind, Priority
from tickets.settings.timetable import minutes_words

ORDER = [priority.value for priority in Priority]


@dataclass(frozen=True, slots=True)
class Effect:
    """One clock of the example: when it falls due today, and when it would."""

    label: str
    now: datetime | None
    then: datetime | None
    # From its start, all around the clock: beside business time, what the customer really waits.
    wall: str


@dataclass(frozen=True, slots=True)
class Example:
    """A real open case the policy is for; or, without one, a case received this moment."""

    number: int | None
    effects: list[Effect]


def policies_for(organization: Organization) -> list[SlaPolicy]:
    """All policies: by priority, the general one first."""
    found = SlaPolicy.objects.filter(organization=organization).select_related("tier")
    return sorted(found, key=lambda one: (ORDER.index(one.priority), not one.is_general, one.pk))


def never_met(policy: SlaPolicy, now: datetime) -> str:
    """The account whose hours are never long enough for what would be owed; nothing when all are."""
    terms, names = terms_of(policy), {one.pk: str(one) for one in SocialAccount.objects.all()}
    for account_id, rules in rules_by_account(policy.organization_id).items():
        if policy.account_id not in (None, account_id):
            continue
        tried = TimeRules(rules.calendar_id, rules.calendar, {policy.priority: terms})
        try:
            for kind in terms.minutes:
                tried.start(kind, policy.priority, now)
        except NeverOpens:
            return names.get(account_id, "")
    return ""


def example_of(policy: SlaPolicy, now: datetime) -> Example | None:
    """What a policy, as it would be, does to the newest open case it is for. None where nothing can be dated."""
    rules = rules_by_account(policy.organization_id)
    ticket = _case_for(policy)
    mine = rules.get((ticket.account_id if ticket else policy.account_id) or 0) or next(
        iter(rules.values()), None
    )
    if mine is None:
        return None
    terms = terms_of(policy)
    tried = TimeRules(mine.calendar_id, mine.calendar, {policy.priority: terms})
    try:
        if ticket is None:
            rows = [tried.start(kind, policy.priority, now) for kind in OWED]
            return Example(None, [_effect(row, None, row.due_at) for row in rows if row is not None])
        return Example(ticket.number, _effects(ticket, policy, tried, now))
    except NeverOpens:
        return None


def _case_for(policy: SlaPolicy) -> Ticket | None:
    """Only its number and its times are shown: who sets hours reads no case."""
    asked: dict[str, Any] = {
        "account_id": policy.account_id,
        "kind": policy.kind,
        "customer__tier_id": policy.tier_id,
    }
    with whole():
        found = Ticket.objects.filter(
            organization_id=policy.organization_id, priority=policy.priority, state__in=OPEN_STATES
        ).filter(**{name: value for name, value in asked.items() if value})
        return found.filter(is_reserved=False).select_related("customer").order_by("-id").first()


def _effects(ticket: Ticket, policy: SlaPolicy, tried: TimeRules, now: datetime) -> list[Effect]:
    about, effects = marks.about_of(ticket), []
    with whole():
        running = [marks.row_of(clock) for clock in marks.running(ticket)]
    for row in sorted((row for row in running if row.kind in OWED), key=lambda row: OWED.index(row.kind)):
        before = row.due_at
        tried.retarget(row, policy.priority, about, now=now)
        effects.append(_effect(row, before, None if row.cancelled_at else row.due_at))
    present = {row.kind for row in running}
    since = ticket.last_sent_at if ClockKind.UPDATE not in present else None
    row = tried.start(ClockKind.UPDATE, policy.priority, since, about) if since else None
    return effects + ([_effect(row, None, row.due_at)] if row else [])


def _effect(row: ClockRow, now: datetime | None, then: datetime | None) -> Effect:
    waited = round((then - row.started_at).total_seconds() / 60) if then else None
    return Effect(str(ClockKind(row.kind).label), now, then, minutes_words(waited))
