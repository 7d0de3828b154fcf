"""Terms of the law: counted from the day after receipt, to the end of their last day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.rules.holidays import holidays_for
from protocols.rules.legal import LegalDays, NoTerm, TermRule, choose, internal_days
from protocols.rules.legal_seeds import SEEDS, rows_for

BOGOTA = LegalDays(
    ZoneInfo("America/Bogota"), frozenset(day for day, _ in holidays_for("CO", range(2026, 2029)))
)


def rule(
    pk: int, *, days: int = 15, unit: str = "business", sector: str = "", kind: str = "queja"
) -> TermRule:
    return TermRule(pk, 1, kind, sector, days, unit, 8, (8, 12, 14))


def test_fifteen_business_days_skip_weekends_and_holidays():
    # Monday 30 November 2026; the 8th of December is a holiday.
    received = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)

    assert BOGOTA.due_at(received, 15, "business") == datetime(2026, 12, 22, 23, 59, tzinfo=BOGOTA.zone)


def test_a_message_late_at_night_counts_by_the_day_of_the_house():
    late = datetime(2026, 12, 2, 2, 0, tzinfo=UTC)  # nine in the evening of the first, in Bogotá

    assert BOGOTA.due_at(late, 1, "business").date() == date(2026, 12, 2)


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [(date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2026, 11, 15), 3, date(2027, 2, 15))],
)
def test_a_term_of_months_ends_on_the_same_day_or_the_last(day, months, end):
    assert BOGOTA.after(day, months, "months") == end


def test_a_term_of_no_days_is_none():
    with pytest.raises(NoTerm):
        BOGOTA.after(date(2026, 1, 1), 0, "business")


def test_alarms_ring_on_the_mornings_of_the_eighth_twelfth_and_fourteenth_day():
    received = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)

    alarms = BOGOTA.alarms(received, (8, 12, 14), "business")

    assert [one.date().day for one in alarms] == [11, 17, 21]
    assert {one.hour for one in alarms} == {8}


@given(received=st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 1)), days=st.integers(1, 30))
def test_a_terms_days_are_numbered_to_the_last(received, days):
    received = received.replace(tzinfo=UTC)

    laid = BOGOTA.laid_out(received, BOGOTA.due_at(received, days, "business"), "business")

    assert [one.number for one in laid if one.number] == list(range(1, days + 1))
    assert laid[-1].number == days
    assert not any(one.number and (one.is_holiday or one.day.weekday() > 4) for one in laid)


def test_the_sector_goes_first_and_then_the_strictest():
    rules = [rule(1), rule(2, days=10), rule(3, days=20, sector="bank"), rule(4, days=5, kind="peticion")]

    assert choose(rules, kind="queja", sector="bank").id == 3
    assert choose(rules, kind="queja", sector="airline").id == 2
    assert choose(rules, kind="felicitacion", sector="bank") is None


@given(
    day=st.dates(date(2026, 1, 1), date(2027, 12, 1)),
    count=st.integers(1, 60),
)
def test_business_days_agree_with_counting_them_one_by_one(day, count):
    end = BOGOTA.after(day, count, "business")

    between = [day + timedelta(days=n) for n in range(1, (end - day).days + 1)]
    assert sum(map(BOGOTA.is_business, between)) == count
    assert BOGOTA.is_business(end)


def test_every_seed_can_be_planted_and_only_verified_ones_count():
    for country in {seed.country for seed in SEEDS}:
        rows = list(rows_for(country))
        assert len({row["key"] for row in rows}) == len(rows)
        for row in rows:
            assert row["is_active"] == row["is_verified"] == (row["reviewed_on"] is not None)
            assert row["days"] >= 1
            assert row["source"]
    assert internal_days(15) == (8, (8, 12, 14))
