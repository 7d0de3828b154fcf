"""When we attend, in the words of a profile and as data."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from protocols.rules.calendar import WeekHours
from protocols.rules.published import (
    FACEBOOK_INTRO,
    X_BIO,
    bio,
    description,
    opening_words,
    public_hours,
    week_words,
)

BOGOTA = ZoneInfo("America/Bogota")
NOW = datetime(2026, 12, 7, 13, tzinfo=BOGOTA)


def hours(*days: tuple[int, str, str], **more) -> WeekHours:
    week = [(day, time.fromisoformat(a), time.fromisoformat(b)) for day, a, b in days]
    return WeekHours.of("America/Bogota", week, **more)


LUNCH = [(day, a, b) for day in range(5) for a, b in (("08:00", "12:30"), ("14:00", "18:00"))]


@pytest.mark.parametrize(
    ("week", "words"),
    [
        ([*LUNCH, (5, "09:00", "13:00")], "lun a vie 8:00–12:30 y 14:00–18:00, sáb 9:00–13:00"),
        (
            [(0, "08:00", "18:00"), (1, "08:00", "18:00"), (3, "08:00", "18:00")],
            "lun y mar 8:00–18:00, jue 8:00–18:00",
        ),
        ([(day, "06:00", "23:59") for day in range(7)], "lun a dom 6:00–24:00"),
        ([(day, "00:00", "23:59") for day in range(7)], "24 horas, todos los días"),
        ([], "solo los días que se anuncian"),
    ],
)
def test_week_words_group_days_that_are_alike(week, words):
    assert week_words(hours(*week)) == words


def test_texts_fit_and_say_how_else_to_reach_us():
    week = hours(*LUNCH, holidays=[date(2026, 12, 8)])
    short = bio(week, phone="01 8000 123456", email="ayuda@frailejon.example")
    whole = description(week, phone="01 8000 123456", email="ayuda@frailejon.example")

    assert short == (
        "Atendemos lun a vie 8:00–12:30 y 14:00–18:00. Tel. 01 8000 123456. ayuda@frailejon.example"
    )
    assert len(short) <= X_BIO
    assert "hora de Bogotá; festivos cerrado" in whole
    assert len(whole) <= FACEBOOK_INTRO


def test_public_hours_carry_the_days_that_are_not_as_their_weekday():
    closures = [(date(2026, 12, 24), time(12, 30), time(0))]
    told = public_hours(hours(*LUNCH, holidays=[date(2026, 12, 8)], closures=closures), now=NOW)

    assert {"dayOfWeek": "Monday", "opens": "08:00", "closes": "12:30"} in told["openingHoursSpecification"]
    special = {
        one["validFrom"]: (one["opens"], one["closes"]) for one in told["specialOpeningHoursSpecification"]
    }
    assert special == {"2026-12-08": ("00:00", "00:00"), "2026-12-24": ("08:00", "12:30")}
    assert told["isOpen"] is False


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 12, 7, 19, tzinfo=UTC), "hoy a las 14:00"),
        (datetime(2026, 12, 8, 13, tzinfo=UTC), "mañana a las 8:00"),
        (datetime(2026, 12, 9, 13, tzinfo=UTC), "el miércoles 9 a las 8:00"),
    ],
)
def test_opening_words_are_of_the_wall_there(at, words):
    assert opening_words(at, hours(*LUNCH), now=NOW) == words
