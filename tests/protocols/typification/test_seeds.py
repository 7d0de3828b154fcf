"""The trees that ship say what care.md 7 says."""

from __future__ import annotations

import pytest

from protocols.typification.enums import KINDS, PRIORITIES
from protocols.typification.rules.checks import wrongs_of
from protocols.typification.rules.tree import AXES, MOST_MOTIVES, tree_of
from protocols.typification.seeds import SECTORS, seed
from tickets.enums import PqrKind, Priority

MARK = {"critical": "!!", "high": "!", "medium": "·", "low": "·"}
LETTER = dict(zip(KINDS, ("P", "Q", "R", "S", "F", "D", "I", "H"), strict=True))
# The page of the requirements, by sector: category → motives with kind and priority, and the area of the category.
CARE = {
    "bank": """
        Fraude y seguridad>Fraudes: cobro no reconocido R!!, transferencia no autorizada R!!, \
tarjeta clonada o hurtada R!!, SIM swap R!!, phishing recibido D!, suplantación de cuenta D!!
        Acceso>Canales digitales: clave bloqueada P!, app o portal no abre R!, token/biometría R!, cuenta bloqueada R!
        Transacciones>Operaciones: pago o transferencia no aplicada R!, doble cobro R!, cajero no entregó R!, \
PSE/llave R!, nómina no llegó R!!
        Cobros>Producto: cuota de manejo R·, comisión R·, interés o liquidación R·, GMF 4×1000 I·, seguro no pedido R·
        Crédito y cartera>Cartera: estado de solicitud I·, negación P·, reestructurar P·, \
pago no abonado R!, acoso de cobranza Q!
        Centrales de riesgo>Habeas data: reporte injusto H!, rectificación H!
        Documentos>SAC: certificado P·, extracto P·, paz y salvo P·, cancelación de producto P·
        Atención>SAC: trato Q·, espera en línea u oficina Q·, respuesta incumplida Q!, horarios I·
        Comercial>Mercadeo: llamadas no deseadas H·, oferta engañosa Q!
        Ética>Línea ética: empleado D·
        Felicitación y sugerencia>: felicitación F·, sugerencia S·
    """,
    "airline": """
        Vuelo>Control: demora Q!, cancelado R!!, conexión perdida R!!, sobreventa R!!, cambio de itinerario P!
        Equipaje>Equipajes: demorado R!!, perdido R!!, dañado R!, objeto olvidado P·, tarifa I·
        Reembolso>Reembolsos: no recibido R!, retracto/desistimiento P!, cobro doble R!, bono P·
        Reserva>: nombre o fecha P!, pago sin tiquete R!!, asiento P·, check-in R!
        Derechos>Legal: compensación UE 261/RAC R!, hoja de reclamaciones R!
        Asistencia>: silla de ruedas P!!, menor solo P!!, mascota P·, enfermo a bordo P!!
        Millas>: no abonadas R·, canje P·
        Servicio>: trato Q·, comida Q·, felicitación a tripulación F·
        Fraude>: agencia falsa D!!, localizador expuesto D!!
    """,
    "telecom": """
        Falla>Red: sin servicio R!, masiva en zona R!, lento R·, intermitente R·, señal de TV R·
        Visita>Campo: incumplida Q!, reprogramar P·, técnico Q!
        Factura>Facturación: alta R·, cobro no reconocido R!, plan distinto R·, doble cobro R!, reconexión R!
        Baja y portabilidad>: cancelación P!, portabilidad negada R!, permanencia I·, equipo por devolver P·
        Línea>: hurto (bloqueo IMEI) P!!, SIM swap D!!, reposición P·, recarga no llegó R!, roaming R!
        Venta>: oferta incumplida R!, contrato no pedido D!, llamadas H·
        Atención>: espera Q·, respuesta incumplida Q!, silencio administrativo R!!
        Felicitación y sugerencia>: felicitación F·, sugerencia S·
    """,
}
PRODUCTS = {
    "bank": "cuenta de ahorros, cuenta corriente, tarjeta débito, tarjeta crédito, crédito de consumo, vivienda, "
    "libranza, cdt, billetera, app, sucursal virtual, cajero, oficina, corresponsal, seguros, giros, llave/bre-b",
    "airline": "reserva, pago, check-in, aeropuerto, a bordo, llegada, postviaje",
    "telecom": "móvil, fijo, internet hogar, tv, equipos, roaming",
}
CAUSES = (
    "falla de sistema, proceso, error humano, información confusa, proveedor, política, fraude de tercero, "
    "uso del cliente, sin falla"
)
RESULTS = "a favor del cliente, parcial, a favor de la entidad, informado, desistió, sin canal"


def told(sector: str) -> list[str]:
    """The tree of a sector in the form of the requirements, «Otros» aside."""
    tree, lines = seed(sector), []
    for category in tree.categories():
        motives = [m for m in tree.children(category.key) if not m.is_other]
        if motives:
            said = ", ".join(f"{m.name} {LETTER[m.kind]}{MARK[m.priority]}" for m in motives)
            lines.append(f"{category.name}>{category.area}: {said}".lower())
    return lines


@pytest.mark.parametrize("sector", SECTORS)
def test_motives_are_those_of_the_requirements(sector):
    assert told(sector) == [line.strip().lower() for line in CARE[sector].strip().splitlines()]


@pytest.mark.parametrize("sector", SECTORS)
def test_products_causes_and_results_too(sector):
    tree = seed(sector)

    def names(axis: str) -> str:
        return ", ".join(node.name for node in tree.live(axis)).lower()

    assert names("product") == PRODUCTS[sector]
    assert names("cause") == CAUSES
    assert names("result") == RESULTS


@pytest.mark.parametrize("sector", [*SECTORS, "museum"])
def test_every_seed_can_be_published_and_has_one_others(sector):
    tree = seed(sector)

    assert wrongs_of(tree) == []
    assert len(tree.live("motive")) <= MOST_MOTIVES
    assert [node.name for node in tree.nodes if node.is_other] == ["Otro motivo"]
    assert tree_of(tree.as_document()) == tree


def test_ethics_is_reserved_and_a_motive_may_have_its_own_area():
    bank, telecom = seed("bank"), seed("telecom")

    assert [node.name for node in bank.nodes if node.is_reserved] == ["Empleado"]
    assert telecom.get("motive-silencio-administrativo").area == "Jurídica"


def test_words_of_both_rooms_are_the_same():
    assert set(KINDS) == set(PqrKind.values)
    assert set(PRIORITIES) == set(Priority.values)
    assert set(AXES) == {"motive", "product", "cause", "result"}
