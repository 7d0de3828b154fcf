"""A message as clues with names: what the rules found, how it looks, and its words. Pure; the model weighs them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from tickets.triage.rules import kind as kinds
from tickets.triage.rules import talk_cues, urgency_cues
from tickets.triage.rules.classes import CLASSES
from tickets.triage.rules.courtesy import is_courtesy
from tickets.triage.rules.cue_index import CueIndex
from tickets.triage.rules.language import language_of
from tickets.triage.rules.shape import shape
from tickets.triage.rules.situation import MANY_OF, called, situation
from tickets.triage.rules.wording import Wording, wording

INSULT, _SWEARING, _AUTHORITY = "insulto", "grosería", "autoridad"
_DOUBTFUL, _CALLING = "posible insulto", "llamar"
CRITICAL, HIGH, TRIP, SOON, GENERAL = "crítico", "urgente", "viaje", "pronto", "información general"
NOISE, FOLLOW_UP, THREAT = "ruido", "seguimiento", "amenaza"
_FLAT = (
    (INSULT, talk_cues.INSULT),
    (_DOUBTFUL, talk_cues.DOUBTFUL_INSULT),
    (_CALLING, talk_cues.CALLING),
    (_SWEARING, talk_cues.SWEARING),
    (_AUTHORITY, talk_cues.AUTHORITY),
    ("persona", talk_cues.PERSONAL),
    ("trato", talk_cues.ADDRESSED),
    (TRIP, urgency_cues.TRIP),
    (SOON, urgency_cues.SOON),
    (GENERAL, urgency_cues.GENERAL),
)
_GROUPED = (
    (NOISE, talk_cues.NOISE),
    (FOLLOW_UP, talk_cues.FOLLOW_UP),
    (THREAT, talk_cues.THREAT),
    (CRITICAL, urgency_cues.CRITICAL),
    (HIGH, urgency_cues.HIGH),
)
#: What a cue stands for: its group, the reason told, and for kinds how much it weighs.
Meaning = tuple[str, str, float]
_KIND, CLASS = "tipo", "clase"
INDEX: CueIndex[Meaning] = CueIndex(
    [
        *((cue, (_KIND, kind, weight)) for cue, (kind, weight) in kinds.WEIGHED),
        *((cue, (group, group, 1.0)) for group, found in _FLAT for cue in found),
        *((cue, (CLASS, name, 1.0)) for name, found in CLASSES.items() for cue in found),
        *(
            (cue, (group, why, 1.0))
            for group, found in _GROUPED
            for why, listed in found.items()
            for cue in listed
        ),
    ]
)
# "llevo 3 semanas", "hace 2 meses", "4 veces", "sale en 5 horas".
_DOING = r"(?:sin|esperando|pidiendo|tratando|intentando|llamando|escribiendo|reclamando)"
_WAITED = re.compile(
    rf"\b(?:llevo|llevamos|llevan|ya van|van|desde hace) {MANY_OF} (?:dia|semana|mes|ano|hora)\w*"
    rf"|\b{MANY_OF} (?:dias|semanas|meses|horas) {_DOING}\b"
)
_TIMES = re.compile(
    r"\b(?:[3-9]|\d\d+|tres|cuatro|cinco|seis|mil) (?:veces|llamadas|correos|intentos|mensajes)\b"
    r"|\b(?:[3-9]|\d\d+|tres|cuatro|cinco|seis) (?:reclamos|reportes|visitas)\b"
)
_COUNTING = frozenset("un una dos tres cuatro cinco seis mil varios varias muchos muchas".split())  # noqa: SIM905
_HOURS_LEFT = re.compile(r"\ben (\d{1,2}) (?:h|hs|hrs|hora|horas)\b")


# Who names the regulator or the law, and who asks again and again, waits for an answer today (LABELS); how much blocked
# money, luggage and fraud press is learnt.
_URGENT_TRAITS = frozenset(
    {
        "names:authority", _AUTHORITY, f"{HIGH}:contactos repetidos sin respuesta",
        f"{HIGH}:ente de control o vía legal",
    }
)  # fmt: skip

_ATTACKS = frozenset({INSULT, _DOUBTFUL, _SWEARING, _CALLING})
# Kinds and classes of words that anybody who only scolds uses as well; and what a matter of service is made of.
_MANNERS = frozenset({"pregunta", "gracias", "sugerencia", "felicitacion"})
_MATTERS = frozenset(
    {
        "cobro", "dinero", "devolver", "acceso", "canal digital", "producto", "viaje", "falla", "contacto",
        "lugar", "espera", "fraude", "caso", "silencio",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clues:
    """Everything the rules see in a message. ``said`` are cues as (written words, (group, reason, weight))."""

    words: Wording
    said: tuple[tuple[str, Meaning], ...]
    traits: tuple[str, ...]
    kind_scores: dict[str, float]
    vote: str
    is_courtesy: bool

    @property
    def is_urgent(self) -> bool:
        """Whether a rule saw what makes a message urgent by definition."""
        return not _URGENT_TRAITS.isdisjoint(self.traits)

    @property
    def language(self) -> str:
        """es, en, pt or ca."""
        return language_of(self.words.written)

    def of(self, group: str) -> list[tuple[str, str]]:
        """Return (reason, written words) of the cues of one group."""
        return [(why, written) for written, (found, why, _) in self.said if found == group]

    @property
    def names_matter(self) -> bool:
        """Whether a rule saw something of service besides the words that attack or reprove."""
        reproving = {
            written for written, (group, why, _) in self.said if group in _ATTACKS or why == "reprobar"
        }
        return any(
            group in (CRITICAL, HIGH, TRIP)
            or (group == CLASS and why in _MATTERS)
            or (group == _KIND and why not in _MANNERS)
            for written, (group, why, _) in self.said
            if written not in reproving
        )

    def for_kind(self, *wanted: str) -> list[str]:
        """Return the written words that speak for kinds, strongest first."""
        spoken = [
            (weight, written)
            for written, (group, kind, weight) in self.said
            if group == _KIND and kind in wanted
        ]
        return [written for _, written in sorted(spoken, key=lambda pair: -pair[0])]


def clues(text: str, own: frozenset[str] = frozenset(), *, is_to_us: bool = False) -> Clues:
    """Read a message; ``own`` are the folded handles of who receives it, ``is_to_us`` what the channel says."""
    words = wording(text)
    said = INDEX.find(words)
    said.extend(_counted(words))
    scores = kinds.scores([(why, weight) for _, (group, why, weight) in said if group == _KIND], words, text)
    courtesy = is_courtesy(text, words)
    vote = kinds.vote(scores)
    traits = [*shape(text, words, own, is_to_us=is_to_us), *_grouped(said)]
    if vote:
        traits.append(f"vote:{vote}")
        traits.append(
            f"vote:{vote}:{'sure' if scores[vote] >= 8 else 'likely' if scores[vote] >= 4 else 'weak'}"
        )
    traits.extend(f"some:{kind}" for kind, score in scores.items() if score >= 3)
    traits.append(f"failure against attention:{_scale(scores['reclamo'] - scores['queja'])}")
    if courtesy:
        traits.append("courtesy")
    traits.extend(_situated(said, words, frozenset(traits)))
    traits.extend(_together(frozenset(traits), vote))
    traits.extend(_classes(said, "question" in traits))
    return Clues(words, tuple(said), tuple(dict.fromkeys(traits)), scores, vote, courtesy)


def _scale(difference: float) -> str:
    """Return a difference of scores in steps."""
    steps = ((-8, "--"), (-3, "-"), (-0.5, "~-"), (0.5, "="), (3, "~+"), (8, "+"))
    return next((name for limit, name in steps if difference <= limit), "++")


def _classes(said: list[tuple[str, Meaning]], asks: bool) -> Iterator[str]:
    """Yield the classes of the words, and every two of them that stand together."""
    found = sorted({why for _, (group, why, _weight) in said if group == CLASS})
    if asks:
        found.append("?")
    yield from _pairs_of(tuple(found))


@lru_cache(maxsize=4096)
def _pairs_of(found: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of some classes, and of every two of them."""
    pairs = (f"#{one}+{other}" for number, one in enumerate(found) for other in found[number + 1 :])
    return (*(f"#{name}" for name in found), *pairs) if found else ("#none",)


