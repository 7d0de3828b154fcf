"""When a customer may be asked. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# No year is without a business day; a calendar that says so must not hold the sweep.
FARTHEST = 370


def contact_moment(
    start: datetime,
    days: int,
    *,
    zone: ZoneInfo,
    is_business: Callable[[date], bool],
    first: time,
    last: time,
) -> datetime:
    """``days`` business days after ``start``, at its time of day where that is within contact hours.

    With 0 days the first moment from ``start`` on at which one may ask: ``start`` itself when it is one.
    """
    local = start.astimezone(zone)
    day, left, at = local.date(), days, local.timetz().replace(tzinfo=None)
    for _guard in range(FARTHEST):
        if left:
            day += timedelta(days=1)
            left -= is_business(day)
        elif not is_business(day) or (day == local.date() and at >= last):
            day, at = day + timedelta(days=1), first
        else:
            break
    return datetime.combine(day, first if at < first or at >= last else at, zone)
