"""The screenplay: plain text, one scene per paragraph.

    08:10 x @dianamrojas Diana Marcela Rojas
    @FrailejonAyuda sigo esperando
    si responden +4: gracias
    si llevan a privado +3 dm: mi cédula termina en 4471
    si callan +40: nadie contesta
    edita +2: @FrailejonAyuda sigo esperando, tercera vez
    borra +30

The first line is time of day, place, person. Places: `x` (a post), `cita` (quotes the company's newest post), `dm`,
`pagina` (a comment under the page's newest post), `visita` (a post on the page), `inbox` (Messenger). `en=08:10` after
the place answers the scene of that time instead, `foto` adds a picture. What follows depends on the company: minutes
after its answer (`responden`, `llevan a privado`), or after the scene when there is none (`callan`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent
PLACES = ("x", "cita", "dm", "pagina", "visita", "inbox")
HEAD = re.compile(r"(\d\d):(\d\d) (\w+)((?: en=\d\d:\d\d| foto)*) (?:@(\w+) )?(.+)")
TURN = re.compile(r"(si responden|si llevan a privado|si callan|edita|borra) \+(\d+)(?: (\w+))?(?:: ?(.*))?$")
KINDS = {
    "si responden": "answered",
    "si llevan a privado": "private",
    "si callan": "silent",
    "edita": "edit",
    "borra": "delete",
}


@dataclass(frozen=True)
class Turn:
    """What a person does afterwards: kind, minutes to wait, place (that of the scene unless told), words."""

    kind: str
    wait: int
    place: str = ""
    text: str = ""


@dataclass
class Scene:
    """One person saying one thing; `key` is company and position, `minute` of the day."""

    key: str
    company: str
    minute: int
    place: str
    name: str
    handle: str = ""
    under: int | None = None
    photo: bool = False
    text: str = ""
    turns: list[Turn] = field(default_factory=list)


class BadScript(ValueError):
    """A line of the screenplay that cannot be read."""


def read_scene(company: str, at: int, paragraph: str) -> Scene:
    """One paragraph; raises BadScript."""
    first, *rest = paragraph.strip().split("\n")
    head = HEAD.fullmatch(first.strip())
    if head is None or head[3] not in PLACES:
        raise BadScript(first)
    scene = Scene(
        f"{company}-{at}", company, int(head[1]) * 60 + int(head[2]), head[3], head[6], head[5] or ""
    )
    for more in head[4].split():
        if more == "foto":
            scene.photo = True
        else:
            hour, _, minute = more[3:].partition(":")
            scene.under = int(hour) * 60 + int(minute)
    words = []
    for line in rest:
        turn = TURN.match(line)
        if turn is None:
            words.append(line)
        else:
            scene.turns.append(Turn(KINDS[turn[1]], int(turn[2]), turn[3] or scene.place, turn[4] or ""))
    scene.text = "\n".join(words)
    return scene


def read_script(company: str) -> list[Scene]:
    """A company's day in order of time; empty when none was written."""
    file = FOLDER / f"{company}.txt"
    if not file.exists():
        return []
    text = re.sub(r"(?m)^#.*\n?", "", file.read_text(encoding="utf-8"))
    paragraphs = [p for p in re.split(r"\n\s*\n", text) if p.strip()]
    scenes = [read_scene(company, at, paragraph) for at, paragraph in enumerate(paragraphs)]
    return sorted(scenes, key=lambda scene: scene.minute)
