"""Suggestions: what people write finds its motive among three, fast, and what the house resolved teaches."""

from __future__ import annotations

import time

import pytest

from helpdesk.stems import stem, stems_of
from protocols.typification.rules.edits import merge, retire
from protocols.typification.rules.ranking import Past, Ranker, known_motives
from protocols.typification.seeds import seed

SAID = [
    ("bank", "ayer vi tres compras que yo nunca hice en mi tarjeta", "cobro-no-reconocido"),
    ("bank", "me desocuparon la cuenta, me sacaron toda la plata", "transferencia-no-autorizada"),
    ("bank", "anoche me atracaron y se llevaron la tarjeta, cómo la bloqueo", "tarjeta-clonada-o-hurtada"),
    (
        "bank",
        "me llego un mensaje raro con un link para actualizar mis datos es de ustedes?",
        "phishing-recibido",
    ),
    ("bank", "hay un perfil falso que se hace pasar por el banco", "suplantacion-de-cuenta"),
    ("bank", "se me olvidó la clave y ahora dice usuario bloqueado", "clave-bloqueada"),
    ("bank", "la aplicacion lleva toda la mañana sin abrir", "app-o-portal-no-abre"),
    ("bank", "me debitaron 2 veces el mismo mercado, dos veces!!", "doble-cobro"),
    ("bank", "el cajero me descontó y no salió ni un billete", "cajero-no-entrego"),
    ("bank", "ya es 30 y no me ha llegado la nomina", "nomina-no-llego"),
    ("bank", "por que me cobran cuota de manejo si no la uso", "cuota-de-manejo"),
    ("bank", "me estan cobrando un seguro q yo no pedí", "seguro-no-pedido"),
    ("bank", "en que va el credito que solicité hace quince dias?", "estado-de-solicitud"),
    ("bank", "los de cobranza llaman a mi mamá todos los días", "acoso-de-cobranza"),
    ("bank", "sigo reportado en datacredito y eso lo pagué en 2021", "reporte-injusto"),
    ("bank", "necesito el certificado de retencion para la declaración", "certificado"),
    ("bank", "donde descargo el paz y salvo del credito", "paz-y-salvo"),
    ("bank", "la señora de la ventanilla fue supremamente grosera", "trato"),
    ("bank", "llevo dos horas en la fila y una sola caja", "espera-en-linea-u-oficina"),
    ("bank", "quedaron de llamarme el lunes y nada, cuarta vez que pregunto", "respuesta-incumplida"),
    ("bank", "abren los sábados? hasta que hora", "horarios"),
    ("bank", "dejen de llamarme a ofrecer tarjetas por favor", "llamadas-no-deseadas"),
    ("airline", "llevamos cuatro horas de retraso y nadie dice nada", "demora"),
    ("airline", "nos acaban de cancelar el vuelo a Bilbao", "cancelado"),
    ("airline", "por el retraso he perdido la conexión a Lisboa", "conexion-perdida"),
    ("airline", "mi maleta no ha salido por la cinta", "demorado"),
    ("airline", "me devolvéis la maleta con el asa rota", "danado"),
    ("airline", "tres meses esperando el reembolso", "no-recibido"),
    ("airline", "he escrito mal mi apellido en el billete", "nombre-o-fecha"),
    ("airline", "quiero mis 250 euros del reglamento 261", "compensacion-ue-261-rac"),
    ("airline", "necesito silla de ruedas para mi madre", "silla-de-ruedas"),
    ("airline", "puede ir mi perro en cabina?", "mascota"),
    ("airline", "faltan las millas del viaje de junio", "no-abonadas"),
    ("telecom", "todo el barrio sin internet desde anoche", "masiva-en-zona"),
    ("telecom", "el técnico no vino, perdí la mañana esperando", "incumplida"),
    ("telecom", "me llegó la factura carísima este mes", "alta"),
    ("telecom", "pague ayer y no me reconectan", "reconexion"),
    ("telecom", "quiero cancelar el servicio y no me dejan", "cancelacion"),
    ("telecom", "me robaron el celular, bloqueen el imei", "hurto-bloqueo-imei"),
    ("telecom", "hice una recarga y no cargó", "recarga-no-llego"),
    ("telecom", "el internet está lentísimo, pago 300 megas", "lento"),
]


