"""Holidays come with Spanish names, moved to the day on which people rest."""

from datetime import date

import pytest

from protocols.rules.holidays import UnknownPlace, holidays_for


@pytest.mark.parametrize(
    ("country", "count"), [("CO", 19), ("ES", 8), ("MX", 7), ("PE", 17), ("CL", 16), ("AR", 20), ("EC", 12)]
)
def test_holidays_for_counts_each_country(country, count):
    assert len(holidays_for(country, [2026])) == count


def test_holidays_for_moves_colombian_mondays():
    days = dict(holidays_for("co", [2026, 2027]))
    assert days[date(2026, 1, 12)] == "Día de los Reyes Magos (trasladado)"
    assert date(2026, 1, 6) not in days
    assert date(2027, 1, 11) in days
    assert days[date(2026, 12, 25)] == "Navidad"


def test_holidays_for_knows_regions():
    country, madrid = holidays_for("ES", [2026]), holidays_for("ES", [2026], "MD")
    assert date(2026, 5, 2) in dict(madrid)
    assert set(dict(country)) < set(dict(madrid))


@pytest.mark.parametrize("place", [("ZZ", None), ("ES", "XX")])
def test_holidays_for_says_which_place_it_does_not_know(place):
    with pytest.raises(UnknownPlace):
        holidays_for(place[0], [2026], place[1])
