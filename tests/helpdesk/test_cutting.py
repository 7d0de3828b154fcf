"""Cards, CVV, PIN, one-use codes and passwords are cut; phones, radicados, ids and complaints are not."""

import json
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.secrets.cutting import SECRET_MARK, cut_json, cut_secrets
from helpdesk.secrets.words import HINTS

CARDS = {
    "visa": "4111111111111111",
    "visa 13": "4222222222222",
    "visa 19": "4917610000000000003",
    "mastercard": "5555555555554444",
    "mastercard 2": "2223003122003222",
    "amex": "378282246310005",
    "diners": "30569309025904",
    "discover": "6011111111111117",
    "jcb": "3530111333300000",
    "maestro": "6759649826438453",
    "maestro 19": "6799990100000000019",
}


@pytest.mark.parametrize("number", CARDS.values(), ids=CARDS)
def test_cutting_leaves_four_digits_of_every_brand(number):
    assert cut_secrets(f"mi tarjeta {number}, ayuda") == f"mi tarjeta ••••{number[-4:]}, ayuda"


@pytest.mark.parametrize(
    "written",
    [
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111.1111.1111.1111",
        "4111\u00a01111\u202f1111\u20091111",
        "4111 1111\n1111\r\n1111",
        "4111 - 1111 – 1111 — 1111",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "４１１１１１１１１１１１１１１１",
        "٤١١١ ١١١١ ١١١١ ١١١١",
        "4111\u200b1111\u200b1111\u200b1111",
    ],
)
def test_cutting_sees_a_card_however_it_is_spaced(written):
    assert cut_secrets(written) == "••••1111"


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        (
            "me robaron, tarjeta 4111 1111 1111 1111, cvv 123",
            f"me robaron, tarjeta ••••1111, cvv {SECRET_MARK}",
        ),
        ("cel 3001234567 4111 1111 1111 1111", "cel 3001234567 ••••1111"),
        ("4111 1111 1111 1111 12/28 3001234567", "••••1111 12/28 3001234567"),
    ],
)
def test_cutting_finds_the_card_among_other_numbers(text, cut):
    assert cut_secrets(text) == cut


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("mi clave es 4321", "4321"),
        ("clave 4321", "4321"),
        ("cvv 123", "123"),
        ("el C.V.V. es 123.", "123"),
        ("los tres números de atrás son 987", "987"),
        ("código de seguridad: 839201", "839201"),
        ("el codigo que me llego 839201", "839201"),
        ("me llegó el código 839 201", "839 201"),
        ("839201 es el código que me llegó", "839201"),
        ("pin=1234", "1234"),
        ("PIN1234", "1234"),
        ("mi nip es 1 2 3 4", "1 2 3 4"),
        ("OTP 839-201", "839-201"),
        ("el token que me salió es 12345678", "12345678"),
        ("clave dinámica 839201", "839201"),
        ("la clave de mi tarjeta débito es 4321, ¿qué hago?", "4321"),
        ("la contraseña: Hola123", "Hola123"),
        ("contrasena=abc$1 y no entra", "abc$1"),
        ("CONTRASEN\u0303A: perrito", "perrito"),
        ("mi contraseña es Perrito", "Perrito"),
        ("mi clave es perrito", "perrito"),
        ("contraseña Hola123 no sirve", "Hola123"),
        ('la contraseña "Hola 123" no sirve', "Hola 123"),
        ("usuario juan clave 1234", "1234"),
        ("my password is hunter2", "hunter2"),
        ("the pin is 1234", "1234"),
        ("verification code 123456", "123456"),
        ("The code I got is 123456", "123456"),
    ],
)
def test_cutting_replaces_secrets_as_people_write_them(text, secret):
    assert cut_secrets(text) == text.replace(secret, SECRET_MARK)


@pytest.mark.parametrize(
    "text",
    [
        "clave dinámica no me llega",
        "olvidé mi clave",
        "mi clave no funciona desde 2019",
        "mi clave es incorrecta",
        "bloqueé la clave 3 veces, llamen al 300 123 4567 o al 310 987 6543",
        "la clave es que atienden mal a todos",
        "la contraseña es demasiado larga y el token es un dolor",
        "el código que me dieron es falso",
        "la contraseña no me llega al 3001234567",
        "el pin de 4 dígitos no sirve",
        "código de seguridad no llega",
        "código postal 28001",
        "código de confirmación ABC123",
        "clave de rastreo 1234567890",
        "radicado 2026-000123 y 11001310300120200012300",
        "NIT 900.123.456-7, cédula 1.020.304.050",
        "cuenta ES91 2100 0418 4502 0005 1332",
        "IMEI 356938035643809",
        "guía 1Z999AA10123456784, vuelo IB6583 el 12/05/2026 a las 10:45",
        "https://x.com/u/status/2015708477742907392",
        "4111 1111 1111 1112",
        "••••1111 ya bloqueada",
    ],
)
def test_cutting_leaves_what_is_no_secret(text):
    assert cut_secrets(text) == text


def _card(prefix: str, length: int, filler: str) -> str:
    body = (prefix + filler)[: length - 1]
    total = sum(
        sum(divmod(int(digit) * 2, 10)) if place % 2 == 0 else int(digit)
        for place, digit in enumerate(reversed(body))
    )
    return body + str(-total % 10)


