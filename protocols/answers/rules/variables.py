"""The variables of templates: which there are, whether a text uses them rightly, and how they are filled. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from helpdesk.text import fold

# Name → what it looks like where there is no case to fill it from.
VARIABLES: dict[str, str] = {
    "nombre": "Diana",
    "radicado": "2026-000123",
    "caso": "1042",
    "motivo": "doble cobro",
    "fecha_apertura": "20 de noviembre",
    "fecha_comprometida": "27 de noviembre a las 5:00 p. m.",
    "area": "Operaciones",
    "canal": "X",
    "agente": "Juan Carlos",
    "iniciales": "JC",
    "empresa": "Banco Frailejón",
    "cuenta": "@FrailejonAyuda",
}
# What people write for them, folded.
ALSO = {
    "cliente": "nombre", "name": "nombre", "numero": "caso", "ticket": "caso", "fecha_prometida": "fecha_comprometida",
    "compromiso": "fecha_comprometida", "plazo": "fecha_comprometida", "asesor": "agente", "ini": "iniciales",
    "firma": "iniciales", "banco": "empresa", "tema": "motivo", "fecha": "fecha_comprometida", "red": "canal",
}  # fmt: skip
_USED = re.compile(r"\{([^{}\n]{0,60})\}")
# What an agent writes in their own words: «[qué falló]».
GAP = re.compile(r"\[[^\[\]\n]{1,60}\]")


@dataclass(frozen=True, slots=True)
class Mistake:
    """``unknown`` with the nearest name there is, or ``brace`` for one that nobody closed."""

    code: str
    said: str = ""
    nearest: str = ""


def mistakes_of(text: str) -> list[Mistake]:
    """What is wrong with the variables of a text, each once, in their order."""
    found = [
        Mistake("unknown", name, nearest(name))
        for name in dict.fromkeys(one[1].strip() for one in _USED.finditer(text))
        if name not in VARIABLES
    ]
    rest = _USED.sub("", text)
    return [*found, Mistake("brace")] if "{" in rest or "}" in rest else found


def nearest(name: str) -> str:
    """The variable somebody meant, as far as that can be told; empty otherwise."""
    folded = re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")
    if folded in VARIABLES or folded in ALSO:
        return ALSO.get(folded, folded)
    close = get_close_matches(folded, [*VARIABLES, *ALSO], n=1, cutoff=0.55)
    return ALSO.get(close[0], close[0]) if close else ""


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled; one without a value stays as it is written, for the agent to see."""
    return _USED.sub(lambda one: values.get(one[1].strip(), "") or one[0], text)


def unfilled(text: str) -> str:
    """The first variable of ours that still stands in a text; empty when none does."""
    return next((one[0] for one in _USED.finditer(text) if one[1].strip() in VARIABLES), "")


def gaps(text: str) -> list[str]:
    """What is left for whoever answers to say: «[qué falló]»."""
    return GAP.findall(text)
