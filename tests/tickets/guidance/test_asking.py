"""What asks a customer for data, and what only speaks of it."""

import pytest

from tickets.guidance.rules.asking import asked_data

PUBLIC = (
    "Diana, por favor indíquenos su número de cédula para revisarlo.",
    "Envíanos tu localizador y lo vemos.",
    "¿Nos confirma el correo electrónico registrado?".replace("¿Nos confirma", "Confírmenos"),
    "¿Me regala su número de contacto?",
    "Necesitamos tu DNI y tu fecha de nacimiento.",
    "¿Cuál es su dirección?",
    "Mandanos tu teléfono y te llamamos.",
    "¿Nos puede dar los 4 últimos dígitos?",
)
PRIVATE = (
    "Escríbanos por DM su número de documento y lo revisamos.",
    "Envíanos el localizador por mensaje privado y te damos opciones.",
)
SECRET = (
    "Indíquenos su clave para validar.",
    "Envíenos el código de verificación que le llegó.",
    "Necesitamos el CVV de la tarjeta.",
)
NOTHING = (
    "Por su seguridad, no comparta su clave ni su número de tarjeta.",
    "Nunca le pediremos su contraseña.",
    "Le escribimos al correo registrado antes de las 5 p. m.",
    "Por tu seguridad te pedimos borrar el mensaje con tus datos.",
    "Ya revisamos su cuenta: el cobro se devolvió.",
    "Lamentamos la demora. Su caso 2026-000123 lo tiene Operaciones.",
    "Puede descargar el certificado desde la página.",
    "Cuéntenos qué pasó.",
    "",
)


@pytest.mark.parametrize("text", PUBLIC)
def test_asking_for_data_is_found(text):
    found = asked_data(text)

    assert found is not None, text
    assert (found.is_secret, found.in_private) == (False, False), text


@pytest.mark.parametrize("text", PRIVATE)
def test_asking_for_it_in_private_is_the_right_way(text):
    found = asked_data(text)

    assert found is not None, text
    assert found.in_private, text


@pytest.mark.parametrize("text", SECRET)
def test_a_secret_is_found_wherever_it_is_asked(text):
    found = asked_data(text)

    assert found is not None, text
    assert found.is_secret, text


@pytest.mark.parametrize("text", NOTHING)
def test_what_only_speaks_of_data_asks_for_nothing(text):
    assert asked_data(text) is None, text
