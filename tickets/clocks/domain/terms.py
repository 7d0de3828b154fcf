"""The time rules of an organization: its calendars and terms, as one object per account."""

from __future__ import annotations

import time as monotonic
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from helpdesk.tenancy.models import Organization
from protocols.calendars.rows import hours_of
from protocols.models import Calendar, Holiday, SlaPolicy
from protocols.rules.business_time import BusinessTime, business_time
from protocols.rules.legal import LegalDays
from tickets.clocks.rules import Terms, TimeRules
from tickets.enums import ClockKind
from tickets.settings.models import AccountPolicy

# Seconds a process may go on with rules an admin has just changed.
RULES_AGE = 10


def rules_by_account(organization_id: int, needed: Iterable[int] = ()) -> dict[int, TimeRules]:
    """The time rules of every account of the organization. Inside ``tenant``; kept for a few seconds.

    ``needed`` are accounts that must be among them: one just connected is not waited for.
    """
    age = int(monotonic.monotonic() // RULES_AGE)
    rules = _rules(organization_id, age)
    if not rules.keys() >= set(needed):
        forget_rules()
        rules = _rules(organization_id, age)
    return rules


def rules_at(organization_id: int, account_id: int | None) -> TimeRules | None:
    """The time rules of an account; of none, or of one that has none of its own, those of the organization's first.

    None in an organization without accounts. Inside ``tenant``.
    """
    rules = rules_by_account(organization_id)
    return rules.get(account_id or 0) or next(iter(rules.values()), None)


def forget_rules() -> None:
    """Let the next question see what was just changed in this process."""
    _rules.cache_clear()


@lru_cache(maxsize=256)
def _rules(organization_id: int, _age: int) -> dict[int, TimeRules]:
    rows = list(Calendar.objects.all())
    versions = {calendar.pk: calendar.version for calendar in rows}
    calendars = {pk: business_time(hours) for pk, hours in hours_of(rows).items()}
    policies = list(SlaPolicy.objects.filter(is_active=True))
    law = _law(organization_id, rows)
    return {
        joined.account_id: _rules_of(
            joined, calendars[joined.calendar_id], versions[joined.calendar_id], policies, law
        )
        for joined in AccountPolicy.objects.all()
    }


def _rules_of(
    joined: AccountPolicy, calendar: BusinessTime, version: int, policies: list[SlaPolicy], law: LegalDays
) -> TimeRules:
    """The policies of one account: the general one of each priority, and what narrows it."""
    general = {policy.priority: terms_of(policy) for policy in policies if policy.is_general}
    special: dict[str, list[Terms]] = defaultdict(list)
    for policy in policies:
        if not policy.is_general and policy.account_id in (None, joined.account_id):
            special[policy.priority].append(terms_of(policy))
    narrowest = {
        priority: tuple(sorted(found, key=lambda terms: -terms.weight)) for priority, found in special.items()
    }
    return TimeRules(joined.calendar_id, calendar, general, narrowest, calendar_version=version, law=law)


def _law(organization_id: int, calendars: list[Calendar]) -> LegalDays:
    """The business days of the law: of the organization's zone, without the holidays of its first calendar."""
    zone = Organization.objects.values_list("timezone", flat=True).get(pk=organization_id)
    first = min((calendar.pk for calendar in calendars), default=0)
    days = Holiday.objects.filter(calendar=first).values_list("day", flat=True) if first else []
    return LegalDays(ZoneInfo(zone), frozenset(days))


def terms_of(policy: SlaPolicy) -> Terms:
    """A policy as the rules read it."""
    minutes = {
        ClockKind.FIRST_RESPONSE: policy.first_response,
        ClockKind.NEXT_RESPONSE: policy.next_response,
        ClockKind.UPDATE: policy.update,
        ClockKind.RESOLUTION: policy.resolution,
    }
    return Terms(
        policy.priority,
        policy.is_wall_time,
        {kind: value for kind, value in minutes.items() if value is not None},
        policy_id=policy.pk,
        version=policy.version,
        kind=policy.kind,
        tier_id=policy.tier_id,
        is_of_account=policy.account_id is not None,
    )


def reopen_until(resolved_at: datetime, business_days: int, rules: Iterable[TimeRules]) -> datetime:
    """The end of the last business day in which a message still reopens a case resolved then."""
    calendar = next((rule.calendar for rule in rules), None)
    if not isinstance(calendar, BusinessTime):
        return resolved_at + timedelta(days=business_days)
    hours = calendar.hours
    day, left = resolved_at.astimezone(hours.zone).date(), business_days
    for _guard in range(366):
        if left == 0:
            break
        day += timedelta(days=1)
        left -= 1 if hours.minutes_of(day) else 0
    return datetime.combine(day + timedelta(days=1), time(), hours.zone)
