"""The words of a mail: charsets, HTML, what is quoted and how it is signed."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels_social.networks.email.addresses import ids_of, key_of, people_of, words_of
from channels_social.networks.email.html_text import text_of
from channels_social.networks.email.mime import body_of, decoded, read
from channels_social.networks.email.quoting import split_tail

TAILS = [
    "El lun, 3 nov 2026 a las 10:15, Banco (<soporte@frailejon.example>) escribió:\n> Hola\n> adiós",
    "El lun, 3 nov 2026 a las 10:15, Banco Frailejón\n<soporte@frailejon.example> escribió:\n\n> Hola",
    "On Mon, Nov 3, 2026 at 10:15 AM Bank <s@f.example> wrote:\n> Hi",
    "-----Mensaje original-----\nDe: Banco\nEnviado: lunes\nPara: Diana\nAsunto: Hola",
    "De: Banco <s@f.example>\nEnviado el: lunes, 3 de noviembre\nPara: Diana\nAsunto: RE: Hola\n\nTexto",
    "________________________________\nFrom: Bank\nSent: Monday\nTo: Diana\nSubject: Hi",
    "-- \nDiana Rojas\nTel. 300 000 0000",
    "Enviado desde mi iPhone",
    "Sent from my Galaxy",
    "Obtener Outlook para Android",
    "AVISO LEGAL: la información es confidencial",
    "> Hola\n> ¿cómo está?",
]


@pytest.mark.parametrize("tail", TAILS)
def test_a_tail_is_trimmed_and_kept(tail: str):
    assert split_tail(f"Sigue igual.\n\n{tail}") == ("Sigue igual.", tail)


@pytest.mark.parametrize(
    "text",
    [
        "El lunes escribí y nadie respondió.",
        "De: mi cuenta sacaron plata.",
        "> Hola\nRespondo aquí\n> adiós\ny aquí",
        "Enviado desde mi celular el pago, y no llegó: revisen lo que pasó con la transferencia de ayer, por favor, "
        "que ya van tres veces que les escribo y nadie me dice nada de nada",
        "Para: qué sirve la app",
    ],
)
def test_words_that_only_look_like_a_tail_stay(text: str):
    assert split_tail(text) == (text, "")


def test_a_mail_that_is_all_quotation_keeps_its_words():
    assert split_tail("> Hola\n> adiós") == ("> Hola\n> adiós", "")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_nothing_is_lost_by_trimming(text: str):
    words, rest = split_tail(text)
    assert "".join((words + rest).split()) == "".join(text.replace("\r", "\n").split())


def test_html_becomes_the_words_a_person_saw():
    words, quoted = text_of(
        "<html><head><title>no</title><style>p{}</style></head><body><p>Hola,&nbsp;<b>Banco</b></p>"
        "<ul><li>uno</li><li>dos</li></ul><script>alert(1)</script><div style='display:none'>oculto</div>"
        "<a href='https://malo.example/x'>https://banco.example</a><br>Adiós"
        "<div class='gmail_quote'>El lunes… <blockquote>viejo</blockquote></div></body></html>"
    )

    assert words == "Hola, Banco\n\n- uno\n\n- dos\n\nhttps://banco.example (https://malo.example/x)\nAdiós"
    assert quoted == "El lunes…\nviejo"


@pytest.mark.parametrize(
    "html", ["<p>" * 100_000 + "Hola", "<![if !x]>Hola", "<a <b <c>Hola", "&#xfffffff;Hola"]
)
def test_broken_html_is_read_quickly(html: str):
    assert "Hola" in text_of(html)[0]


def test_plain_text_is_preferred_to_html():
    mail = EmailMessage()
    mail["From"] = "d@c.example"
    mail.set_content("El texto")
    mail.add_alternative("<p>La hermosa página</p>", subtype="html")

    assert body_of(read(mail.as_bytes()))[0] == "El texto"


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        ("Señal ñ €".encode(), "utf-8"),
        ("Señal ñ €".encode("cp1252"), "iso-8859-1"),
        ("Señal ñ €".encode(), "iso-8859-1"),  # said wrongly, as it often is
        ("Señal ñ €".encode("cp1252"), "us-ascii"),
        ("Señal ñ €".encode(), "no-such-charset"),
        ("Señal ñ €".encode("utf-16"), "utf-16"),
    ],
)
def test_charsets_are_what_they_turn_out_to_be(data: bytes, charset: str):
    assert decoded(data, charset) == "Señal ñ €"


def test_headers_are_decoded_and_one_line():
    assert words_of("=?utf-8?q?Cobro_doble_=C3=B1?=\r\n =?iso-8859-1?q?_a=F1o?=") == "Cobro doble ñ año"
    assert words_of("=?no-such?q?x?= hola") == "=?no-such?q?x?= hola"


def test_an_encoded_name_with_a_comma_is_one_person():
    assert people_of(["=?utf-8?q?Rojas=2C_Diana?= <Diana@C.example>"]) == [
        ("Rojas, Diana", "diana@c.example")
    ]


@pytest.mark.parametrize("address", ["", "sin-arroba", "a@b@c", "a b@c", "x" * 300 + "@c.example", "<a@c>"])
def test_what_is_no_address_is_nobodys(address: str):
    assert key_of(address) == ""


def test_a_very_long_message_id_is_named_by_its_hash():
    [found] = ids_of(f"<{'a' * 800}@c>")
    assert found.startswith("sha256:")
    assert ids_of(f"<{'a' * 800}@c>") == [found]


def test_mails_of_one_second_stay_in_their_order():
    """Servers tell whole seconds; their numbers tell the rest."""
    from channels_social.networks.email.parse import parse

    told = {
        "mid": "", "references": [], "sender": "d@c.example", "name": "", "to": [], "reply_to": "", "subject": "",
        "text": "x", "rest": "", "auto": "", "forged": False, "files": [], "folder": "inbox", "validity": 1,
        "received": "2026-11-22T10:00:00+00:00", "read": "2026-11-22T10:05:00+00:00",
    }  # fmt: skip
    times = [
        parse("mail.received", told | {"uid": uid, "mark": str(uid)}, "s@f.example")[0].occurred_at
        for uid in range(1, 40)
    ]

    assert times == sorted(set(times))
