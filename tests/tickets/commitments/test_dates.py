"""Dates promised in Spanish, found by one pass: examples by hand, and what must hold for any text."""

from __future__ import annotations

import time as watch
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocols.rules.calendar import WeekHours
from tickets.commitments.rules.dates import find_dates
from tickets.commitments.rules.vague import PHRASES, find_vague
from tickets.commitments.rules.what import sentence_of

BOGOTA = ZoneInfo("America/Bogota")
# Weekdays 8-20, Saturdays 8-14; the 8th of December is a holiday. Now it is Tuesday, ten in the morning.
HOURS = WeekHours.of(
    "America/Bogota",
    [*((day, time(8), time(20)) for day in range(5)), (5, time(8), time(14))],
    holidays=[date(2026, 12, 8)],
)
NOW = datetime(2026, 11, 24, 10, tzinfo=BOGOTA)
ALWAYS = WeekHours.of("America/Bogota", [], always_open=True)


def found(text: str, now: datetime = NOW, hours: WeekHours = HOURS) -> list[tuple[str, str]]:
    return [
        (one.words, one.due_at.astimezone(hours.zone).strftime("%d/%m %H:%M"))
        for one in find_dates(text, now=now, hours=hours)
    ]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Le respondemos mañana", "25/11 20:00"),
        ("mañana a las 10", "25/11 10:00"),
        ("mañana 10 a. m.", "25/11 10:00"),
        ("mañana por la mañana", "25/11 12:00"),
        ("en la mañana de mañana", "25/11 12:00"),
        ("mañana entre las 2 y las 4 de la tarde", "25/11 16:00"),
        ("pasado mañana antes del mediodía", "26/11 12:00"),
        ("hoy", "24/11 20:00"),
        ("hoy en la tarde", "24/11 18:00"),
        ("esta tarde", "24/11 18:00"),
        ("antes de finalizar el día", "24/11 20:00"),
        ("antes de las 5 p. m.", "24/11 17:00"),
        ("antes de las 5 p.m.", "24/11 17:00"),
        ("hoy antes de las 17:00", "24/11 17:00"),
        ("antes de las 9 a. m.", "25/11 09:00"),
        ("a las 4 y media de la tarde", "24/11 16:30"),
        ("el jueves", "26/11 20:00"),
        ("el martes", "01/12 20:00"),
        ("el próximo sábado", "28/11 14:00"),
        ("el jueves de la próxima semana", "03/12 20:00"),
        ("el jueves 26 de noviembre a las 3 p.m.", "26/11 15:00"),
        ("a las 10 a. m. del viernes", "27/11 10:00"),
        ("el 15 de diciembre", "15/12 20:00"),
        ("EL 15 DE DICIEMBRE", "15/12 20:00"),
        ("el 15/12", "15/12 20:00"),
        ("el 15/12/2026 a las 8 a. m.", "15/12 08:00"),
        ("el 8 de diciembre", "08/12 18:00"),
        ("el 10 de enero", "10/01 18:00"),
        ("hasta el 30 de noviembre de 2026", "30/11 20:00"),
        ("en 3 días hábiles", "27/11 20:00"),
        ("en tres días hábiles", "27/11 20:00"),
        ("a más tardar en 12 días hábiles", "09/12 20:00"),
        ("en un plazo máximo de 5 a 7 días hábiles", "02/12 20:00"),
        ("en 2 días", "26/11 20:00"),
        ("dentro de 2 horas", "24/11 12:00"),
        ("en máximo 24 horas", "25/11 10:00"),
        ("en media hora", "24/11 10:30"),
        ("en dos semanas", "08/12 18:00"),
    ],
)
def test_promised_date_is_found_with_its_instant(text, due):
    assert [one[1] for one in found(f"Hola, Diana: {text}.")] == [due]


@pytest.mark.parametrize(
    "text",
    [
        "Atendemos de lunes a viernes de 8:00 a 18:00",
        "Atendemos de las 8 a las 18",
        "Estamos 24/7",
        "Atendemos las 24 horas",
        "hace 3 días nos escribió",
        "lleva 3 días esperando",
        "el jueves pasado le cobraron",
        "el 3 de octubre recibimos su reclamo",
        "vimos su mensaje de hoy",
        "¿Puede llamarnos mañana?",
        "¿a las 3 le queda bien?",
        "por la mañana",
        "el 31 de febrero",
        "en 999999999999999999999 días",
        "",
    ],
)
def test_what_is_no_promise_is_left_alone(text):
    assert found(text) == []


