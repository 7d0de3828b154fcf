"""How urgent a case is: what its words say and what its author has been through (care.md 5). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from tickets.enums import PqrKind, Priority
from tickets.triage.clues import CRITICAL, GENERAL, HIGH, SOON, TRIP
from tickets.triage.engine import Verdict
from tickets.triage.labels import Urgency
from tickets.triage.reasons import threat_reasons, urgency_reasons

#: Unanswered messages, or open and reopened cases, of one person that make a case high.
REPEATED = 3
MAX_REASONS = 4
MAX_LENGTH = 80

_CALM = (PqrKind.FELICITACION, PqrKind.SUGERENCIA)


@dataclass(frozen=True, slots=True)
class History:
    """What the author has been through: messages we owe an answer, cases open, cases that came back."""

    unanswered: int = 0
    open_cases: int = 0
    reopened: int = 0


def suggest_priority(verdict: Verdict, kind: PqrKind, history: History) -> tuple[Priority, tuple[str, ...]]:
    """Return the priority and its reasons: those of the words first, then those of the history.

    Fraud, theft, impersonation and a journey within a day are critical; praise and suggestions are low whatever they
    say, and so are questions of general information with nothing urgent in them; all else is medium (care.md 5).
    """
    if kind in _CALM:
        return Priority.LOW, (kind.value,)
    priority = _said(verdict, kind)
    told = (
        (*urgency_reasons(verdict), *threat_reasons(verdict))
        if priority in _URGENT
        else _general(verdict, priority)
    )
    lived = _repeated(history)
    if lived and priority not in _URGENT:
        priority = Priority.HIGH
    return priority, tuple(reason[:MAX_LENGTH] for reason in (*told[:MAX_REASONS], *lived))


_URGENT = (Priority.CRITICAL, Priority.HIGH)


def _said(verdict: Verdict, kind: PqrKind) -> Priority:
    found = verdict.clues
    if found.of(CRITICAL) or (found.of(TRIP) and found.of(SOON)):
        return Priority.CRITICAL
    if found.of(HIGH) or verdict.threat or verdict.urgency == Urgency.ALTA:
        return Priority.HIGH
    return Priority.LOW if kind is PqrKind.INFORMACION and found.of(GENERAL) else Priority.MEDIUM


def _general(verdict: Verdict, priority: Priority) -> tuple[str, ...]:
    found = verdict.clues.of(GENERAL) if priority is Priority.LOW else []
    return tuple(f"{why}: «{words[:40]}»" for why, words in found[:1])


def _repeated(history: History) -> tuple[str, ...]:
    reasons = []
    if history.unanswered >= REPEATED:
        reasons.append(f"{history.unanswered} mensajes sin respuesta")
    if history.open_cases + history.reopened >= REPEATED:
        reasons.append(f"{history.open_cases + history.reopened} casos abiertos o reabiertos")
    return tuple(reasons)
