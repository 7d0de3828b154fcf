"""A verdict told: the customer's words, each with what they stand for. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tickets.triage.clues import CRITICAL, FOLLOW_UP, HIGH, INSULT, NOISE, SOON, THREAT, TRIP
from tickets.triage.labels import Kind

if TYPE_CHECKING:
    from tickets.triage.engine import Verdict

MAX_REASONS = 8
MAX_LENGTH = 76
_WORDS = 40
_LOOKS = {
    "wordless": "sin palabras",
    "links": "varios enlaces",
    "people:many": "conversación entre varias personas",
    "to:person": "dirigido a otra persona",
    "to:person_first": "dirigido a otra persona",
    "tags": "varias etiquetas",
    "via": "retransmitido",
    "dialogue": "diálogo contado",
    "courtesy": "solo cortesía",
}


def reasons_of(verdict: Verdict) -> tuple[str, ...]:
    """Return at most eight reasons, those of the main verdict first."""
    told = [*_main(verdict), *_beside(verdict)]
    return tuple(dict.fromkeys(reason[:MAX_LENGTH] for reason in told))[:MAX_REASONS]


def _main(verdict: Verdict) -> Iterator[str]:
    if not verdict.service:
        yield from _noise(verdict)
        return
    if verdict.foreign:
        yield from (f"{verdict.kind}: «{word}»" for word in dict.fromkeys(verdict.foreign[:3]))
        return
    found = verdict.clues
    said = kind_words(verdict)
    if said:
        yield from (f"{verdict.kind}: «{words[:_WORDS]}»" for words in said[:3])
    if verdict.doubtful:
        yield "dudoso: puede no requerir atención"
    if found.is_courtesy:
        yield _LOOKS["courtesy"]


def kind_words(verdict: Verdict, kind: str = "") -> list[str]:
    """Return the written words that speak most for the verdict's kind: cues first, else the model's words."""
    kind = kind or verdict.kind
    if kind == Kind.SEGUIMIENTO:
        said = [words for _, words in verdict.clues.of(FOLLOW_UP)]
    else:
        said = verdict.clues.for_kind(kind, *_SUPPORT.get(kind, ()))
    if not said and kind in verdict.kind_shares:
        said = [word for _, word in verdict.model.telling(verdict.clues, kind)]
    return list(dict.fromkeys(said))


_SUPPORT = {Kind.RECLAMO: ("tema",), Kind.FELICITACION: ("gracias",), Kind.INFORMACION: ("pregunta",)}


def _noise(verdict: Verdict) -> Iterator[str]:
    for why, words in verdict.clues.of(NOISE)[:3]:
        yield f"{why}: «{words[:_WORDS]}»"
    for trait in verdict.clues.traits:
        if trait in _LOOKS:
            yield _LOOKS[trait]
    words = _strongest(verdict, "service", -1)
    yield f"no pide nada: «{words}»" if words else "no pide nada"
    if verdict.doubtful:
        yield "dudoso: puede requerir atención"


def _beside(verdict: Verdict) -> Iterator[str]:
    """What made it urgent, abusive, a threat."""
    if verdict.service:
        yield from urgency_reasons(verdict)
    if verdict.abusive:
        said = [words for _, words in verdict.clues.of(INSULT)]
        said = said or [word for _, word in verdict.model.telling(verdict.clues, "abusive")]
        yield from (f"ataca a personas: «{words[:_WORDS]}»" for words in said[:2])
    yield from threat_reasons(verdict)


def threat_reasons(verdict: Verdict) -> Iterator[str]:
    """Yield what a message threatens with."""
    if not verdict.threat:
        return
    said = verdict.clues.of(THREAT)
    if said:
        yield from (f"{why}: «{words[:_WORDS]}»" for why, words in said[:2])
    else:
        yield f"amenaza: «{_strongest(verdict, 'threat')}»"


def _strongest(verdict: Verdict, name: str, sign: int = 1) -> str:
    """Return the three words that weighed most, in the model's eyes."""
    return " ".join(word for _, word in verdict.model.telling(verdict.clues, name, sign)[:3])[:_WORDS]


def urgency_reasons(verdict: Verdict) -> Iterator[str]:
    """Yield what makes a message urgent, the longest words for each cause."""
    longest: dict[str, str] = {}
    for group in (CRITICAL, HIGH):
        for why, words in verdict.clues.of(group):
            longest[why] = max(longest.get(why, ""), words, key=len)
    if verdict.clues.of(TRIP) and (soon := verdict.clues.of(SOON)):
        longest["viaje en menos de 24 horas"] = soon[0][1]
    yield from (f"{why}: «{words[:_WORDS]}»" for why, words in longest.items())
    if not longest and verdict.urgency == "alta":
        yield f"urgencia: «{_strongest(verdict, 'alta')}»"