def test_several_dates_come_in_their_order_and_each_instant_once():
    text = "Hoy antes de las 5 p. m. le llamamos y el viernes le respondemos; repito: el viernes."

    assert found(text) == [("Hoy antes de las 5 p. m.", "24/11 17:00"), ("el viernes", "27/11 20:00")]


def test_account_that_never_closes_keeps_its_word_until_midnight():
    assert [one[1] for one in found("hoy le respondemos", hours=ALWAYS)] == ["24/11 23:59"]


def test_hour_that_jumps_is_still_an_instant():
    """Madrid, the last Sunday of March: 2:30 does not exist."""
    hours = WeekHours.of("Europe/Madrid", [], always_open=True)
    night = datetime(2026, 3, 28, 20, tzinfo=hours.zone)

    (one,) = find_dates("mañana a las 2:30 a. m.", now=night, hours=hours)

    assert one.due_at.utcoffset() == timedelta(0)


PIECES = st.sampled_from(
    ["hoy", "mañana", "pasado", "el", "jueves", "15", "de", "diciembre", "/", "12", "a", "las", "10", "p.", "m.", "en",
     "3", "días", "hábiles", "antes", "entre", "y", "semana", "próxima", "¿", "?", "99999", "24:70", "0", "la",
     "tarde", "por", "máximo", "hasta"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=120), st.lists(PIECES, max_size=40).map(" ".join))
# Minutes of ten years: drawing dates by their parts is slow where the processor is shared.
MOMENTS = st.integers(0, 5_000_000).map(
    lambda minute: datetime(2026, 1, 1, tzinfo=BOGOTA) + timedelta(minutes=minute)
)
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PATIENT
@given(TEXTS, MOMENTS)
def test_any_text_gives_dates_to_come_that_stand_in_it(text, now):
    dates = find_dates(text, now=now, hours=HOURS)

    assert all(one.due_at > now for one in dates)
    assert all(0 <= one.start < one.end <= len(text) for one in dates)
    assert len({one.due_at for one in dates}) == len(dates) <= 5
    assert find_dates(text, now=now, hours=HOURS) == dates


@PATIENT
@given(st.integers(1, 60), MOMENTS)
def test_business_days_are_counted_by_the_calendar(count, now):
    (one,) = find_dates(f"en {count} días hábiles", now=now, hours=HOURS)
    day, left = now.date(), count
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < 6 and day not in HOURS.holidays

    assert one.due_at.astimezone(BOGOTA).date() == day


@pytest.mark.parametrize(
    "unit", ["mañana a las 10 ", "en 90 días hábiles ", "¿", "antes de de de ", "9", "el 15/12/2026 "]
)
def test_time_grows_with_the_text_and_no_faster(unit):
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        best = 9.0
        for _turn in range(3):
            began = watch.process_time()
            find_dates(text, now=NOW, hours=HOURS)
            find_vague(text)
            best = min(best, watch.process_time() - began)
        return best

    seconds(2_000)
    assert seconds(40_000) < 4 * 4 * seconds(10_000) / 2 + 0.05


@pytest.mark.parametrize(
    ("text", "vague"),
    [
        ("Le damos respuesta en el transcurso de la semana.", ["en el transcurso de la semana"]),
        ("Pronto le contamos", ["Pronto"]),
        ("a la brevedad, o cuanto antes", ["a la brevedad", "cuanto antes"]),
        ("a más tardar el viernes", []),
        ("no más tarde de las 5", []),
        ("el jueves de la próxima semana", []),
        ("¿puede ser más tarde?", []),
    ],
)
def test_words_that_nobody_can_keep_are_pointed_out(text, vague):
    assert find_vague(text) == vague


@given(st.sampled_from([" ".join(one) for phrases in PHRASES.values() for one in phrases]))
def test_every_vague_phrase_is_found_by_itself(phrase):
    assert find_vague(f"Le decimos, {phrase}.") == [phrase]


def test_what_is_promised_is_the_sentence_around_its_date():
    text = "Hola, Diana. Le devolvemos el cobro mañana a las 10 a. m. sin falta. Gracias."
    (one,) = find_dates(text, now=NOW, hours=HOURS)

    assert sentence_of(text, one.start, one.end) == "Le devolvemos el cobro mañana a las 10 a. m. sin falta"