PREFIXES = [
    "4:13",
    "4:16",
    "4:19",
    "51:16",
    "55:16",
    "2221:16",
    "34:15",
    "37:15",
    "36:14",
    "6011:16",
    "62:18",
    "50:17",
]
SEPARATORS = st.text(" .-\n\u00a0\u2009\u2013\u3000", max_size=3)


@st.composite
def written_cards(draw):
    prefix, length = draw(st.sampled_from(PREFIXES)).split(":")
    number = _card(prefix, int(length), draw(st.text("0123456789", min_size=19, max_size=19)))
    pieces = [draw(SEPARATORS) + (chr(ord(d) + draw(st.sampled_from([0, 0xFEE0])))) for d in number]
    return number, "".join(pieces).strip()


@given(written_cards(), st.text("abc ñ¡,:", max_size=12), st.text("abc ñ¡,:", max_size=12))
def test_cutting_lets_no_card_survive(card, before, after):
    number, written = card
    cut = cut_secrets(f"{before}x{written}x{after}")
    shown = "".join(str(int(digit)) for digit in re.findall(r"\d", cut))
    assert shown == number[-4:]


@pytest.mark.parametrize("before", ["bx", "xfi", "es", "co"])
def test_cutting_takes_no_card_for_an_iban(before):
    """A card with the remainder of an IBAN behind letters that are none's, or with another length than theirs."""
    cards = (_card("6011", 16, f"{n:011}") for n in range(2000))
    left = [card for card in cards if cut_secrets(f"{before}{card}x") != f"{before}••••{card[-4:]}x"]
    assert left == []


PHRASES = st.lists(
    st.sampled_from(
        [
            "clave",
            "pin",
            "es",
            "cvv",
            ":",
            "=",
            "código",
            "que",
            "me",
            "llegó",
            "1234",
            "839201",
            "mi",
            '"',
            "[",
            "]",
        ]
        + [
            "contraseña",
            "Hola123",
            "4111 1111 1111 1111",
            "5",
            "12",
            "••••",
            "-",
            "\n",
            "3001234567",
            SECRET_MARK,
        ]
    ),
    max_size=14,
)


@settings(max_examples=400)
@given(PHRASES.map(" ".join) | PHRASES.map("".join) | st.text())
def test_cutting_twice_changes_nothing_more(text):
    once = cut_secrets(text)
    assert cut_secrets(once) == once


@given(st.text(st.characters(exclude_categories=["Nd"])))
def test_cutting_leaves_text_without_digits_or_words_for_secrets(text):
    if not any(hint in text.lower() for hint in HINTS):
        assert cut_secrets(text) == text


@pytest.mark.parametrize(
    "hostile",
    ["4 " * 20_000, "4" * 20_000, "clave " * 5_000, "clave de " * 5_000, "clave" + " " * 20_000 + "1234",
     "clave:" * 5_000, "pin es" * 5_000, "1" + "\n" * 20_000,
     'contraseña "' * 3_000, "código que me " * 3_000],
    ids=lambda text: text[:14].strip(),
)  # fmt: skip
def test_cutting_takes_linear_time(hostile):
    started = time.process_time()
    cut_secrets(hostile)
    assert time.process_time() - started < 1.5


def test_cut_json_cuts_what_people_wrote_and_no_id():
    payload = {
        "for_user_id": "4111111111111111",
        "data": [
            {
                "id": "5555555555554444",
                "conversation_id": "4111111111111111-5555555555554444",
                "text": "mi tarjeta 4111111111111111",
                "note_tweet": {"text": "mi clave es 4321"},
                "referenced_tweets": [{"type": "replied_to", "id": "4111111111111111"}],
                "entities": {"urls": [{"url": "https://t.co/a", "title": "cvv 123", "indices": [0, 23]}]},
                "author": {"username": "clave1234", "name": "Ana 5555555555554444"},
            }
        ],
        "entry": [{"messaging": [{"sender": {"id": "4111111111111111"}, "message": {"text": "pin 1234"}}]}],
        "changes": [{"value": {"message": "4111 1111 1111 1111", "comment_id": "4111111111111111_1"}}],
        "unknown": "la clave 1234",
        "timestamp": 4111111111111111,
        "edit_history_tweet_ids": ["4111111111111111"],
    }  # fmt: skip
    before = json.dumps(payload)
    cut = cut_json(payload)
    assert json.dumps(payload) == before
    expected = (
        before.replace("mi tarjeta 4111111111111111", "mi tarjeta ••••1111")
        .replace("clave es 4321", f"clave es {SECRET_MARK}")
        .replace("cvv 123", f"cvv {SECRET_MARK}")
        .replace("Ana 5555555555554444", "Ana ••••4444")
        .replace("pin 1234", f"pin {SECRET_MARK}")
        .replace("4111 1111 1111 1111", "••••1111")
        .replace("la clave 1234", f"la clave {SECRET_MARK}")
    )
    assert cut == json.loads(expected)


def test_cut_json_survives_deep_nesting_and_bare_values():
    deep: object = "pin 1234"
    for _ in range(3000):
        deep = [deep]
    inner = cut_json(deep)
    while isinstance(inner, list):
        inner = inner[0]
    assert inner == f"pin {SECRET_MARK}"
    assert cut_json(None) is None
    assert cut_json("cvv 123") == f"cvv {SECRET_MARK}"
