"""A clock's days: what they count adds up to what is owed, with pauses, holidays and clocks that jump."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.rules.business_time import BusinessTime
from protocols.rules.calendar import WeekHours
from protocols.rules.deadlines import Pause, due_after
from tests.protocols.test_business_time import STARTS, calendars
from tickets.clocks.why import MOST_DAYS, explain

BOGOTA = ZoneInfo("America/Bogota")
LUNCH = WeekHours.of(
    "America/Bogota",
    [(day, time(a), time(b)) for day in range(5) for a, b in ((8, 12), (14, 18))],
    holidays=[date(2026, 12, 8)],
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=BOGOTA)


def test_days_show_what_counted_what_was_paused_and_what_was_closed():
    start, pause = at(4, 16, 30), Pause(at(7, 9), at(7, 10), "customer")
    due = due_after(BusinessTime(LUNCH), start, timedelta(hours=12), [pause])

    laid = explain(LUNCH, start, due, [pause], {date(2026, 12, 8): "Inmaculada"})

    assert due == at(9, 11, 30)
    assert laid.counted == timedelta(hours=12)
    assert laid.paused == timedelta(hours=1)
    by_day = {one.day.day: one for one in laid.days}
    assert [by_day[day].counted.total_seconds() / 3600 for day in range(4, 10)] == [
        1.5,
        0,
        0,
        7,
        0,
        3.5 + 2 - 2,
    ]
    assert (by_day[8].is_holiday, by_day[8].name, by_day[8].pieces) == (True, "Inmaculada", ())
    assert (by_day[4].begins, by_day[9].falls_due) == (16 * 60 + 30, 11 * 60 + 30)
    assert [piece.look for piece in by_day[7].pieces] == ["open", "paused", "open", "open"]


@settings(max_examples=40, deadline=None)
@given(
    calendars(),
    STARTS,
    st.timedeltas(timedelta(minutes=1), timedelta(days=4)),
    st.integers(0, 5000),
    st.integers(1, 3000),
)
def test_what_is_counted_is_what_is_owed(hours, start, duration, later, length):
    pause = Pause(start + timedelta(minutes=later), start + timedelta(minutes=later + length))
    due = due_after(BusinessTime(hours), start, duration, [pause])

    laid = explain(hours, start, due, [pause])

    assert laid.counted == duration
    assert len(laid.days) <= MOST_DAYS


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        ("Europe/Madrid", date(2026, 10, 25), 25), ("Europe/Madrid", date(2026, 3, 29), 23),
        ("America/Santiago", date(2026, 9, 6), 23),
    ],
)  # fmt: skip
def test_wall_time_on_a_day_when_clocks_jump_is_as_long_as_the_day(zone, day, length):
    where = ZoneInfo(zone)
    first = datetime(day.year, day.month, day.day, tzinfo=where)
    last = datetime(day.year, day.month, day.day + 1, 1, tzinfo=where)

    laid = explain(WeekHours.of(zone, [(0, time(9), time(10))]), first, last, is_wall_time=True)

    assert laid.days[0].counted == timedelta(hours=length)


def test_a_long_time_is_folded_in_the_middle():
    start = datetime(2026, 12, 1, 13, tzinfo=UTC)
    due = BusinessTime(LUNCH).add(start, timedelta(hours=150))

    laid = explain(LUNCH, start, due)

    assert len(laid.days) == MOST_DAYS
    folded = [one for one in laid.days if one.skipped]
    assert len(folded) == 1
    shown = sum((one.counted for one in laid.days), timedelta())
    assert shown + laid.skipped_counted == laid.counted == timedelta(hours=150)
