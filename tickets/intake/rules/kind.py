"""A verdict as a kind of request of the product, with the words that spoke for it. Pure.

The verdict is a suggestion an agent corrects with one key; both are kept (domain.md 1.1.7).
"""

from __future__ import annotations

from tickets.enums import PqrKind
from tickets.triage.engine import Verdict
from tickets.triage.labels import Kind
from tickets.triage.reasons import kind_words
from tickets.triage.rules.kind_cues import HABEAS_DATA

MAX_REASONS = 4
MAX_LENGTH = 60

_PQR = {
    Kind.RECLAMO: PqrKind.RECLAMO,
    Kind.QUEJA: PqrKind.QUEJA,
    Kind.PETICION: PqrKind.PETICION,
    Kind.INFORMACION: PqrKind.INFORMACION,
    Kind.DENUNCIA: PqrKind.DENUNCIA,
    Kind.FELICITACION: PqrKind.FELICITACION,
    Kind.SUGERENCIA: PqrKind.SUGERENCIA,
}
# Below this share of the verdict the words do not speak for a kind.
_ENOUGH = 0.3


def suggest_kind(verdict: Verdict) -> tuple[PqrKind, tuple[str, ...]]:
    """Return the kind of a case that begins with this message, and at most four of its words.

    A follow-up is about the case it follows; where none is open it is of the next likeliest kind. Information without
    evidence: it is filed last, and nobody gets a radicado and a legal term for want of words.
    """
    if verdict.clues.vote == HABEAS_DATA:
        return PqrKind.HABEAS_DATA, _short(verdict.clues.for_kind(HABEAS_DATA))
    kind = verdict.best_kind(tuple(_PQR))
    if verdict.kind == Kind.NINGUNO and verdict.abusive:
        kind = Kind.INFORMACION  # who only insults asks for nothing; a colleague may hear more in it
    elif not verdict.clues.words.written:
        kind = verdict.clues.vote or Kind.INFORMACION  # faces speak too
    elif verdict.kind_shares[kind] < _floor(verdict):
        kind = Kind.INFORMACION
    return _PQR[kind], _short(kind_words(verdict, kind))


def _floor(verdict: Verdict) -> float:
    """A follow-up leaves the other kinds little, a doubtful message must speak clearly."""
    if verdict.kind == Kind.SEGUIMIENTO:
        return 0.05
    return 0.5 if verdict.doubtful and not verdict.clues.vote else _ENOUGH


def _short(words: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word[:MAX_LENGTH] for word in words))[:MAX_REASONS]
