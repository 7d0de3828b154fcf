"""What a message asks for, judged by its words: explainable, offline, well under 0.1 ms. Pure.

The verdict is a suggestion an agent corrects with one key; both are kept (domain.md 1.1.7).
"""

from dataclasses import dataclass

from tickets.enums import PqrKind
from tickets.intake.rules.kind_cues import ASKING, ASKING_WEIGHT, CUES, TOPIC_WEIGHT, TOPICS
from tickets.intake.rules.wording import CueIndex, padded_words

MAX_REASONS = 4

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
CLAIM_FIRST = 1.2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A kind and the customer's words that spoke for it, strongest first; no words, no evidence."""

    kind: PqrKind
    reasons: tuple[str, ...]


_TOPIC = "topic"
_ASKING = "asking"
_INDEX: CueIndex[tuple[PqrKind | str, float]] = CueIndex(
    [
        *((cue, (kind, weight)) for kind in _ORDER for weight, found in CUES[kind].items() for cue in found),
        *((cue, (_TOPIC, TOPIC_WEIGHT)) for cue in TOPICS),
        *((cue, (_ASKING, ASKING_WEIGHT)) for cue in ASKING),
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
    if scores[best] <= 0:
        return Suggestion(PqrKind.INFORMACION, ())
    said_for = spoken.get(best, []) + (spoken.get(_TOPIC, []) if best is PqrKind.RECLAMO else [])
    strongest = sorted(said_for, key=lambda pair: -pair[0])[:MAX_REASONS]
    return Suggestion(best, tuple(dict.fromkeys(word for _, word in strongest)))


def _scores(sums: dict[PqrKind | str, float], words: str, text: str) -> dict[PqrKind, float]:
    """Weigh what words alone say by question marks, anger, and what stands beside a complaint."""
    scores = {kind: sums.get(kind, 0.0) for kind in _ORDER}
    if not _ANGRY.isdisjoint(text):
        scores[PqrKind.QUEJA] += 3
    if "?" in words:
        scores[PqrKind.INFORMACION] += 1 + sums.get(_ASKING, 0.0)
    if scores[PqrKind.RECLAMO] or scores[PqrKind.QUEJA]:
        scores[PqrKind.RECLAMO] += sums.get(_TOPIC, 0.0)
    # A failure told angrily is a claim first: something is to be put right.
    scores[PqrKind.RECLAMO] *= CLAIM_FIRST
    complaint = max(scores[PqrKind.RECLAMO], scores[PqrKind.QUEJA])
    if complaint > 3:  # People who complain thank and ask too.
        scores[PqrKind.FELICITACION] -= complaint
        scores[PqrKind.INFORMACION] -= complaint / 2
    return scores
