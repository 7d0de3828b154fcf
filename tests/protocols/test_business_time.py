"""Business time agrees, minute by minute, with looking at the clock on the wall."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.rules.business_time import BusinessTime, NeverOpens, business_time
from protocols.rules.calendar import WeekHours
from protocols.rules.deadlines import Pause, due_after
from protocols.rules.defaults import HOURS_BY_SECTOR
from protocols.rules.holidays import holidays_for
from protocols.rules.published import closed_since

MINUTE = timedelta(minutes=1)
ZONES = ["Europe/Madrid", "America/Santiago", "America/Bogota", "America/Havana"]
# Around the days when clocks jump, and around the year's end.
CORNERS = [
    datetime(2026, 3, 28, 12), datetime(2026, 10, 24, 12), datetime(2026, 4, 4, 12), datetime(2026, 9, 5, 12),
    datetime(2026, 3, 7, 12), datetime(2026, 10, 31, 12), datetime(2026, 12, 31, 5), datetime(2027, 1, 4, 3),
]  # fmt: skip


def is_open(hours: WeekHours, at: datetime) -> bool:
    """The rule in the plainest words, read off the wall clock."""
    wall = at.astimezone(ZoneInfo(hours.timezone))
    minute, day = wall.hour * 60 + wall.minute, wall.date()

    def within(begin: time, end: time) -> bool:
        last = end.hour * 60 + end.minute
        return begin.hour * 60 + begin.minute <= minute < (1440 if last in (0, 1439) else last)

    if any(within(a, b) for d, a, b in hours.closures if d == day):
        return False
    if any(within(a, b) for d, a, b in hours.openings if d == day):
        return True
    return day not in hours.holidays and any(
        within(a, b) for d, a, b in hours.intervals if d == day.weekday()
    )


def plain_add(hours: WeekHours, start: datetime, minutes: int) -> datetime:
    while minutes:
        minutes -= is_open(hours, start)
        start += MINUTE
    return start


STRETCHES = st.tuples(st.integers(0, 94), st.integers(1, 48)).map(
    lambda pair: (
        time(pair[0] // 4, pair[0] % 4 * 15),
        time(0) if sum(pair) >= 96 else time(sum(pair) // 4, sum(pair) % 4 * 15),
    )
)
DAYS = st.dates(date(2026, 3, 1), date(2027, 1, 10))


@st.composite
def calendars(draw):
    week = draw(st.lists(st.tuples(st.integers(0, 6), STRETCHES), min_size=4, max_size=12))
    return WeekHours.of(
        draw(st.sampled_from(ZONES)),
        [(day, *stretch) for day, stretch in week],
        holidays=draw(st.sets(DAYS, max_size=4)),
        closures=[(day, *stretch) for day, stretch in draw(st.lists(st.tuples(DAYS, STRETCHES), max_size=3))],
        openings=[(day, *stretch) for day, stretch in draw(st.lists(st.tuples(DAYS, STRETCHES), max_size=3))],
    )


STARTS = st.tuples(st.sampled_from(CORNERS), st.integers(0, 2880)).map(
    lambda pair: pair[0].replace(tzinfo=UTC) + pair[1] * MINUTE
)


@settings(max_examples=50, deadline=None)
@given(calendars(), STARTS, st.integers(0, 400))
def test_add_agrees_with_the_clock_on_the_wall(hours, start, minutes):
    assert BusinessTime(hours).add(start, minutes * MINUTE) == plain_add(hours, start, minutes)


@settings(max_examples=30, deadline=None)
@given(calendars(), STARTS, st.integers(0, 3000))
def test_between_agrees_with_the_clock_on_the_wall(hours, start, length):
    counted = sum(is_open(hours, start + n * MINUTE) for n in range(length))
    end = start + length * MINUTE
    assert BusinessTime(hours).between(start, end) == counted * MINUTE
    assert BusinessTime(hours).between(end, start) == -counted * MINUTE


def plain_add_with_pauses(hours: WeekHours, start: datetime, minutes: int, pauses: list[Pause]) -> datetime:
    while minutes:
        waits = any(pause.start <= start < pause.end for pause in pauses)
        minutes -= is_open(hours, start) and not waits
        start += MINUTE
    return start


@settings(max_examples=50, deadline=None)
@given(
    calendars(),
    STARTS,
    st.integers(1, 400),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 900)), max_size=3),
)
def test_pauses_agree_with_the_clock_on_the_wall(hours, start, minutes, waits):
    pauses = [Pause(start + begin * MINUTE, start + (begin + length) * MINUTE) for begin, length in waits]

    due = due_after(BusinessTime(hours), start, minutes * MINUTE, pauses)

    assert due == plain_add_with_pauses(hours, start, minutes, pauses)


@settings(max_examples=40, deadline=None)
@given(calendars(), STARTS)
def test_openings_and_closings_agree_with_the_clock_on_the_wall(hours, start):
    at, opens = start, BusinessTime(hours).next_opening(start)
    while not is_open(hours, at):
        at += MINUTE
    assert opens == at
    assert (closed_since(hours, start) is None) == is_open(hours, start) or not was_open_lately(hours, start)
    since = closed_since(hours, start)
    if since is not None:
        assert is_open(hours, since - MINUTE)
        assert not any(is_open(hours, since + n * MINUTE) for n in range((start - since) // MINUTE + 1))


def was_open_lately(hours: WeekHours, at: datetime) -> bool:
    return any(is_open(hours, at - n * 5 * MINUTE) for n in range(1, 32 * 288))


@settings(max_examples=30, deadline=None)
@given(calendars(), STARTS, st.timedeltas(timedelta(0), timedelta(days=20)))
def test_between_undoes_add(hours, start, duration):
    answers = BusinessTime(hours)
    assert answers.between(start, answers.add(start, duration)) == duration


def bank(country: str = "CO", zone: str = "America/Bogota", years=range(2025, 2029), **more) -> WeekHours:
    intervals = [(d, time.fromisoformat(a), time.fromisoformat(b)) for d, a, b in HOURS_BY_SECTOR["bank"]]
    return WeekHours.of(zone, intervals, holidays=[day for day, _ in holidays_for(country, years)], **more)


def bogota(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo("America/Bogota"))


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (bogota(2026, 11, 20, 10), 2, bogota(2026, 11, 20, 12)),
        (bogota(2026, 11, 20, 19), 2, bogota(2026, 11, 21, 9)),
        (bogota(2026, 11, 21, 13), 1, bogota(2026, 11, 21, 14)),
        (bogota(2026, 11, 21, 13), 2, bogota(2026, 11, 23, 9)),
        (bogota(2026, 11, 22, 3), 2, bogota(2026, 11, 23, 10)),
        # Monday 11 January 2027 is Epiphany, moved.
        (bogota(2027, 1, 9, 13), 2, bogota(2027, 1, 12, 9)),
        (bogota(2026, 12, 31, 19), 2, bogota(2027, 1, 2, 9)),
    ],
)
def test_add_follows_a_colombian_bank(start, hours, due):
    assert business_time(bank()).add(start, timedelta(hours=hours)) == due


def test_add_counts_a_closing_hour_and_a_special_opening():
    early = bank(
        closures=[(date(2026, 12, 24), time(13), time(0))], openings=[(date(2026, 12, 25), time(9), time(10))]
    )
    answers = BusinessTime(early)
    assert answers.add(bogota(2026, 12, 24, 12), timedelta(hours=2)) == bogota(2026, 12, 25, 10)
    assert answers.add(bogota(2026, 12, 24, 12), timedelta(minutes=150)) == bogota(2026, 12, 26, 8, 30)


def test_an_hour_that_happens_twice_counts_twice():
    always = [(day, time(0), time(0)) for day in range(7)]
    madrid = BusinessTime(WeekHours.of("Europe/Madrid", always))
    zone = ZoneInfo("Europe/Madrid")
    autumn = datetime(2026, 10, 25, tzinfo=zone), datetime(2026, 10, 26, tzinfo=zone)
    spring = datetime(2026, 3, 29, tzinfo=zone), datetime(2026, 3, 30, tzinfo=zone)
    assert madrid.between(*autumn) == timedelta(hours=25)
    assert madrid.between(*spring) == timedelta(hours=23)


def test_always_open_is_wall_time():
    answers = BusinessTime(WeekHours("America/Bogota", always_open=True))
    start = bogota(2026, 12, 25, 3)
    assert answers.add(start, timedelta(days=1)) == start + timedelta(days=1)
    assert answers.between(start, start - timedelta(hours=1)) == -timedelta(hours=1)
    assert answers.is_open(start)


def test_next_opening_says_when_we_attend_again():
    answers = business_time(bank())
    assert answers.next_opening(bogota(2026, 11, 21, 22)) == bogota(2026, 11, 23, 8)
    assert answers.is_open(bogota(2026, 11, 23, 8))
    assert not answers.is_open(bogota(2026, 11, 23, 20))


def test_a_calendar_that_never_opens_says_so():
    answers = BusinessTime(WeekHours.of("America/Bogota", []))
    with pytest.raises(NeverOpens):
        answers.add(bogota(2026, 1, 1), MINUTE)
    with pytest.raises(NeverOpens):
        answers.next_opening(bogota(2026, 1, 1))
    assert answers.between(bogota(2026, 1, 1), bogota(2026, 2, 1)) == timedelta(0)


def test_far_apart_instants_and_long_durations_are_laid_out_when_asked():
    answers = BusinessTime(bank())
    whole = answers.between(bogota(2015, 1, 1), bogota(2040, 1, 1))
    assert answers.add(bogota(2015, 1, 1), whole) <= bogota(2040, 1, 1)
    assert answers.add(bogota(2026, 1, 1), timedelta(hours=30_000)) > bogota(2034, 1, 1)


def test_hours_that_end_before_they_begin_and_negative_durations_are_refused():
    with pytest.raises(ValueError, match="before it opens"):
        BusinessTime(WeekHours.of("America/Bogota", [(0, time(10), time(9))])).is_open(bogota(2026, 1, 1))
    with pytest.raises(ValueError, match="negative"):
        business_time(bank()).add(bogota(2026, 1, 1), -MINUTE)


def test_business_time_is_laid_out_once_for_equal_hours():
    assert business_time(bank()) is business_time(bank())
