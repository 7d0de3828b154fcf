"""The legal terms an organization starts with, by country, from domain.md 2. Data: never read by a clock directly.

`verified` says that the rule was read in the source named; the others are from memory and count for nothing until an
admin accepts them by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from protocols.rules.legal import internal_days

REVIEWED = "2026-09-15"


class Seed(NamedTuple):
    key: str
    country: str
    sector: str
    kinds: tuple[str, ...]
    name: str
    days: int
    unit: str
    source: str
    verified: bool
    extension_days: int = 0
    suspended_by: str = "nothing"


_PQR = ("peticion", "queja", "reclamo", "denuncia")

SEEDS = (
    Seed("co-peticion", "CO", "", _PQR, "Derecho de petición", 15, "business",
         "Ley 1755 de 2015, art. 14 y 32 (CRA; texto del artículo)", True, 15, "incomplete"),
    Seed("co-documentos", "CO", "", ("informacion",), "Petición de documentos e información", 10, "business",
         "Ley 1755 de 2015, art. 14 núm. 1 (CRA)", True, 10, "incomplete"),
    Seed("co-banco", "CO", "bank", _PQR, "PQR de consumidor financiero", 15, "business",
         "Ley 1328 de 2009; Circular SFC 23 de 2021: la entidad fija términos razonables, en la práctica 15", False, 15,
         "incomplete"),
    Seed("co-telecom", "CO", "telecom", _PQR, "PQR de telecomunicaciones", 15, "business",
         "Res. CRC 5050 de 2016, tít. II cap. 1; silencio positivo a las 72 h (CRC, SIC)", True),
    Seed("co-aerolinea", "CO", "airline", _PQR, "PQR de transporte aéreo", 15, "business",
         "RAC 3; Ley 1480 de 2011 (Portafolio, La Opinión)", True),
    Seed("co-datos-reclamo", "CO", "", ("habeas_data",), "Reclamo de datos personales", 15, "business",
         "Ley 1581 de 2012, art. 15", True, 8),
    Seed("co-datos-consulta", "CO", "", ("habeas_data",), "Consulta de datos personales", 10, "business",
         "Ley 1581 de 2012, art. 14", False, 5),
    Seed("es-basicos", "ES", "", ("queja", "reclamo", "peticion"), "Servicios básicos o gran empresa", 15, "business",
         "Ley 10/2025 (BOE 27-12-2025; adaptación hasta el 28-12-2026)", True),
    Seed("es-cobro", "ES", "", ("reclamo",), "Cobro indebido", 5, "business", "Ley 10/2025: léase el BOE", False),
    Seed("es-banco", "ES", "bank", ("queja", "reclamo"), "Servicios de pago", 15, "business",
         "RDL 19/2018; Orden ECO/734/2004 (Banco de España)", True),
    Seed("es-datos", "ES", "", ("habeas_data",), "Derechos de protección de datos", 1, "months",
         "RGPD art. 12.3 (AEPD, APDCAT)", True, 2),
    Seed("pe-libro", "PE", "", ("queja", "reclamo"), "Libro de Reclamaciones", 15, "business",
         "Código 29571; Ley 31435: improrrogables", True, 0, "offer"),
    Seed("pe-datos", "PE", "", ("habeas_data",), "Acceso a datos personales", 20, "business", "Ley 29733", False),
    Seed("cl-sernac", "CL", "", ("queja", "reclamo"), "Servicio de atención con sello SERNAC", 10, "business",
         "Ley 19.496 art. 56", True),
    Seed("cl-telecom", "CL", "telecom", ("queja", "reclamo"), "Reclamo de telecomunicaciones", 5, "business",
         "DS 194 de 2012 (ChileAtiende, Regulatel)", True),
    Seed("cl-datos", "CL", "", ("habeas_data",), "Derechos de datos personales", 30, "calendar",
         "Ley 21.719, desde el 1-12-2026", False),
    Seed("mx-banco", "MX", "bank", ("queja", "reclamo"), "Reclamación ante la UNE", 30, "business",
         "LPDUSF art. 50 Bis", True),
    Seed("mx-datos", "MX", "", ("habeas_data",), "Derechos ARCO", 20, "business", "LFPDPPP", False, 15),
    Seed("ar-banco", "AR", "bank", ("queja", "reclamo"), "Protección de usuarios financieros", 10, "business",
         "BCRA, Protección de los usuarios de servicios financieros", True),
    Seed("ar-telecom", "AR", "telecom", ("queja", "reclamo"), "Clientes de servicios TIC", 10, "business",
         "ENACOM, reglamento de clientes", False),
    Seed("ar-datos", "AR", "", ("habeas_data",), "Acceso a datos personales", 10, "calendar", "Ley 25.326", False),
    Seed("ec-banco", "EC", "bank", ("queja", "reclamo"), "Reclamo financiero nacional", 15, "calendar",
         "Norma de la Superintendencia de Bancos", True),
    Seed("ec-reclamos", "EC", "", ("queja", "reclamo"), "Libro de reclamos", 15, "calendar", "LODC; ARCOTEL", False),
    Seed("do-banco", "DO", "bank", ("queja", "reclamo"), "Reclamación a entidad financiera", 30, "calendar",
         "Reglamento de protección al usuario, 2015 (SIB)", True, 15),
)  # fmt: skip


def rows_for(country: str) -> Iterator[dict[str, Any]]:
    """What is known of a country, one row per kind, as the fields of a legal term."""
    for seed in SEEDS:
        if seed.country != country:
            continue
        internal_day, alarm_days = internal_days(seed.days, seed.unit)
        for kind in seed.kinds:
            yield {
                "key": f"{seed.key}:{kind}",
                "country": country,
                "sector": seed.sector,
                "kind": kind,
                "name": seed.name,
                "days": seed.days,
                "unit": seed.unit,
                "extension_days": seed.extension_days,
                "suspended_by": seed.suspended_by,
                "internal_day": internal_day,
                "alarm_days": list(alarm_days),
                "source": seed.source,
                "is_verified": seed.verified,
                "is_active": seed.verified,
                "reviewed_on": date.fromisoformat(REVIEWED) if seed.verified else None,
            }
