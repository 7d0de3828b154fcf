"""``judge``: what a message is, how urgent, whom it hurts, and the words that say so. Pure, under a millisecond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from helpdesk.text import fold_handle
from tickets.triage.clues import Clues, clues
from tickets.triage.labels import KINDS, LANE, URGENCIES, Kind, Urgency
from tickets.triage.local import Offsets
from tickets.triage.model import Model, built, probability, shares
from tickets.triage.reasons import reasons_of
from tickets.triage.rules.language import claims_in

#: Likelier than this that somebody waits for an answer: service.
SERVICE_FROM = 0.62
#: Less likely than this it is noise for sure; between this and ``SURE_ABOVE`` it is doubtful, and goes to the queue.
NOISE_BELOW = 0.2
#: In private people write to the company and nobody else.
PRIVATE_NOISE_BELOW = 0.05
SURE_ABOVE = 0.75
# Rare verdicts are missed more often than wrong: said from less than even odds on, as our own corpus balances them.
ABUSIVE_FROM, THREAT_FROM = 0.45, 0.4


@dataclass(frozen=True, slots=True)
class Context:
    """What the caller knows beside the words: the folded handles of the account that was written to."""

    handles: frozenset[str] = frozenset()
    # Known to be said to us, though no handle says so: under a post of our page, or in private.
    is_to_us: bool = False
    is_private: bool = False
    # What this organization's corrections add, by trait and lane.
    offsets: Offsets = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What a message is judged to be. ``service`` is the likelier side; what is doubtful goes to the queue anyway."""

    service: bool
    kind: str
    urgency: str
    abusive: bool
    threat: bool
    courtesy: bool
    reiteration: bool
    language: str
    # That somebody waits for an answer, 0 to 1.
    confidence: float
    doubtful: bool
    clues: Clues = field(repr=False, compare=False)
    model: Model = field(repr=False, compare=False)
    kind_shares: dict[str, float] = field(repr=False, compare=False)
    # The words that claim something in another language than the model's.
    foreign: tuple[str, ...] = ()

    @property
    def is_noise(self) -> bool:
        """For sure nobody waits for an answer."""
        return not self.service and not self.doubtful

    @property
    def is_bare_insult(self) -> bool:
        """It attacks people and names no matter of service for sure: read in the queue, filed only by a colleague."""
        return self.abusive and (not self.service or self.doubtful or not self.clues.names_matter)

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """The words that made the verdict, each with what they stand for; told only when asked."""
        return reasons_of(self)

    def best_kind(self, among: Sequence[str]) -> str:
        """Return the likeliest of some kinds."""
        return max(among, key=lambda name: self.kind_shares[name])


_NOWHERE = Context()
_NONE: dict[str, float] = {}


def judge(text: str, context: Context = _NOWHERE, model: Model | None = None) -> Verdict:
    """Judge one message of any length. Never raises; the empty one is noise."""
    model = model or built()
    found = clues(text, context.handles, is_to_us=context.is_to_us)
    logits = model.judged(found)
    if context.offsets:
        for trait in found.traits:
            for lane, offset in context.offsets.get(trait, _NONE).items():
                logits[LANE[lane]] += offset
    confidence = probability(logits[LANE["service"]])
    if not text.strip():
        confidence = 0.0
    floor = PRIVATE_NOISE_BELOW if context.is_private else NOISE_BELOW
    service = confidence >= (floor if context.is_private else SERVICE_FROM)
    by_kind, by_urgency = shares(logits, KINDS), shares(logits, URGENCIES)
    kind = max(KINDS, key=by_kind.__getitem__)
    urgency = max(URGENCIES, key=by_urgency.__getitem__)
    said: list[str] = []
    if found.language != "es":
        said, is_alarm = claims_in(found.language, found.words.written)
        if said:
            service, kind, urgency = True, Kind.RECLAMO, Urgency.ALTA if is_alarm else Urgency.MEDIA
    return Verdict(
        service=service,
        kind=kind if service else Kind.NINGUNO,
        urgency=urgency if service else Urgency.BAJA,
        abusive=bool(found.words.written) and probability(logits[LANE["abusive"]]) >= ABUSIVE_FROM,
        threat=bool(found.words.written) and probability(logits[LANE["threat"]]) >= THREAT_FROM,
        courtesy=found.is_courtesy,
        reiteration=service and kind == Kind.SEGUIMIENTO and not found.is_courtesy,
        language=found.language,
        confidence=confidence,
        # What we cannot read is no noise for sure: it goes to the queue.
        doubtful=not said and (floor <= confidence < SURE_ABOVE or found.language != "es"),
        foreign=tuple(said),
        clues=found,
        model=model,
        kind_shares=by_kind,
    )


def context_of(*handles: str) -> Context:
    """Return the context of an account with these handles, as they are written."""
    return Context(frozenset(map(fold_handle, handles)))
