"""What a message is judged to be, and the words that say so."""

from __future__ import annotations

import csv
import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.triage.engine import Context, context_of, judge
from tickets.triage.labels import KINDS, URGENCIES, Kind, Urgency

SHARED = Path(os.environ.get("CIRCUNFLEJO_SHARED", Path(__file__).resolve().parents[3].parent / "shared"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("@BancoMaguey me cobraron la anualidad dos veces, devuelvan mi dinero", Kind.RECLAMO),
        ("@BancoDelValle pésima atención, dos horas en la fila y el asesor me gritó", Kind.QUEJA),
        ("¿Qué documentos piden para abrir una cuenta de ahorros?", Kind.INFORMACION),
        ("Ya les envié los datos por DM, quedo pendiente", Kind.SEGUIMIENTO),
        ("Ojo, me llegó un SMS falso que se hace pasar por ustedes y pide la clave", Kind.DENUNCIA),
        ("Excelente atención de la señora Marta, felicitaciones", Kind.FELICITACION),
        ("Sería bueno que la app tuviera modo oscuro", Kind.SUGERENCIA),
        ("Por favor envíenme el certificado de retención al correo", Kind.PETICION),
    ],
)
def test_kind_is_judged_by_the_words(text, kind):
    verdict = judge(text)
    assert verdict.service
    assert verdict.kind == kind
    assert verdict.reasons


@pytest.mark.parametrize(
    "text",
    [
        "Descubre nuestras ofertas: vuelos a París desde 29 € https://t.co/a #ofertas #viajes",
        "Las acciones del banco suben 3 % tras anunciar la fusión, según analistas https://t.co/b",
        "@lu_cia @martin_g @otra jajajaja quién se apunta al concierto",
        "Participa y gana entradas dobles: sigue la cuenta y menciona a tres amigos #Sorteo",
        "",
        "   ",
    ],
)
def test_noise_asks_for_nothing_and_says_why(text):
    verdict = judge(text)
    assert not verdict.service
    assert (verdict.kind, verdict.urgency) == (Kind.NINGUNO, Urgency.BAJA)
    assert verdict.reasons


@pytest.mark.parametrize(
    ("clean", "misspelt"),
    [
        ("no puedo ingresar a mi cuenta", "no puedo ingrezar a mi kuenta"),
        ("me cobraron un seguro que no solicité", "me kobraron 1 seguro q no solisite"),
        ("hace quince días espero la devolución", "ase kinse dias espero la debolusion"),
        ("pésimo servicio nadie responde", "PÉSIIIIMO serbicio nadie respondeeee!!!"),
        ("por qué me bloquearon la tarjeta", "xq me vlokearon la targeta"),
    ],
)
def test_misspelling_changes_nothing(clean, misspelt):
    first, second = judge(clean), judge(misspelt)
    assert (first.service, first.kind) == (second.service, second.kind)


def test_swearing_at_a_failure_attacks_nobody():
    assert not judge("Qué mierda, otra vez se cayó la app y no puedo pagar").abusive
    assert judge("Son unos ladrones hijos de puta, devuelvan la plata").abusive


def test_a_threat_names_where_it_goes():
    verdict = judge("Si mañana no me devuelven el dinero los demando y voy a la Superintendencia")
    assert verdict.threat
    assert verdict.urgency == Urgency.ALTA
    assert any("superintendencia" in reason for reason in verdict.reasons)


def test_reasons_quote_what_was_written():
    reasons = judge("@BancoMaguey NO RECONOZCO este cargo, me clonaron la tarjeta").reasons
    assert any("«no reconozco" in reason for reason in reasons)
    assert any(reason.startswith("posible fraude") for reason in reasons)


def test_mere_thanks_is_courtesy_and_no_reiteration():
    verdict = judge("@BancoMaguey Listo, ya se los mandé por DM")
    assert verdict.courtesy
    assert not verdict.reiteration


def test_the_account_s_own_handle_counts_as_spoken_to():
    own = context_of("@Zarzuelita7")
    text = "@Zarzuelita7 hola"
    assert judge(text, own).confidence > judge(text).confidence


def test_what_is_private_is_hardly_ever_noise():
    text = "jajaja qué risa con lo del perrito"
    assert judge(text).confidence == judge(text, Context(is_private=True)).confidence
    assert judge("buenas", Context(is_private=True)).service


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hola, ¿me pueden ayudar con mi cuenta?", "es"),
        ("Hello, can you help me with my account please", "en"),
        ("Bom dia, não consigo entrar na minha conta, você pode me ajudar", "pt"),
    ],
)
def test_language_is_told(text, language):
    assert judge(text).language == language


@pytest.mark.parametrize(
    ("text", "service", "urgency"),
    [
        ("I want a refund, the flight was cancelled", True, "media"),
        ("They stole my credit card, please block it", True, "alta"),
        ("Você pode ver isso? cobraram duas vezes o meu cartão", True, "media"),
        ("where is my luggage? it is not in Madrid with the others", False, "baja"),
    ],
)
def test_what_is_not_in_spanish_is_claimed_or_doubtful_and_never_noise_for_sure(text, service, urgency):
    verdict = judge(text)
    assert (verdict.service, verdict.urgency, verdict.is_noise) == (service, urgency, False)
    assert verdict.reasons


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_anything_is_judged_in_the_words_of_the_labels(text):
    verdict = judge(text)
    assert verdict.kind in (*KINDS, Kind.NINGUNO)
    assert verdict.urgency in URGENCIES
    assert verdict.service == (verdict.kind != Kind.NINGUNO)
    assert 0 <= verdict.confidence <= 1
    assert len(verdict.reasons) <= 8
    assert all(len(reason) <= 80 for reason in verdict.reasons)


def test_a_huge_message_costs_no_more_than_its_beginning():
    started = time.process_time()
    judge("no puedo entrar a la app y nadie contesta " * 50_000)
    assert time.process_time() - started < 1


def test_a_message_is_judged_within_a_millisecond():
    texts = [
        f"@banco llevo {n} días sin poder entrar a la app y nadie responde, ¿qué pasó? 😡" for n in range(300)
    ]
    judge(texts[0])
    started = time.process_time()
    for text in texts:
        judge(text)
    assert (time.process_time() - started) / len(texts) < 0.001


def test_readers_of_real_messages_are_agreed_with():
    path = SHARED / "data" / "labelled_dev.csv"
    if not path.exists():
        pytest.skip("the labelled messages are not at hand")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    judged = [(row, judge(row["text"])) for row in rows]
    service = [(row["service"] == "1", verdict.service) for row, verdict in judged if row["service"]]
    right = sum(truth and said for truth, said in service)
    assert 2 * right / sum(truth + said for truth, said in service) >= 0.93
    kinds = [row["kind"] == verdict.kind for row, verdict in judged if row["kind"]]
    assert sum(kinds) / len(kinds) >= 0.76
