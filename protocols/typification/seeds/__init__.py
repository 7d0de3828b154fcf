"""The trees that ship, one text per sector (care.md 7), and how they are read. Data and a pure reader."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from protocols.typification.rules.keys import free_key
from protocols.typification.rules.tree import CAUSE, MOTIVE, PRODUCT, RESULT, Node, Tree

FOLDER = Path(__file__).parent
SECTORS = ("bank", "airline", "telecom")
KIND_OF = {
    "P": "peticion",
    "Q": "queja",
    "R": "reclamo",
    "D": "denuncia",
    "I": "informacion",
    "H": "habeas_data",
    "S": "sugerencia",
    "F": "felicitacion",
}
PRIORITY_OF = {"!!": "critical", "!": "high", "·": "medium"}
# «Felicitación, sugerencia, información general» are low (care.md 5).
LOW = "ISF"
AXIS_OF = {"productos": PRODUCT, "motivos": MOTIVE, "otros": MOTIVE, "causas": CAUSE, "resultados": RESULT}
OTHERS = "Otros"
MOTIVE_LINE = re.compile(
    r"- (?P<name>.+?) (?P<kind>[PQRDIHSF])(?P<mark>!!|!|·)(?: \((?P<note>[^)]+)\))?(?: → (?P<area>.+))?"
)


@cache
def seed(sector: str) -> Tree:
    """The tree an organization of that sector begins with; other sectors get causes, results and «Otros»."""
    lines = (FOLDER / f"{sector}.txt").read_text("utf-8") if sector in SECTORS else "[otros]\nOtro motivo\n"
    return _read(lines + "\n" + (FOLDER / "common.txt").read_text("utf-8"))


def _read(text: str) -> Tree:
    nodes: list[Node] = []
    axis, section, product_word = MOTIVE, "", "Producto"
    category: Node | None = None
    for line in text.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            section, _, word = line[1:].partition("]")
            axis, product_word = AXIS_OF[section], word.strip() or product_word
            if section == "otros":
                category = _node(nodes, axis, OTHERS)
                nodes.append(category)
        elif section == "motivos" and not line.startswith("- "):
            name, _, area = line.partition(" → ")
            category = _node(nodes, axis, name, area=area)
            nodes.append(category)
        elif section == "motivos" and category:
            nodes.append(_motive(nodes, line, category))
        else:
            parent = category.key if section == "otros" and category else ""
            nodes.append(_node(nodes, axis, line, parent=parent, is_other=section == "otros"))
    return Tree(tuple(nodes), product_word)


def _motive(nodes: list[Node], line: str, category: Node) -> Node:
    told, _, said = line.partition(" | ")
    match = MOTIVE_LINE.fullmatch(told)
    if match is None:
        raise ValueError(f"not a motive: {line!r}")
    kind, note = match["kind"], match["note"] or ""
    return _node(
        nodes,
        MOTIVE,
        f"{match['name']} | {said}" if said else match["name"],
        parent=category.key,
        kind=KIND_OF[kind],
        priority="low" if kind in LOW and match["mark"] == "·" else PRIORITY_OF[match["mark"]],
        area=match["area"] or category.area,
        is_reserved=note == "reservado",
    )


def _node(nodes: list[Node], axis: str, line: str, **fields: object) -> Node:
    name, _, said = line.partition(" | ")
    words = tuple(word.strip() for word in said.split(",") if word.strip())
    key = free_key(axis, name, {node.key for node in nodes})
    return Node(key=key, axis=axis, name=name, words=words, **fields)  # type: ignore[arg-type]
