"""The built weights and what they say of a message's clues. No training here: see ``learning``."""

from __future__ import annotations

from functools import cache, lru_cache
from math import exp, log, sqrt
from pathlib import Path

from tickets.triage.clues import Clues, pairs, pieces, tokens
from tickets.triage.labels import KINDS, LANE, LANES, URGENCIES, Kind, Urgency
from tickets.triage.lanes import lane, pack, unpack

BUILT = Path(__file__).parent / "model.tsv"
#: One, in the file's weights.
ONE = 1000
BIAS = "="
#: What the rules' own word adds to a kind, and to what is urgent by definition.
VOTE, URGENT = 2.0, 2.0
_CALM = (Kind.FELICITACION, Kind.SUGERENCIA, Kind.INFORMACION)


class Model:
    """Weights by feature: rules and looks count whole, words in proportion to how few they are."""

    def __init__(self, rules: dict[str, int], words: dict[str, int]) -> None:
        """Take packed weights: ``rules`` by trait, ``words`` by piece of word or pair of words."""
        self.rules, self.words = rules, words
        self._word = lru_cache(maxsize=8192)(self._sum_pieces)

    def _sum_pieces(self, token: str) -> int:
        return sum([self.words.get(piece, 0) for piece in pieces(token)])

    def logits(self, clues: Clues) -> list[float]:
        """Return the sums of every lane, in natural units."""
        said = tokens(clues.words)
        rules, words = self.rules, self.words
        whole = rules.get(BIAS, 0) + sum([rules.get(trait, 0) for trait in clues.traits])
        spoken = sum(map(self._word, said)) + sum([words.get(pair, 0) for pair in pairs(clues.words)])
        share = weight_of_words(len(said)) / ONE
        return [
            one / ONE + other * share
            for one, other in zip(unpack(whole, len(LANES)), unpack(spoken, len(LANES)), strict=True)
        ]

    def judged(self, clues: Clues) -> list[float]:
        """Return the sums with what the rules add by their own word: a vote for a kind, and urgency by definition.

        Service is the mean of two opinions: what was learnt of service alone, and what all kinds leave to none.
        """
        logits = self.logits(clues)
        top = max(logits[LANE[kind]] for kind in KINDS)
        any_kind = top + log(sum(exp(logits[LANE[kind]] - top) for kind in KINDS))
        logits[LANE["service"]] = (logits[LANE["service"]] + any_kind - logits[LANE[Kind.NINGUNO]]) / 2
        if clues.vote in LANE:
            logits[LANE[clues.vote]] += VOTE
        if clues.is_urgent and max(KINDS, key=lambda kind: logits[LANE[kind]]) not in _CALM:
            logits[LANE[Urgency.ALTA]] += URGENT
        return logits

    def telling(self, clues: Clues, name: str, sign: int = 1) -> list[tuple[float, str]]:
        """Return the written words that spoke most for a lane (or, with -1, against it), strongest first."""
        number, share = LANE[name], weight_of_words(len(tokens(clues.words))) / ONE
        weighed = {
            written: sign * lane(self._word(sound), number) * share
            for sound, written in zip(clues.words.sounds, clues.words.written, strict=True)
            if not sound.isdigit()
        }
        return sorted(((weight, written) for written, weight in weighed.items() if weight > 0), reverse=True)


def weight_of_words(count: int) -> float:
    """Return what one word of ``count`` weighs: a long complaint is not surer than its best sentence."""
    return 3 / sqrt(9 + 3 * count)


def probability(logit: float) -> float:
    """Return the logistic of a sum."""
    return 1 / (1 + exp(-logit)) if logit > -700 else 0.0


def shares(logits: list[float], names: tuple[str, ...]) -> dict[str, float]:
    """Return the softmax over some lanes."""
    sums = [logits[LANE[name]] for name in names]
    top = max(sums)
    raised = [exp(one - top) for one in sums]
    whole = sum(raised)
    return {name: one / whole for name, one in zip(names, raised, strict=True)}


@cache
def built() -> Model:
    """Return the model kept with the program, read once."""
    rules: dict[str, int] = {}
    words: dict[str, int] = {}
    with BUILT.open(encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            group, name, weights = line.rstrip("\n").split("\t")
            (rules if group == "r" else words)[name] = pack([int(weight) for weight in weights.split(",")])
    return Model(rules, words)


__all__ = ["BUILT", "KINDS", "ONE", "URGENCIES", "Model", "built", "probability", "shares", "weight_of_words"]
