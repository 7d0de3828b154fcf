"""Which cases are alike and when that is a spike; when an hour can be promised; what may go to many. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tickets.incidents.rules.bulk import NotSaid, check_text, personal
from tickets.incidents.rules.likeness import Said, are_one, largest_cluster, shared_words, told_words
from tickets.incidents.rules.moments import next_hour, refusal_of
from tickets.incidents.rules.spikes import is_flood, is_spike, same_half_hours

NOW = datetime(2026, 11, 26, 15, 15, tzinfo=UTC)
APP = (
    "@FrailejonAyuda la app no abre desde las 10",
    "No puedo abrir la app del banco, ayuda!",
    "otra vez se cayó la app?? no me abre",
    "la app abre y se cierra sola",
    "App caída, no abre nada",
)
OTHERS = ("me cobraron dos veces la cuota de manejo", "el cajero no me entregó la plata", "gracias por todo")


def said(*texts: str) -> list[Said]:
    return [Said(n, told_words(text)) for n, text in enumerate(texts, 1)]


def test_cases_of_one_outage_are_alike_and_say_by_which_words():
    found = largest_cluster(said(*APP, *OTHERS))

    assert set(found.tickets) == {1, 2, 3, 4, 5}
    assert found.words[0] == "app"
    assert len(found.words) >= 2


def test_cases_about_everything_are_not_alike():
    assert len(largest_cluster(said(*OTHERS)).tickets) == 1
    assert largest_cluster([]).tickets == ()


def test_words_of_any_complaint_make_no_likeness():
    assert (
        len(largest_cluster(said("ayuda por favor, pésimo servicio", "pésimo servicio, ayuda")).tickets) == 1
    )


def test_case_that_shares_two_words_with_an_incident_says_which():
    terms = told_words("La app no abre")
    one, other = said("hola, la app no me abre", "abrí una cuenta ayer")

    assert shared_words(one, terms) == ["app", "abre"]
    assert shared_words(other, terms) == []


def test_two_declarations_of_the_same_outage_are_one():
    assert are_one("La app no abre", "App caída: no abre en Android")
    assert not are_one("La app no abre", "Cajeros sin servicio en Neiva")


def test_five_alike_are_a_spike_and_four_are_not():
    assert is_spike(5, is_flooded=False)
    assert not is_spike(4, is_flooded=False)
    assert is_spike(2, is_flooded=True)


@pytest.mark.parametrize(
    ("count", "former", "expected"),
    [
        (20, [6, 7, 6, 7], True),
        (20, [7, 7, 7, 7], False),
        (19, [0, 0, 0, 0], False),
        (20, [0], True),
        (90, [], False),
    ],
)
def test_flood_is_three_times_the_same_half_hour_of_other_weeks(count, former, expected):
    assert is_flood(count, former) is expected


def test_other_weeks_are_the_same_weekday_and_hour():
    assert same_half_hours(NOW)[0] == NOW - timedelta(days=7)
    assert len(same_half_hours(NOW)) == 4


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("estimated", "notice", "starts", "expected"),
    [
        (None, None, NOW, "no_when"),
        (None, at(30), NOW, ""),
        (at(-5), None, NOW, "past_estimate"),
        (None, at(-5), NOW, "past_notice"),
        (at(60), None, at(90), "before"),
        (at(60 * 24 * 40), None, NOW, "far"),
        (at(120), None, at(90), ""),
    ],
)
def test_hours_that_can_be_promised(estimated, notice, starts, expected):
    refused = refusal_of(starts_at=starts, estimated_at=estimated, next_notice_at=notice, now=NOW)

    assert refused == expected


def test_next_notice_is_half_an_hour_ahead_to_the_five_minutes():
    assert next_hour(NOW) == at(30)
    assert next_hour(at(1)) == at(35)


@pytest.mark.parametrize(
    ("text", "code", "detail"),
    [
        ("  ", "empty", ""),
        ("{nombre}, el {fecha_comprometida}", "unknown_variable", "{fecha_comprometida}"),
        ("{nombr}, hola", "unknown_variable", "{nombr}"),
        ("{nombre, hola", "brace", ""),
        ("{nombre}, [qué falló]", "gap", "[qué falló]"),
    ],
)
def test_text_that_cannot_go_to_many(text, code, detail):
    with pytest.raises(NotSaid) as refused:
        check_text(text)

    assert (refused.value.code, refused.value.detail) == (code, detail)


def test_each_reads_their_own_name_and_what_is_not_known_is_said():
    assert personal("{nombre}, su caso {caso}", {"nombre": "Diana", "caso": "7"}) == ("Diana, su caso 7", "")
    assert personal("{nombre}, hola", {"nombre": ""}) == ("{nombre}, hola", "nombre")
