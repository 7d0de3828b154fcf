"""«Escríbanos por DM» in all its forms, and what only looks like it."""

from __future__ import annotations

import time

import pytest

from tickets.replies.rules.generic import asks_to_write, is_generic


@pytest.mark.parametrize(
    "text",
    [
        "Hola Diana, escríbanos por DM su número de documento",
        "por favor envíenos un mensaje directo",
        "Escríbenos al MD y te ayudamos",
        "cuéntenos por interno qué pasó",
        "Contáctanos por privado",
        "mándanos un DM",
        "danos más detalles por mensaje directo",
        "Permítenos asistirte de manera personalizada por DM",
        "síguenos y envía DM con tus datos",
        "le pedimos escribirnos por DM",
        "déjenos sus datos por interno",
        "te esperamos en el inbox",
        "Por DM, por favor, compártanos su cédula",
        "escribinos por privado",
        "ESCRÍBANOS POR DM",
        "Envíenos D.M.",
        "Regálanos tu número por DM",
        "comuníquese por Messenger con nosotros",
        "hablanos al DM",
        "Quedamos atentos a su DM",
        "proporciónanos más detalles de tu situación vía DM",
        "¿nos envías un mensaje privado?",
    ],
)
def test_asking_to_write_in_private_is_recognised(text):
    assert asks_to_write(text)


@pytest.mark.parametrize(
    "text",
    [
        "Le respondimos por DM hace un momento",
        "continuamos por DM",
        "ya le escribimos por mensaje directo",
        "Diana, su caso sigue abierto y lo tiene Fraudes",
        "No envíe sus datos por DM",
        "nunca le pediremos claves por DM: no escriba su clave por mensaje directo",
        "Recibimos su mensaje directo, gracias",
        "Le enviamos el radicado por privado",
        "Escríbanos a servicio@banco.example",
        "Envíenos la foto del recibo por aquí. Ya leímos su DM.",
        "",
    ],
)
def test_what_only_looks_like_it_is_not(text):
    assert not asks_to_write(text)


def test_with_the_number_of_the_case_it_is_no_longer_generic():
    text = "Su caso SAC-881 sigue en Operaciones; si falta algo, escríbanos por DM"

    assert is_generic(text, ["2026-000123"])
    assert not is_generic(text, ["2026-000123", "sac 881"])


def test_hostile_text_takes_no_time():
    started = time.process_time()
    asks_to_write("no escribanos " * 20_000 + "dm " * 20_000)

    assert time.process_time() - started < 2