def ranks(sector: str, text: str) -> list[str]:
    return [one.key.removeprefix("motive-") for one in Ranker(seed(sector)).suggest(text)]


def test_what_people_write_is_among_the_three():
    missed = [
        (said, ranks(sector, said)) for sector, said, motive in SAID if motive not in ranks(sector, said)
    ]
    first = sum(ranks(sector, said)[0] == motive for sector, said, motive in SAID)

    assert missed == []
    assert first / len(SAID) >= 0.85


def test_suggesting_takes_less_than_a_millisecond():
    """Of this program's own time, the best of five rounds: other programs run here too."""
    ranker, texts = Ranker(seed("bank")), [said for sector, said, _motive in SAID if sector == "bank"]
    rounds = []
    for _ in range(5):
        started = time.process_time()
        for text in texts:
            ranker.suggest(text)
        rounds.append((time.process_time() - started) / len(texts))

    assert min(rounds) < 0.001


def test_reasons_are_the_customers_words_in_their_order():
    best = Ranker(seed("bank")).suggest("me cobraron dos veces el almuerzo")[0]

    assert best.reasons == ("cobraron", "dos", "veces")


def test_there_are_always_three_and_others_is_not_among_them():
    found = Ranker(seed("bank")).suggest("🌵🌵🌵")

    assert len(found) == 3
    assert all(one.score == 0 for one in found)
    assert "motive-otro-motivo" not in {one.key for one in found}


def test_kind_decides_where_words_say_nothing():
    found = Ranker(seed("bank")).suggest("hola", kind="felicitacion")

    assert found[0].key == "motive-felicitacion"


def test_past_cases_teach_words_no_name_has():
    tree, past = seed("bank"), Past()
    for _ in range(5):
        past.add("motive-extracto", stems_of("el pdf del mes llega en blanco"))
        past.add("motive-trato", stems_of("la cajera de la sede fue grosera"))

    assert Ranker(tree).suggest("otra vez el pdf en blanco", past=past)[0].key == "motive-extracto"


def test_past_cases_do_not_silence_plain_words():
    past = Past()
    for _ in range(50):
        past.add("motive-extracto", stems_of("me cobraron dos veces"))

    assert "motive-doble-cobro" in {
        one.key for one in Ranker(seed("bank")).suggest("me cobraron dos veces", past=past)
    }


def test_merged_motive_is_suggested_as_what_it_counts_as():
    tree = merge(seed("bank"), "motive-paz-y-salvo", into="motive-certificado")
    past = known_motives([("motive-paz-y-salvo", ["plastic"]), ("motive-paz-y-salvo", ["plastic"])], tree)

    assert Ranker(tree).suggest("necesito el paz y salvo")[0].key == "motive-certificado"
    assert past.cases == {"motive-certificado": 2}


def test_retired_motive_is_not_suggested():
    tree = retire(seed("bank"), "motive-paz-y-salvo")

    assert "motive-paz-y-salvo" not in ranks("bank", "x") + [
        one.key for one in Ranker(tree).suggest("necesito el paz y salvo")
    ]


@pytest.mark.parametrize(
    "forms",
    [
        ("cobro", "cobraron", "cobrado", "cobran", "cobrar"),
        ("demora", "demorado", "demoran", "demoro"),
        ("tarjeta", "tarjetas"),
        ("cancelar", "cancelaron", "cancelacion", "cancelado"),
        ("equipaje", "equipajes"),
    ],
)
def test_forms_of_a_word_have_one_stem(forms):
    assert len({stem(form) for form in forms}) == 1
