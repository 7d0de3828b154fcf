"""How urgent a message is: its own words and what its author has been through (care.md 5). Pure."""

import re
from dataclasses import dataclass

from tickets.enums import PqrKind, Priority
from tickets.intake.rules import urgency_cues
from tickets.intake.rules.wording import CueIndex, padded_words

#: Unanswered messages, or open and reopened cases, of one person that make a case high.
REPEATED = 3
MAX_REASONS = 4
MAX_LENGTH = 40

_CALM = (PqrKind.FELICITACION, PqrKind.SUGERENCIA)
_TRIP, _SOON, _GENERAL = "viaje", "pronto", "información general"
_INDEX: CueIndex[tuple[Priority | None, str]] = CueIndex(
    [
        *((cue, (Priority.CRITICAL, why)) for why, found in urgency_cues.CRITICAL.items() for cue in found),
        *((cue, (Priority.HIGH, why)) for why, found in urgency_cues.HIGH.items() for cue in found),
        *((cue, (None, _TRIP)) for cue in urgency_cues.TRIP),
        *((cue, (None, _SOON)) for cue in urgency_cues.SOON),
        *((cue, (None, _GENERAL)) for cue in urgency_cues.GENERAL),
    ]
)
# "llevo 3 semanas", "hace 2 meses", "4 veces", "sale en 5 horas".
_WAITED = re.compile(
    r" (?:llevo|llevamos|ya van|desde hace) (?:\d+|un|dos|tres|varios|varias) (?:dia|semana|mes|ano)\w*"
)
_TIMES = re.compile(r" (?:[3-9]|\d\d+) (?:veces|llamadas|correos|intentos) ")
_HOURS_LEFT = re.compile(r" en (\d{1,2}) (?:h|hs|hrs|hora|horas) ")


@dataclass(frozen=True, slots=True)
class History:
    """What the author has been through: messages we owe an answer, cases open, cases that came back."""

    unanswered: int = 0
    open_cases: int = 0
    reopened: int = 0


def suggest_priority(text: str, kind: PqrKind, history: History) -> tuple[Priority, tuple[str, ...]]:
    """Return the priority and its reasons, those of the text first, each with the words that gave it.

    Praise and suggestions are low whatever they say; questions of general information with nothing urgent
    in them are low too, everything else is medium.
    """
    if kind in _CALM:
        return Priority.LOW, (kind.value,)
    words = padded_words(text)
    found = _INDEX.find(words)
    critical, high = _urgent(found, words)
    reasons = (*_told(critical), *_told(high))[:MAX_REASONS] + _repeated(history)
    if critical:
        return Priority.CRITICAL, reasons
    if reasons:
        return Priority.HIGH, reasons
    general = [said for said, (_, why) in found if why == _GENERAL]
    if general and kind is PqrKind.INFORMACION:
        return Priority.LOW, _told([(_GENERAL, general[0])])
    return Priority.MEDIUM, ()


def urgency_words(text: str) -> tuple[str, ...]:
    """Return what makes a message urgent, as reasons with its own words."""
    words = padded_words(text)
    critical, high = _urgent(_INDEX.find(words), words)
    return (*_told(critical), *_told(high))


_Found = list[tuple[str, tuple[Priority | None, str]]]
_Urgent = list[tuple[str, str]]


def _urgent(found: _Found, words: str) -> tuple[_Urgent, _Urgent]:
    """Return the critical and the high reasons, each with the words that gave it."""
    critical = [(why, said) for said, (level, why) in found if level is Priority.CRITICAL]
    high = [(why, said) for said, (level, why) in found if level is Priority.HIGH]
    soon = [said for said, (_, why) in found if why == _SOON] + _hours_left(words)
    if soon and any(why == _TRIP for _, (_, why) in found):
        critical.append(("viaje en menos de 24 horas", soon[0]))
    waited = _WAITED.search(words) or _TIMES.search(words)
    if waited:
        high.append(("contactos repetidos sin respuesta", waited[0].strip()))
    return critical, high


def _told(urgent: _Urgent) -> tuple[str, ...]:
    """Return one reason for each cause, with the most telling words for it."""
    longest: dict[str, str] = {}
    for why, said in urgent:
        longest[why] = max(longest.get(why, ""), said, key=len)
    return tuple(f"{why}: «{said[:MAX_LENGTH]}»" for why, said in longest.items())


def _hours_left(words: str) -> list[str]:
    return [found[0].strip() for found in _HOURS_LEFT.finditer(words) if int(found[1]) <= 24]


def _repeated(history: History) -> tuple[str, ...]:
    reasons = []
    if history.unanswered >= REPEATED:
        reasons.append(f"{history.unanswered} mensajes sin respuesta")
    if history.open_cases + history.reopened >= REPEATED:
        reasons.append(f"{history.open_cases + history.reopened} casos abiertos o reabiertos")
    return tuple(reasons)
