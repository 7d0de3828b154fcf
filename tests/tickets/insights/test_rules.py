"""Periods and histograms by themselves."""

from __future__ import annotations

from datetime import date
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.insights.rules.figures import FIGURES, Sums, is_better, value_of
from tickets.insights.rules.histogram import BOUNDS, ERROR, bucket_of, counts, histogram, percentile
from tickets.insights.rules.periods import MOST_DAYS, Period, Unit, closed_until, read_period
from tickets.insights.words import span

TODAY = date(2026, 11, 22)
SECONDS = st.integers(60, BOUNDS[-1] - 1)


@given(st.lists(SECONDS, min_size=1, max_size=60), st.sampled_from((0.5, 0.9)))
def test_percentiles_are_within_the_stated_error(durations: list[int], share: float) -> None:
    exact = sorted(durations)[ceil(share * len(durations)) - 1]

    assert percentile(histogram(durations), share) == pytest.approx(exact, rel=ERROR)


@given(st.lists(SECONDS), st.lists(SECONDS))
def test_histograms_add_up(one: list[int], other: list[int]) -> None:
    assert histogram(one) + histogram(other) == histogram(one + other)
    assert sum(counts(histogram(one))) == len(one)


def test_below_a_minute_is_one_bucket_and_beyond_two_years_another() -> None:
    assert bucket_of(0) == bucket_of(59) == 0
    assert bucket_of(60) == 1
    assert bucket_of(10**9) == len(BOUNDS)
    assert percentile(0, 0.5) is None


@pytest.mark.parametrize(
    ("first", "last", "preset", "expected", "notes"),
    [
        ("2026-11-01", "2026-11-10", "", Period(date(2026, 11, 1), date(2026, 11, 10)), []),
        ("2026-11-10", "2026-11-01", "", Period(date(2026, 11, 1), date(2026, 11, 10)), ["reversed"]),
        ("2026-11-10", "", "", Period(date(2026, 11, 10), date(2026, 11, 10)), []),
        ("2026-11-20", "2027-02-01", "", Period(date(2026, 11, 20), TODAY), ["future"]),
        ("2027-01-01", "2027-02-01", "", Period(TODAY, TODAY), ["future"]),
        ("2010-01-01", "2026-11-22", "", Period(date(2016, 11, 15), TODAY), ["long"]),
        ("2026-02-30", "", "7", Period(date(2026, 11, 16), TODAY), ["unreadable"]),
        ("0001-01-01", "9999-12-31", "28", Period(date(2026, 10, 26), TODAY), ["unreadable"]),
        ("", "", "last_month", Period(date(2026, 10, 1), date(2026, 10, 31)), []),
        ("", "", "-5", Period(date(2026, 10, 26), TODAY), []),
        ("", "", "٣", Period(date(2026, 11, 20), TODAY), []),
    ],
)
def test_periods_are_mended_and_never_refused(first, last, preset, expected, notes) -> None:
    assert read_period(first, last, preset, TODAY) == (expected, notes)
    assert expected.days <= MOST_DAYS


def test_the_period_before_keeps_months_and_weekdays() -> None:
    assert Period(date(2026, 3, 1), date(2026, 3, 31)).before == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert Period(date(2026, 11, 19), date(2026, 11, 19)).before == Period(
        date(2026, 11, 12), date(2026, 11, 12)
    )
    assert Period(date(2026, 11, 1), date(2026, 11, 28)).before == Period(
        date(2026, 10, 4), date(2026, 10, 31)
    )
    assert Period(date(2020, 1, 1), date(2026, 1, 1)).unit is Unit.MONTH


def test_a_month_closes_after_the_first_day_of_the_next() -> None:
    assert closed_until(date(2026, 11, 1)) == date(2026, 10, 1)
    assert closed_until(date(2026, 11, 2)) == date(2026, 11, 1)


def test_a_score_of_nine_answers_is_none() -> None:
    nine, ten = Sums({"scored": 9, "satisfied": 9}), Sums({"scored": 10, "satisfied": 8})

    assert (value_of("csat", nine).value, value_of("csat", nine).n) == (None, 9)
    assert value_of("csat", ten).value == 0.8
    assert is_better("csat", value_of("csat", ten), value_of("csat", nine)) is None


def test_every_figure_can_be_read_of_nothing() -> None:
    assert all(not value_of(code, Sums({})).value for code in FIGURES)


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        (date(2026, 10, 29), date(2026, 11, 26), []),
        (date(2025, 10, 29), date(2025, 11, 26), ["2025"]),
        (date(2016, 1, 1), date(2026, 1, 1), ["2016", "2026"]),
    ],
)
def test_a_span_tells_the_years_that_are_not_clear(first: date, last: date, years: list[str]) -> None:
    said = span(first, last, date(2026, 11, 27))

    assert [word for word in said.split() if word.isdecimal() and len(word) == 4] == years
