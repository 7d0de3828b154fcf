"""When a case is a PQR that is filed: by its kind, and for some by what it asks. Pure (care.md, finding 4)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from helpdesk.text import fold
from tickets.enums import PqrKind


class FilingWhen(TextChoices):
    ALWAYS = "always", _("Siempre, al llegar")
    BY_RULE = "by_rule", _("Si pide documentos o datos propios, o si no se responde el mismo día hábil")
    ON_REQUEST = "on_request", _("Solo cuando un asesor la radica")
    NEVER = "never", _("Nunca")


# What an organization starts with, and goes back to where it has decided nothing (care.md, finding 4).
DEFAULTS: dict[str, FilingWhen] = {
    PqrKind.PETICION: FilingWhen.ALWAYS,
    PqrKind.QUEJA: FilingWhen.ALWAYS,
    PqrKind.RECLAMO: FilingWhen.ALWAYS,
    PqrKind.DENUNCIA: FilingWhen.ALWAYS,
    PqrKind.HABEAS_DATA: FilingWhen.ALWAYS,
    PqrKind.INFORMACION: FilingWhen.BY_RULE,
    PqrKind.SUGERENCIA: FilingWhen.ON_REQUEST,
    PqrKind.FELICITACION: FilingWhen.ON_REQUEST,
}

# Our own numbers: another system's must not look like one of them.
OWN_FORM = re.compile(r"\d{4}-\d{6,}")

_DOCUMENT = re.compile(
    r"\b(extractos?|certificad[oa]s?|certificacion(es)?|constancias?|paz y salvos?|estados? de cuenta|"
    r"comprobantes?|soportes? de(l)? pago|duplicados?|recibos?|facturas?|copias?|historial|"
    r"tabla de amortizacion|plan de pagos|contratos?|pagares?|polizas?|declaracion de renta|"
    r"tarjeta de embarque|movimientos)\b"
)
_OWN_DATA = re.compile(
    r"\b(mis datos|mi informacion|datos (que )?(ustedes |uds\.? )?(tienen|guardan)( de| sobre) mi|"
    r"mi (saldo|cupo|deuda|historia|expediente|numero de cuenta|reserva|factura|plan|consumo|contrato)|"
    r"cuanto (debo|me falta|me queda)|cual es mi)\b"
)
_ASKS = re.compile(
    r"\b(necesit\w*|solicit\w*|requier\w*|quier\w*|quisiera|pido|pedir|envi\w*|mand\w*|expid\w*|expedir|"
    r"generar|descargar|obtener|sacar|saco|bajar|consigo|conseguir|facilit\w*|remit\w*|dar|dan|den|"
    r"regal\w*|puedo|pueden|podrian|podria|podeis|como|donde|cuando|favor)\b|\?"
)


class OpenDays(Protocol):
    """What the rule of the same day asks of a calendar (``protocols.rules.business_time.BusinessTime``)."""

    hours: Any

    def add(self, start: datetime, duration: timedelta) -> datetime: ...


def asks_own_documents(text: str) -> bool:
    """Whether a customer asks for documents or for data of their own: not «¿a qué hora abren?»."""
    words = fold(text)
    if not _ASKS.search(words):
        return False
    return bool(_DOCUMENT.search(words) or _OWN_DATA.search(words))


def files_on_receipt(when: str, text: str) -> bool:
    """Whether a case of a kind with this rule is filed by what has just been said in it."""
    return when == FilingWhen.ALWAYS or (when == FilingWhen.BY_RULE and asks_own_documents(text))


def same_day_end(received_at: datetime, calendar: OpenDays) -> datetime:
    """The end of the business day of receipt: what comes while closed is received when it opens next."""
    opened = calendar.add(received_at, timedelta(minutes=1))
    day = opened.astimezone(calendar.hours.zone).date()
    spans = calendar.hours.spans_of(day)
    return max((end for _start, end in spans), default=opened)


def clean_number(number: str) -> str:
    """Another system's number as it is stored: capitals, without spaces around or doubled."""
    return " ".join(number.upper().split())


def fold_number(number: str) -> str:
    """The look-up key of a number: without case, accents, spaces or signs, so «sac 881» finds «SAC-881»."""
    return re.sub(r"[^0-9a-z]", "", fold(number))