# Traits that mean another thing beside the vote: a question about a failure is no question.
_BESIDE = (
    "question", "question:inside", FOLLOW_UP, "no persona", "no trato", "to:company", "to:nobody", "to:person_first",
    "to:inside", "link", "face:angry", "past:first", NOISE, HIGH, "shouts", _SWEARING, "size:5", "size:2", "size:more",
)  # fmt: skip


def _together(traits: frozenset[str], vote: str) -> Iterator[str]:
    """Yield pairs of traits that say more than each alone."""
    for other in _BESIDE:
        if other in traits:
            yield f"{vote or 'no vote'} & {other}"
    short = "size:2" in traits or "size:5" in traits
    if short and "to:company" in traits:
        yield "short to company" if "question" not in traits else "short question to company"


def _counted(words: Wording) -> Iterator[tuple[str, Meaning]]:
    """Times and waits told in numbers, and a journey that is near."""
    if _COUNTING.isdisjoint(words.written) and not any(map(str.isdigit, words.written)):
        return
    written = " ".join(words.written)
    # To have waited long is less than to have asked again and again.
    for found, why in (
        (_TIMES.search(written), "contactos repetidos sin respuesta"),
        (_WAITED.search(written), "espera larga"),
    ):
        if found:
            yield found[0], (HIGH, why, 1.0)
    for found in _HOURS_LEFT.finditer(written):
        if int(found[1]) <= 24:
            yield found[0], (SOON, SOON, 1.0)


