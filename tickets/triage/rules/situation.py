"""What follows from several clues that stand together: a bare place, a silence, who is called what. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tickets.triage.rules.wording import Wording

#: "casi tres", "más de 5": how many of something.
MANY_OF = r"(?:mas de |casi |como |ya )*(?:\d+|un|una|dos|tres|cuatro|cinco|seis|varios|varias|muchos|muchas)"
# A question that wants to know begins so.
_WANTS = re.compile(
    r"(?:^|\? |hola |buenas |dias |tardes |noches |pregunta |duda |consulta )"
    r"(?:como|cuando|donde|cuanto|cuanta|cual|que|quien|hay|tienen|teneis|puedo|se puede|es posible|saben|sabeis"
    r"|alguien sabe|me pueden decir|en que|a que|por donde|cada cuanto|a partir de|hasta que)\b"
)
_LASTED = re.compile(rf"\b{MANY_OF} ?(?:dias?|semanas?|mes|meses|anos?|horas?|h|hrs)\b")
_PLACE_WORDS = 6


def situation(classes: set[str], groups: set[str], words: Wording, traits: frozenset[str]) -> Iterator[str]:
    """Yield what follows from several clues together: a bare place, a silence, who is hit, how long."""
    size = len(words.written)
    if classes and classes <= {"ciudad", "lugar"} and size <= _PLACE_WORDS and "question" not in traits:
        yield "only a place, to company" if "to:company" in traits else "only a place"
    if "silencio" in classes:
        yield "silence & case" if "caso" in classes else "silence & no case"
        if "seguimiento" in groups:
            yield "silence & follow-up"
    if "falla" in classes:
        yield "fails me" if "persona" in groups else "fails nobody"
        if "dinero" in classes or "cobro" in classes:
            yield "money fails me" if "persona" in groups else "money fails nobody"
    written = " ".join(words.written)
    if "espera" in classes and _LASTED.search(written):
        yield "lasted"
        if "falla" in classes or "silencio" in classes:
            yield "lasted & failure"
    if "question" in traits or "question:inside" in traits:
        kind = "wants to know" if _WANTS.search(written) else "asks otherwise"
        yield kind
        yield f"{kind} & {'failure' if 'falla' in classes else 'no failure'}"
        if "retorica" in classes or "reprobar" in classes:
            yield f"{kind} & blames"


def called(insults: list[tuple[str, str]], callings: list[str], words: Wording) -> Iterator[str]:
    """Yield whether somebody is called what an insult says: "son unos…", right before it."""
    if not insults or not callings:
        return
    written = f" {' '.join(words.written)} "
    for group, insult in insults:
        if any(f" {calling} {insult} " in written for calling in callings):
            yield f"llamado {group}"
            return
