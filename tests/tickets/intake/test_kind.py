"""The kind of a request is suggested from its words, with the words that spoke for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.enums import PqrKind
from tickets.intake.rules.kind import suggest_kind
from tickets.triage.engine import judge


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Me cobraron dos veces la cuota de manejo y nadie devuelve mi plata", PqrKind.RECLAMO),
        ("No me deja entrar a la app desde ayer, ¿qué pasa?", PqrKind.RECLAMO),
        ("Llegué a Madrid sin mi maleta", PqrKind.RECLAMO),
        ("No reconozco una compra de $300.000", PqrKind.RECLAMO),
        ("Pésiiiimo servicio, dos horas en la fila y el asesor fue grosero", PqrKind.QUEJA),
        ("Qué vergüenza de atención, me cuelgan siempre", PqrKind.QUEJA),
        ("😡😡😡", PqrKind.QUEJA),
        ("Gracias por nada", PqrKind.QUEJA),
        ("Les solicito el certificado de retención de 2025", PqrKind.PETICION),
        ("Necesito que desbloqueen mi usuario, por favor", PqrKind.PETICION),
        ("Quiero cancelar mi tarjeta de crédito", PqrKind.PETICION),
        ("¿Cuáles son los requisitos para abrir una cuenta?", PqrKind.INFORMACION),
        ("Buenas tardes, ¿a qué hora abren los sábados?", PqrKind.INFORMACION),
        ("Me llegó un SMS sospechoso que se hace pasar por ustedes", PqrKind.DENUNCIA),
        ("Cuidado, hay un perfil falso del banco pidiendo datos", PqrKind.DENUNCIA),
        ("Exijo que borren mis datos personales, Ley 1581", PqrKind.HABEAS_DATA),
        ("Sigo reportado en Datacrédito y ya pagué", PqrKind.HABEAS_DATA),
        ("Sería bueno que agregaran huella en la app", PqrKind.SUGERENCIA),
        ("Excelente servicio, felicitaciones a Marta, muy amable", PqrKind.FELICITACION),
        ("Muchas gracias por todo", PqrKind.FELICITACION),
        ("", PqrKind.INFORMACION),
        # An insult gets no radicado; what is wrong with the service and said with an insult does.
        ("son unas ratas asquerosas", PqrKind.INFORMACION),
        ("Partida de ineptos, llevo dos horas en la fila y nadie atiende", PqrKind.QUEJA),
    ],
)
def test_suggest_kind_judges_by_the_words(text, kind):
    assert suggest_kind(judge(text))[0] == kind


def test_suggest_kind_tells_the_words_that_spoke():
    _kind, reasons = suggest_kind(judge("@banco NO RECONOZCO este cobro indebido https://t.co/abc"))
    assert reasons[:2] == ("no reconozco", "cobro indebido")
    assert suggest_kind(judge(""))[1] == ()


@given(st.text())
def test_suggest_kind_answers_anything_briefly(text):
    kind, reasons = suggest_kind(judge(text))
    assert kind in PqrKind
    assert len(reasons) <= 4
    assert all(len(reason) <= 80 for reason in reasons)
