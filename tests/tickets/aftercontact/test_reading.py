"""What customers write to «¿quedó solucionado?» is read leniently, and never more than was said."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from tickets.aftercontact.rules.moment import contact_moment
from tickets.aftercontact.rules.reading import read_answer

BOGOTA = ZoneInfo("America/Bogota")


@pytest.mark.parametrize(
    ("text", "solved", "score"),
    [
        ("sí gracias", True, None),
        ("Si", True, None),
        ("4", True, 4),
        ("cuatro", True, 4),
        ("👍", True, None),
        ("👎🏽", False, None),
        ("⭐⭐⭐⭐", True, 4),
        ("nada que ver, sigue igual", False, None),
        ("5/5", True, 5),
        ("8 de 10", True, 4),
        ("10", True, 5),
        ("sí, un 5", True, 5),
        ("no, un 1", False, 1),
        ("le doy 3 estrellas", None, 3),
        ("2", None, 2),
        ("Ya quedó solucionado, muchas gracias", True, None),
        ("no hay problema, ya quedó listo", True, None),
        ("No está solucionado", False, None),
        ("nunca quedó resuelto", False, None),
        ("aún no me llega", False, None),
        ("sí, pero sigue fallando", False, None),
        ("sí pero con demora", None, None),
        ("no gracias", None, None),
        ("si no me contestan me voy del banco", None, None),
        ("llevo 4 días esperando", None, None),
        ("¿a qué hora abren?", None, None),
        ("", None, None),
        ("20", None, None),
    ],
)
def test_words_are_read_as_they_were_meant(text, solved, score):
    reading = read_answer(text, top=5)

    assert (reading.solved, reading.score) == (solved, score)


def test_scale_of_ten_reads_what_was_asked_on_it():
    assert [read_answer(text, top=10).score for text in ("10", "0", "siete", "4/5")] == [10, 0, 7, 8]
    assert read_answer("6", top=10).solved is None
    assert read_answer("4", top=0).score is None


def test_who_wants_to_be_left_alone_is_heard():
    reading = read_answer("por favor no me escriban más", top=5)

    assert (reading.stops, reading.solved) == (True, None)


@pytest.mark.parametrize(
    ("start", "days", "asked"),
    [
        ("2026-11-18T11:00", 3, "2026-11-23T11:00"),  # over a weekend
        ("2026-11-18T22:00", 3, "2026-11-23T09:00"),  # answered at night
        ("2026-11-18T06:30", 3, "2026-11-23T09:00"),
        ("2026-11-21T12:00", 0, "2026-11-23T09:00"),  # Saturday
        ("2026-11-23T17:59", 0, "2026-11-23T17:59"),
    ],
)
def test_customers_are_asked_on_business_days_within_hours(start, days, asked):
    found = contact_moment(
        datetime.fromisoformat(start).replace(tzinfo=BOGOTA).astimezone(UTC),
        days,
        zone=BOGOTA,
        is_business=lambda day: day.weekday() < 5 and day != date(2026, 12, 8),
        first=time(9),
        last=time(18),
    )

    assert found == datetime.fromisoformat(asked).replace(tzinfo=BOGOTA)
