"""What a customer writes that tells who they are or which matter they mean: radicado, order, e-mail, phone, document.

Pure, and cheap where there is nothing: a message without a figure and without an address is left at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tickets.customers.rules.data import DOT, Unrecognised, recognise

# More in one message is a list somebody pasted, not what they tell of themselves.
MOST = 8
_RADICADO = re.compile(r"(?<![\w-])20\d{2}-\d{6}(?![\w-])")
_NAMED = re.compile(
    r"\b(?:pedido|orden|reserva|localizador|gu[ií]a|factura|pnr|pir|caso|radicado|pqr|folio|incidencia|referencia)\b"
    r"(?:\s+(?:es|n[uú]mero|n[º°o.]{0,2}|de|el|la)\b\.?){0,3}[\s:#º°.]{0,4}(?P<number>[A-Z0-9][A-Z0-9-]{4,19})(?![\w-])",
    re.IGNORECASE,
)
_CODED = re.compile(r"(?<![\w-])[A-Z]{2,5}-\d{3,10}(?![\w-])")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,24}){1,3}")
_PHONE = re.compile(r"(?<![\w-])\+?\d(?:[\s.()-]{0,2}\d){6,13}(?![\w-])")
_DOCUMENT = re.compile(
    r"(?<!\w)(?:c\.?\s?c\.?|c[eé]dula|nit|dni|nie|curp|rfc|ruc|rut|cuit|documento)\b[\s.:#]{0,3}"
    r"(?:es\s|n[º°o.]{1,2}\s?|n[uú]mero\s)?(?P<number>[\dA-Z](?:[.\s-]?[\dA-Z]){4,19})(?![\w])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """``key`` is folded; ``masked`` is what may be shown of it."""

    sort: str
    key: str
    masked: str


def quoted(text: str, country: str) -> list[Quoted]:
    """What a message quotes, each once, in a country's ways of writing; at most eight."""
    if not any(character.isdecimal() for character in text) and text.count("@") == 0:
        return []
    found: dict[str, Quoted] = {}
    for one in _all(text, country):
        found.setdefault(one.key, one)
        if len(found) == MOST:
            break
    return list(found.values())


def _all(text: str, country: str) -> Iterator[Quoted]:
    for match in _RADICADO.finditer(text):
        yield Quoted("radicado", match[0], match[0])
    for match in _NAMED.finditer(text):
        yield from _order(match["number"])
    for match in _CODED.finditer(text):
        yield from _order(match[0])
    for match in _EMAIL.finditer(text):
        yield from _datum(match[0], country, "email")
    for match in _DOCUMENT.finditer(text):
        yield from _datum(match[0], country, "document")
    for match in _PHONE.finditer(text):
        yield from _datum(match[0], country, "phone")


def _order(number: str) -> Iterator[Quoted]:
    """A number of somebody else's system: masked, because a booking's code opens the booking."""
    key = number.upper()
    if any(character.isdecimal() for character in key) and not _RADICADO.fullmatch(key):
        yield Quoted("order", key, f"{DOT * 3}{key[-3:]}")


def _datum(text: str, country: str, kind: str) -> Iterator[Quoted]:
    try:
        datum = recognise(text, country, kind)
    except Unrecognised:
        return
    yield Quoted(datum.kind, datum.key, datum.masked)
