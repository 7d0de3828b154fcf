"""When a day begins and ends for an organization, and how its days are counted. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from protocols.rules.calendar import MINUTES_A_DAY, WeekHours

# The hour of a promise for a day on which nobody attends.
WITHOUT_HOURS = time(18)
# A promise farther away than this is none that a customer service makes.
FARTHEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Today:
    """An instant where the organization is, with its calendar."""

    now: datetime
    hours: WeekHours

    @property
    def date(self) -> date:
        """The local date."""
        return self.now.astimezone(self.hours.zone).date()

    def instant(self, day: date, at: time) -> datetime:
        """A wall-clock time of a local day, in UTC."""
        return datetime.combine(day, at, self.hours.zone).astimezone(UTC)

    def close_of(self, day: date) -> datetime:
        """When the account stops attending that day: a promise for «hoy» without an hour (care.md, finding 13)."""
        stretches = self.hours.minutes_of(day)
        if not stretches:
            return self.instant(day, WITHOUT_HOURS)
        last = min(stretches[-1][1], MINUTES_A_DAY - 1)
        return self.instant(day, time(last // 60, last % 60))

    def business_day(self, count: int) -> date:
        """The count-th day after today on which the account attends."""
        day = self.date
        for _guard in range(FARTHEST.days):
            day += timedelta(days=1)
            count -= 1 if self.hours.minutes_of(day) else 0
            if count <= 0:
                break
        return day