_MANY = {INSULT, _SWEARING, NOISE, FOLLOW_UP, "persona", "trato", HIGH, CRITICAL}


def _grouped(said: list[tuple[str, Meaning]]) -> Iterator[str]:
    """Yield which groups spoke, why, and whether more than once or not at all."""
    counts: dict[str, int] = {}
    for _, (group, why, _weight) in said:
        if group in (_KIND, CLASS, _CALLING):
            continue
        counts[group] = counts.get(group, 0) + 1
        if why != group:
            yield f"{group}:{why}"
    for group, count in counts.items():
        yield group
        if count > 1 and group in _MANY:
            yield f"{group}:2" if count == 2 else f"{group}:3"
    for group in ("persona", "trato"):
        if group not in counts:
            yield f"no {group}"
    if _AUTHORITY in counts and THREAT in counts:
        yield "autoridad y amenaza"
    if INSULT in counts and "trato" in counts:
        yield "insulto y trato"
    if _DOUBTFUL in counts and "trato" in counts:
        yield "posible insulto y trato"
    if NOISE in counts and "persona" not in counts:
        yield "ruido sin persona"


def _situated(said: list[tuple[str, Meaning]], words: Wording, traits: frozenset[str]) -> Iterator[str]:
    """Yield who is called what, and what several clues say together."""
    insults = [(group, called_so) for called_so, (group, *_) in said if group in (INSULT, _DOUBTFUL)]
    if insults:
        yield from called(insults, [calling for calling, (group, *_) in said if group == _CALLING], words)
    classes = {why for _, (group, why, _weight) in said if group == CLASS}
    yield from situation(classes, {group for _, (group, *_) in said}, words, traits)


_EDGE = 4


@lru_cache(maxsize=4096)
def pieces(word: str) -> tuple[str, ...]:
    """Return a word as it sounds, its beginning, and its runs of four letters: what misspellings leave whole."""
    if len(word) <= 3:
        return (word,)
    found = [word, f"{word[:5]}-"] if len(word) > 5 else [word]
    edged = f"^{word}$"
    if len(word) > 4:
        found.extend(f"~{edged[at : at + _EDGE]}" for at in range(len(edged) - _EDGE + 1))
    return tuple(found)


def tokens(words: Wording) -> set[str]:
    """Return the words as they sound; numbers are all one."""
    return {"0" if word.isdigit() else word for word in words.sounds}


def pairs(words: Wording) -> set[str]:
    """Return neighbouring words, with the edges of the message."""
    said = ["^", *("0" if word.isdigit() else word for word in words.sounds), "$"]
    return {f"{one} {other}" for one, other in zip(said, said[1:], strict=False)}
