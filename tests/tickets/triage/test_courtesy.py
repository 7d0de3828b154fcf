"""A bare courtesy is recognised; anything that says more is heard."""

import pytest

from tickets.triage.rules.courtesy import is_courtesy
from tickets.triage.rules.wording import wording


@pytest.mark.parametrize(
    "text",
    [
        "gracias",
        "@banco Muchas gracias!!!",
        "Listo",
        "ok",
        "OK 👍",
        "👍",
        "🙌🏻🙌🏻",
        "ya se los mandé",
        "Okay ya les escribo",
        "Listo! Ya se los mandé por DM.",
        "Ya respondí al directo. Agradezco",
        "Perfecto, quedo atento, gracias",
        "Mil gracias por la ayuda, feliz día",
        "vale, gracias",
        "Ya quedó solucionado, ¡gracias!",
        "graciaaaas",
        "gracias https://t.co/abc",
        "De acuerdo, gracias.",
    ],
)
def test_is_courtesy_knows_thanks_and_closings(text):
    assert is_courtesy(text, wording(text))


@pytest.mark.parametrize(
    "text",
    [
        "gracias por nada",
        "gracias pero sigo sin servicio",
        "listo?",
        "¿ok?",
        "gracias 🙄",
        "gracias por la demora",
        "",
        "hola",
        "Buenas tardes 😊",
        "sí",
        "ya",
        "no gracias",
        "gracias, ¿y mi maleta?",
        "ok, mi cédula es 1020304050",
        "Ya respondí por DM, espero pronta solución, gracias",
        "Excelente servicio, gracias",
        "👎",
        "😡",
        "🇨🇴",
        "2026-000123",
        "gracias, no ha funcionado",
        "gracias gracias gracias " * 6,
    ],
)
def test_is_courtesy_hears_everything_else(text):
    assert not is_courtesy(text, wording(text))
