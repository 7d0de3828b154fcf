"""Who is called what, what is hidden behind signs, a bare place, politics: what several clues say together."""

from __future__ import annotations

import pytest

from tickets.triage.engine import judge
from tickets.triage.labels import Kind
from tickets.triage.rules.wording import wording


@pytest.mark.parametrize(
    "text",
    [
        "@BancoMaguey son unos inútiles, nadie contesta",
        "@BancoDelValle h1jos de su madre, dos horas y cierran la caja",
        "@TeleNorte vaya panda de sinvergüenzaaas, ni responden",
        "@PitayaPE ladr0nes, mi plata no está",
    ],
)
def test_people_are_attacked(text):
    assert judge(text).abusive


@pytest.mark.parametrize(
    "text",
    [
        "@BancoMaguey qué servicio de mierda, la app no abre",
        "Los perros de menos de 8 kilos, ¿van en cabina?",
        "No mames, otra vez sin sistema y sin poder pagar",
    ],
)
def test_swearing_and_plain_words_attack_nobody(text):
    assert not judge(text).abusive


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("mi3rda", "mierda"),
        ("p*tas", "putas"),
        ("h1jos", "hijos"),
        ("vuelo AB123", "vuelo ab123"),
        ("3 de 5", "3 de 5"),
    ],
)
def test_letters_hidden_behind_signs_are_read_and_numbers_left_alone(written, read):
    assert " ".join(wording(written).written) == read


@pytest.mark.parametrize("text", ["@BancoDelValle Valledupar, Cesar", "@TeleNorteMX Querétaro"])
def test_a_bare_place_answers_an_adviser(text):
    verdict = judge(text)
    assert verdict.service
    assert verdict.kind == Kind.SEGUIMIENTO


def test_politics_before_a_bank_s_handle_is_nobody_s_case():
    verdict = judge(
        "@BancoDelValle los congresistas de ese partido y el presidente, siempre con el mismo discurso"
    )
    assert (verdict.service, verdict.kind) == (False, Kind.NINGUNO)
