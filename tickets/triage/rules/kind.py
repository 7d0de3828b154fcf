"""What kind a message speaks for, by its cues alone: a vote that the model weighs, and words that explain it. Pure."""

from collections.abc import Iterable, Mapping

from tickets.triage.labels import Kind
from tickets.triage.rules.kind_cues import (
    ASKING,
    ASKING_WEIGHT,
    CUES,
    FEW_WORDS,
    HABEAS_DATA,
    THANKS,
    THANKS_WEIGHT,
    TOPIC_WEIGHT,
    TOPICS,
)
from tickets.triage.rules.wording import Wording

TOPIC, ASK, THANK = "tema", "pregunta", "gracias"

# Among equal scores the one whose neglect costs most.
ORDER = (
    Kind.DENUNCIA,
    HABEAS_DATA,
    Kind.RECLAMO,
    Kind.PETICION,
    Kind.QUEJA,
    Kind.SUGERENCIA,
    Kind.INFORMACION,
    Kind.FELICITACION,
)
_ANGRY = frozenset("😡🤬😠😤👎🖕💩🙄😒🤮")
# A failure told angrily is a claim first: something is to be put right.
_CLAIM_FIRST = 1.1
# Less than this, one word that complains a little, is no evidence.
ENOUGH = 2.1

#: Every cue with what it speaks for and how much.
WEIGHED: tuple[tuple[str, tuple[str, float]], ...] = (
    *((cue, (kind, weight)) for kind in ORDER for weight, found in CUES[kind].items() for cue in found),
    *((cue, (TOPIC, TOPIC_WEIGHT)) for cue in TOPICS),
    *((cue, (ASK, ASKING_WEIGHT)) for cue in ASKING),
    *((cue, (THANK, THANKS_WEIGHT)) for cue in THANKS),
)


def scores(found: Iterable[tuple[str, float]], words: Wording, text: str) -> dict[str, float]:
    """Return what the cues found say for each kind, weighed by question marks, anger and what stands beside."""
    sums: dict[str, float] = {}
    for kind, weight in found:
        sums[kind] = sums.get(kind, 0.0) + weight
    said = {kind: sums.get(kind, 0.0) for kind in ORDER}
    if not text.isascii() and not _ANGRY.isdisjoint(text):
        said[Kind.QUEJA] += 3
    if "?" in text:
        said[Kind.INFORMACION] += 1 + sums.get(ASK, 0.0)
    if len(words.written) <= FEW_WORDS:
        said[Kind.FELICITACION] += sums.get(THANK, 0.0)
    if said[Kind.RECLAMO] or said[Kind.QUEJA]:
        said[Kind.RECLAMO] += sums.get(TOPIC, 0.0)
    said[Kind.RECLAMO] *= _CLAIM_FIRST
    complaint = max(said[Kind.RECLAMO], said[Kind.QUEJA])
    if complaint > 3:  # People who complain thank and ask too.
        said[Kind.FELICITACION] -= complaint
        said[Kind.INFORMACION] -= complaint / 2
    return said


def vote(said: Mapping[str, float]) -> str:
    """Return the kind with the highest score; empty without evidence."""
    best = max(ORDER, key=said.__getitem__)
    return best if said[best] >= ENOUGH else ""
