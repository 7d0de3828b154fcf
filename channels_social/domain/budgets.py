"""What an account may spend a month, what it is told of it, and what stops first when it runs short."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import Sum

from channels_social.enums import Use
from channels_social.models import AccountBudget, CreditSpend, SocialAccount
from helpdesk import audit, clock

ALERTS = (50, 80, 100)
# At which share of the month's budget, in percent, a use stops (care.md, finding 30); what is not here never stops.
STOPS_AT: dict[Use, int] = {Use.REREAD: 80, Use.SEARCH: 90, Use.METRICS: 100}


@dataclass(frozen=True, slots=True)
class Purse:
    """An account's month so far, in millionths of a dollar; ``budget`` None: nobody set one."""

    budget: int | None
    spent: int
    today: int
    searched_today: int
    now: datetime

    @property
    def percent(self) -> int:
        """How much of the budget is spent; 100 when there is nothing to spend."""
        if self.budget is None:
            return 0
        return 100 if self.budget == 0 else min(self.spent * 100 // self.budget, 999)

    @property
    def told(self) -> int:
        """The alert that is due: 0, 50, 80 or 100."""
        return max((one for one in ALERTS if self.budget is not None and self.percent >= one), default=0)

    def allows(self, use: Use) -> bool:
        """Whether this use goes on. What comes in and what we answer always does."""
        return use not in STOPS_AT or self.budget is None or self.percent < STOPS_AT[use]

    def left_today(self, use: Use) -> int | None:
        """What ``use`` may still spend today: what is left for it this month, spread over its days; None: any."""
        if self.budget is None or use not in STOPS_AT:
            return None
        ceiling = self.budget * STOPS_AT[use] // 100
        left_before_today = max(ceiling - (self.spent - self.today), 0)
        share = left_before_today // _days_left(self.now.astimezone(UTC).date())
        return max(min(share - self.searched_today, ceiling - self.spent), 0)


def purse_of(account: SocialAccount, now: datetime | None = None) -> Purse:
    """The account's month (UTC, as X counts it). Inside ``tenant``."""
    now = now or clock.now()
    today = now.astimezone(UTC).date()
    found = AccountBudget.objects.filter(organization_id=account.organization_id, account=account).first()
    spends = CreditSpend.objects.filter(
        organization_id=account.organization_id, account=account, day__gte=today.replace(day=1)
    )
    of_today = spends.filter(day=today)
    return Purse(
        budget=found.monthly_micros if found else None,
        spent=_sum(spends),
        today=_sum(of_today),
        searched_today=_sum(of_today.filter(kind="post_read")),
        now=now,
    )


@transaction.atomic
def set_budget(account: SocialAccount, micros: int | None, *, actor_id: int | None) -> None:
    """Give an account a monthly budget, or none. Inside ``tenant``."""
    if micros is None:
        AccountBudget.objects.filter(organization_id=account.organization_id, account=account).delete()
    else:
        AccountBudget.objects.update_or_create(
            organization_id=account.organization_id, account=account, defaults={"monthly_micros": micros}
        )
    audit.record(
        account.organization_id, "account.budget_set", actor_id=actor_id, account=account.pk, micros=micros
    )


@transaction.atomic
def tell_budget(account: SocialAccount) -> int:
    """Write down that a share of the budget is spent, once a month each; the percent, 0 when nothing is new."""
    purse = purse_of(account)
    month = purse.now.astimezone(UTC).date().replace(day=1)
    budget = (
        AccountBudget.objects.select_for_update()
        .filter(organization_id=account.organization_id, account=account)
        .first()
    )
    if budget is None or not purse.told:
        return 0
    if budget.told_month == month and budget.told_percent >= purse.told:
        return 0
    budget.told_month, budget.told_percent = month, purse.told
    budget.save(update_fields=["told_month", "told_percent"])
    audit.record(account.organization_id, "account.budget_reached", account=account.pk, percent=purse.told)
    return purse.told


def tomorrow(now: datetime) -> datetime:
    """The next UTC midnight, when X's day and the day's share begin again."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), datetime.min.time(), UTC)


def _days_left(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1] - day.day + 1


def _sum(spends: object) -> int:
    return int(spends.aggregate(total=Sum("micros"))["total"] or 0)  # type: ignore[attr-defined]
