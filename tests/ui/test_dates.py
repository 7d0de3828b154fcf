"""Dates as people say them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from helpdesk.ui import dates

NOW = datetime(2026, 11, 26, 15, 42, tzinfo=UTC)  # Thursday 10:42 a. m. in Bogotá, 16:42 in Madrid


@pytest.mark.parametrize(
    ("dt", "tz", "words"),
    [
        (datetime(2026, 11, 26, 21, 0, tzinfo=UTC), "America/Bogota", "hoy 4:00 p. m."),
        (datetime(2026, 11, 26, 17, 0, tzinfo=UTC), "America/Bogota", "hoy 12:00 p. m."),
        (datetime(2026, 11, 26, 5, 5, tzinfo=UTC), "America/Bogota", "hoy 12:05 a. m."),
        (datetime(2026, 11, 27, 3, 0, tzinfo=UTC), "America/Bogota", "hoy 10:00 p. m."),
        (datetime(2026, 11, 27, 3, 0, tzinfo=UTC), "Europe/Madrid", "mañana 4:00"),
        (datetime(2026, 11, 25, 15, 0, tzinfo=UTC), "Europe/Madrid", "ayer 16:00"),
        (datetime(2026, 12, 18, 22, 0, tzinfo=UTC), "America/Bogota", "vie 18 dic"),
        (datetime(2027, 1, 11, 22, 0, tzinfo=UTC), "America/Bogota", "lun 11 ene 2027"),
    ],
)
def test_an_instant_in_peoples_words(dt, tz, words):
    assert dates.local_words(dt, tz, NOW).replace(dates.NBSP, " ") == words


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=-5), "ahora"),
        (timedelta(seconds=59), "ahora"),
        (timedelta(minutes=51), "51 min"),
        (timedelta(hours=3, minutes=59), "3 h"),
        (timedelta(days=2), "2 d"),
        (timedelta(days=9), "mar 17 nov"),
    ],
)
def test_how_long_ago(ago, words):
    assert dates.ago_words(NOW - ago, NOW, "America/Bogota").replace(dates.NBSP, " ") == words


def test_today_ends_at_midnight_of_the_place_even_when_the_clock_changes():
    assert dates.day_end("America/Bogota", NOW) == datetime(2026, 11, 27, 5, 0, tzinfo=UTC)
    change = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # 1:30 in Madrid; at 2:00 it becomes 3:00
    assert dates.day_end("Europe/Madrid", change) == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)


def test_dates_speak_english_too():
    with translation.override("en"):
        assert dates.local_words(NOW + timedelta(days=22), "America/Bogota", NOW) == "Fri\u00a018\u00a0Dec"
        assert dates.local_words(NOW, "Europe/Madrid", NOW).startswith("today")
