"""Terms of the law: how many days from receipt, when they end, on which days to warn. Pure; the numbers are data.

Days count from the day after receipt (domain.md 2). A business day is Monday to Friday without holidays, whatever
the hours of the account: a bank that opens on Saturday gains no day by it. A term ends with its last day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

BUSINESS, CALENDAR, MONTHS = "business", "calendar", "months"
# The last minute of a day: «vence el 4» must not read as the fifth.
END_OF_DAY = time(23, 59)
# When a day's alarm rings.
MORNING = time(8)
# Of a term of fifteen days: when we mean to answer, and when we are warned (care.md 5).
INTERNAL_OF_15, ALARMS_OF_15 = 8, (8, 12, 14)


# From, until: it was suspended.
Stood = tuple[datetime, datetime]


class NoTerm(ValueError):
    """A term of no days at all."""


@dataclass(frozen=True, slots=True)
class TermRule:
    """What the law allows for a kind of filing. ``sector`` blank: any."""

    id: int
    version: int
    kind: str
    sector: str
    days: int
    unit: str
    internal_day: int
    alarm_days: tuple[int, ...]
    extension_days: int = 0
    suspended_by: str = "nothing"


@dataclass(frozen=True, slots=True)
class TermDay:
    """A day of a term: which one it is, or none where it does not count; ``is_holiday`` says why."""

    day: date
    number: int | None = None
    is_holiday: bool = False
    is_suspended: bool = False


@dataclass(frozen=True, slots=True)
class LegalDays:
    """The business days of an organization."""

    zone: ZoneInfo
    holidays: frozenset[date] = frozenset()

    def is_business(self, day: date) -> bool:
        """Monday to Friday, no holiday."""
        return day.weekday() < 5 and day not in self.holidays

    def after(self, day: date, count: int, unit: str, stood: Iterable[Stood] = ()) -> date:
        """The last day of a term of ``count`` that begins the day after ``day``. NoTerm for none.

        Days on which it ``stood`` still do not count: it goes on the day after what was missing came in.
        """
        if count < 1:
            raise NoTerm("a legal term has at least one day")
        return _last_day(self, day, count, unit, self.stopped(stood))

    def _last_day(self, day: date, count: int, unit: str, stopped: frozenset[date]) -> date:
        if unit == MONTHS:
            left, day, counts = sum(one > day for one in stopped), _months_after(day, count), CALENDAR
        else:
            left, counts = count, unit
        while left:
            day += timedelta(days=1)
            left -= self._counts(day, counts, stopped if unit != MONTHS else frozenset())
        return day

    def stopped(self, stood: Iterable[Stood]) -> frozenset[date]:
        """The days on which a term that was suspended between these instants does not run."""
        found: set[date] = set()
        for since, until in stood:
            day, last = (one.astimezone(self.zone).date() for one in (since, until))
            while day < last:
                day += timedelta(days=1)
                found.add(day)
        return frozenset(found)

    def _counts(self, day: date, unit: str, stopped: frozenset[date]) -> bool:
        return day not in stopped and (unit != BUSINESS or self.is_business(day))

    def due_at(self, received_at: datetime, count: int, unit: str, stood: Iterable[Stood] = ()) -> datetime:
        """The last instant of the term of what was received then."""
        day = self.after(received_at.astimezone(self.zone).date(), count, unit, stood)
        return datetime.combine(day, END_OF_DAY, self.zone)

    def laid_out(
        self, received_at: datetime, due_at: datetime, unit: str, stood: Iterable[Stood] = ()
    ) -> tuple[TermDay, ...]:
        """Every day from receipt to the end: the days that count are numbered."""
        stopped = self.stopped(stood)
        day, last = received_at.astimezone(self.zone).date(), due_at.astimezone(self.zone).date()
        found, number = [TermDay(day, is_holiday=day in self.holidays)], 0
        while day < last:
            day += timedelta(days=1)
            counts = self._counts(day, unit, stopped)
            number += counts
            found.append(TermDay(day, number if counts else None, day in self.holidays, day in stopped))
        return tuple(found)

    def alarms(
        self, received_at: datetime, days: Iterable[int], unit: str, stood: Iterable[Stood] = ()
    ) -> tuple[datetime, ...]:
        """The mornings of these days of the term; months are warned in calendar days."""
        day, counted = received_at.astimezone(self.zone).date(), CALENDAR if unit == MONTHS else unit
        waits = list(stood)
        mornings = (self.after(day, one, counted, waits) for one in sorted(set(days)) if one > 0)
        return tuple(datetime.combine(one, MORNING, self.zone) for one in mornings)


@lru_cache(maxsize=4096)
def _last_day(days: LegalDays, day: date, count: int, unit: str, stopped: frozenset[date]) -> date:
    """Kept: a batch of cases that came in on one day asks for the same few days again and again."""
    return days._last_day(day, count, unit, stopped)


def choose(rules: Sequence[TermRule], *, kind: str, sector: str) -> TermRule | None:
    """The term of a kind: the sector's own before the general one, then the strictest."""
    fitting = [rule for rule in rules if rule.kind == kind and rule.sector in ("", sector)]
    return min(fitting, key=lambda rule: (rule.sector == "", _length(rule)), default=None)


def internal_days(days: int, unit: str = BUSINESS) -> tuple[int, tuple[int, ...]]:
    """The internal target and the alarms of a term: 8 and 8, 12, 14 of 15, in proportion for another."""
    whole = days * 30 if unit == MONTHS else days
    alarms = (
        sorted({max(1, min(whole - 1, round(whole * one / 15))) for one in ALARMS_OF_15}) if whole > 1 else []
    )
    return max(1, round(whole * INTERNAL_OF_15 / 15)), tuple(alarms)


def _length(rule: TermRule) -> float:
    """Roughly in calendar days, to compare units."""
    return rule.days * {BUSINESS: 1.4, CALENDAR: 1.0, MONTHS: 30.4}[rule.unit]


def _months_after(day: date, count: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.month - 1 + count, 12)
    first_of_next = date(day.year + year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(day.year + year, month + 1, min(day.day, last))
