"""What a message asks for, judged by its words: explainable, offline, well under 0.1 ms. Pure.

The verdict is a suggestion an agent corrects with one key; both are kept (domain.md 1.1.7).
"""

from dataclasses import dataclass

from tickets.enums import PqrKind
from tickets.intake.rules.kind_cues import (
    ASKING,
    ASKING_WEIGHT,
    CUES,
    FEW_WORDS,
    THANKS,
    THANKS_WEIGHT,
    TOPIC_WEIGHT,
    TOPICS,
)
from tickets.intake.rules.wording import CueIndex, padded_words

MAX_REASONS = 4
MAX_LENGTH = 60

_TOPIC, _ASKING, _THANKS = "topic", "asking", "thanks"

# Among equal scores the one whose neglect costs most.
_ORDER = (
    PqrKind.DENUNCIA,
    PqrKind.HABEAS_DATA,
    PqrKind.RECLAMO,
    PqrKind.PETICION,
    PqrKind.QUEJA,
    PqrKind.SUGERENCIA,
    PqrKind.INFORMACION,
    PqrKind.FELICITACION,
)
_ANGRY = frozenset("😡🤬😠😤👎🖕💩🙄😒🤮")
# A failure told angrily is a claim first: something is to be put right.
_CLAIM_FIRST = 1.1
# Less than this, one word that complains a little, is no evidence.
_ENOUGH = 2.1
_SUPPORTS = {_TOPIC: PqrKind.RECLAMO, _THANKS: PqrKind.FELICITACION}
_QUESTION = "¿?"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A kind and the customer's words that spoke for it, strongest first; no words, no evidence."""

    kind: PqrKind
    reasons: tuple[str, ...]


_INDEX: CueIndex[tuple[PqrKind | str, float]] = CueIndex(
    [
        *((cue, (kind, weight)) for kind in _ORDER for weight, found in CUES[kind].items() for cue in found),
        *((cue, (_TOPIC, TOPIC_WEIGHT)) for cue in TOPICS),
        *((cue, (_ASKING, ASKING_WEIGHT)) for cue in ASKING),
        *((cue, (_THANKS, THANKS_WEIGHT)) for cue in THANKS),
    ]
)


def suggest_kind(text: str) -> Suggestion:
    """Return the kind of request that the words of `text` speak for; information when none does.

    Information because it is filed last: nobody gets a radicado and a legal term for want of words.
    """
    words = padded_words(text)
    spoken: dict[PqrKind | str, list[tuple[float, str]]] = {}
    for said, (kind, weight) in _INDEX.find(words):
        spoken.setdefault(kind, []).append((weight, said))
    scores = _scores(
        {kind: sum(weight for weight, _ in found) for kind, found in spoken.items()}, words, text
    )
    best = max(_ORDER, key=lambda kind: scores[kind])
    if scores[best] < _ENOUGH:
        return Suggestion(PqrKind.INFORMACION, ())
    beside = [pair for sign, kind in _SUPPORTS.items() if kind is best for pair in spoken.get(sign, ())]
    strongest = sorted([*spoken.get(best, ()), *beside], key=lambda pair: -pair[0])
    reasons = tuple(dict.fromkeys(word[:MAX_LENGTH] for _, word in strongest))[:MAX_REASONS]
    if not reasons and best is PqrKind.INFORMACION:
        reasons = (_QUESTION,)
    return Suggestion(best, reasons)


def _scores(sums: dict[PqrKind | str, float], words: str, text: str) -> dict[PqrKind, float]:
    """Weigh what words alone say by question marks, anger, and what stands beside a complaint."""
    scores = {kind: sums.get(kind, 0.0) for kind in _ORDER}
    if not _ANGRY.isdisjoint(text):
        scores[PqrKind.QUEJA] += 3
    if "?" in words:
        scores[PqrKind.INFORMACION] += 1 + sums.get(_ASKING, 0.0)
    if words.count(" ") <= FEW_WORDS:
        scores[PqrKind.FELICITACION] += sums.get(_THANKS, 0.0)
    if scores[PqrKind.RECLAMO] or scores[PqrKind.QUEJA]:
        scores[PqrKind.RECLAMO] += sums.get(_TOPIC, 0.0)
    scores[PqrKind.RECLAMO] *= _CLAIM_FIRST
    complaint = max(scores[PqrKind.RECLAMO], scores[PqrKind.QUEJA])
    if complaint > 3:  # People who complain thank and ask too.
        scores[PqrKind.FELICITACION] -= complaint
        scores[PqrKind.INFORMACION] -= complaint / 2
    return scores
