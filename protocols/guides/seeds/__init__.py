"""Protocols and templates that ship, one text per sector (domain.md 8, care.md 5), and the notes of each country."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from protocols.answers.rules.wording import VOICES, Wording
from protocols.guides.rules.guide import Attribution, Destination, Guide, Note, Step
from protocols.typification.seeds import seed as tree_seed

FOLDER = Path(__file__).parent
SECTORS = ("bank", "airline", "telecom")
# In which the attributions of each sector's text are written.
MONEY_OF = {"bank": "COP", "telecom": "COP", "airline": "EUR"}


@cache
def protocols(sector: str, country: str) -> tuple[tuple[str, Guide], ...]:
    """Key and text of every protocol of a sector, with the note of the country; only motives its tree has."""
    known = {node.key for node in tree_seed(sector).nodes}
    found = ((row["key"], _guide(row, sector, country, known)) for row in _rows(sector, "protocol"))
    return tuple((key, guide) for key, guide in found if guide.motives)


@cache
def templates(sector: str) -> tuple[tuple[str, Wording], ...]:
    """Key and words of every template of a sector; one about motives its tree has not is left out."""
    known = {node.key for node in tree_seed(sector).nodes}
    found = []
    for row in _rows(sector, "template"):
        motives = tuple(key for key in row.get("motives", ()) if key in known)
        if motives or not row.get("motives"):
            texts = {voice: row[voice] for voice in VOICES if row.get(voice)}
            found.append((row["key"], Wording(row["name"], motives, texts, row.get("place", ""))))
    return tuple(found)


def note_of(country: str, sector: str) -> Note:
    """What the law of a country asks in a sector, and its privacy notice; empty where we know none."""
    rows = _notes().get(country, {})
    return Note(country, rows.get(sector) or rows.get("any", ""), rows.get("privacy", ""))


def currency_of(country: str) -> str:
    """What money is called there."""
    return str(_notes().get(country, {}).get("currency", "USD"))


@cache
def _notes() -> dict[str, dict[str, str]]:
    return tomllib.loads((FOLDER / "notes.toml").read_text("utf-8"))


def _rows(sector: str, kind: str) -> list[dict[str, Any]]:
    own = (FOLDER / f"{sector}.toml").read_text("utf-8") if sector in SECTORS else ""
    both = (tomllib.loads(text) for text in (own, (FOLDER / "common.toml").read_text("utf-8")))
    return [row for text in both for row in text.get(kind, ())]


def _guide(row: dict[str, Any], sector: str, country: str, known: set[str]) -> Guide:
    note = note_of(country, sector)
    return Guide(
        name=row["name"],
        motives=tuple(key for key in row["motives"] if key in known),
        text=row["text"],
        steps=tuple(_step(at, line) for at, line in enumerate(row["steps"], 1)),
        data=tuple(row.get("data", ())),
        destinations=tuple(_destinations(row)),
        attributions=tuple(_grants(row.get("grants", ()), sector, country)),
        notes=(note,) if note.legal or note.privacy else (),
    )


def _step(at: int, line: str) -> Step:
    """«Validar la identidad | verified questions»."""
    text, _bar, check = line.partition(" | ")
    identity, _space, means = check.partition(" ")
    return Step(f"s{at}", text, identity, means)


def _destinations(row: dict[str, Any]) -> list[Destination]:
    found = [Destination("private", "Seguir en privado")] if row.get("private") else []
    if row.get("area"):
        found.append(Destination("area", f"Consultar a {row['area']}", row["area"]))
    if row.get("call_back"):
        found.append(Destination("call_back", "Devolverle la llamada"))
    return found


def _grants(lines: list[str], sector: str, country: str) -> list[Attribution]:
    """«Abono temporal | 200000 1000000»: of the agent and of the supervisor. Money is only given where it is this one:
    what is a month's fee in one currency is a house in another."""
    money, found = currency_of(country), []
    for at, line in enumerate(lines, 1):
        name, _bar, amounts = line.partition(" | ")
        agent, supervisor = amounts.split()
        unit = "millas" if name.startswith("Millas") else money
        if unit in ("millas", MONEY_OF.get(sector)):
            found.append(Attribution(f"a{at}", name, unit, "" if agent == "0" else agent, supervisor))
    return found
