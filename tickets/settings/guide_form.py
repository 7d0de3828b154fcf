"""The form of a protocol and of a template: what was posted as a value, and the buttons that change it. No database."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from helpdesk.text import clean
from protocols.answers.rules.wording import VOICES, Wording
from protocols.guides.rules.guide import Attribution, Destination, Guide, Note, Step

LONGEST = 4200


def posted_guide(data: Any) -> Guide:
    """What the form of a protocol holds, whatever somebody did to it; empty rows are gone when it is saved."""
    return Guide(
        name=_line(data.get("name", ""))[:80],
        motives=tuple(dict.fromkeys(one[:60] for one in data.getlist("motives"))),
        text=_text(data.get("text", "")),
        steps=tuple(Step(*row) for row in _rows(data, "step", ("key", "text", "identity", "means"))),
        data=tuple(line[:80] for one in data.get("data", "").splitlines() if (line := _line(one))),
        destinations=tuple(Destination(*row) for row in _rows(data, "to", ("kind", "label", "value"))),
        attributions=tuple(
            Attribution(*row) for row in _rows(data, "grant", ("key", "name", "unit", "agent", "supervisor"))
        ),
        notes=tuple(Note(row[0][:2], row[1], row[2]) for row in _notes(data)),
    )


def trimmed(guide: Guide) -> Guide:
    """Without rows that say nothing, and with a key for every step and attribution."""
    steps = tuple(one for one in guide.steps if one.text)
    grants = tuple(one for one in guide.attributions if one.name or one.agent or one.supervisor)
    return replace(
        guide,
        steps=tuple(
            replace(one, key=key, means=one.means if one.identity == "verified" else "")
            for one, key in zip(steps, _keys([one.key for one in steps], "s"), strict=True)
        ),
        attributions=tuple(
            replace(one, key=key)
            for one, key in zip(grants, _keys([one.key for one in grants], "a"), strict=True)
        ),
        destinations=tuple(
            one for one in guide.destinations if one.label or one.value or one.kind == "private"
        ),
        notes=tuple(one for one in guide.notes if one.legal or one.privacy),
    )


def changed(guide: Guide, what: str) -> Guide:
    """The protocol after a button of its form: ``add:step``, ``drop:step:2``, ``up:step:2`` …"""
    verb, _colon, rest = what.partition(":")
    which, _colon, at = rest.partition(":")
    field = {"step": "steps", "to": "destinations", "grant": "attributions"}.get(which)
    if field is None:
        return guide
    rows = list(getattr(guide, field))
    fresh: Any = {"steps": Step("", ""), "destinations": Destination("website", ""),
                  "attributions": Attribution("", "", "")}[field]  # fmt: skip
    place = int(at) if at.isdecimal() else -1
    if verb == "add":
        rows.append(fresh)
    elif verb == "drop" and 0 <= place < len(rows):
        del rows[place]
    elif verb == "up" and 0 < place < len(rows):
        rows[place - 1], rows[place] = rows[place], rows[place - 1]
    elif verb == "down" and 0 <= place < len(rows) - 1:
        rows[place + 1], rows[place] = rows[place], rows[place + 1]
    return replace(guide, **{field: tuple(rows)})


def posted_wording(data: Any) -> Wording:
    """What the form of a template holds."""
    place = data.get("place", "")
    return Wording(
        name=_line(data.get("name", ""))[:80],
        motives=tuple(dict.fromkeys(one[:60] for one in data.getlist("motives"))),
        texts={voice: text for voice in VOICES if (text := _text(data.get(f"text-{voice}", "")).strip())},
        place=place if place in ("public", "private") else "",
    )


def _rows(data: Any, name: str, columns: tuple[str, ...]) -> list[list[str]]:
    cells = [data.getlist(f"{name}-{column}") for column in columns]
    return [[_line(cell)[:300] for cell in row] for row in zip(*cells, strict=False)]


def _notes(data: Any) -> list[tuple[str, str, str]]:
    columns = (data.getlist(f"note-{name}") for name in ("country", "legal", "privacy"))
    return [(one, _text(legal), _text(privacy)) for one, legal, privacy in zip(*columns, strict=False)]


def _keys(known: list[str], letter: str) -> list[str]:
    """Their own keys; a new one gets the next number nobody had."""
    taken, found = set(known), []
    n = max((int(one[1:]) for one in known if one[:1] == letter and one[1:].isdecimal()), default=0)
    for key in known:
        if not key or key in found:
            n += 1
            key = f"{letter}{n}"
        taken.add(key)
        found.append(key)
    return found


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _text(text: str) -> str:
    return clean(text).replace("\r\n", "\n")[:LONGEST]
