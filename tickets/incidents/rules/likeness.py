"""Which cases are alike, by the words they share; every likeness says which. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from protocols.typification.rules.stems import stem, words_of

# Two shared words are a likeness; one is when there are no more to share.
SHARED = 2
# Words of complaint that stand in cases of any kind: they group nothing.
COMMON = frozenset(
    stem(word)
    for word in """
    ayuda ayudan respuesta responden problema problemas servicio cliente clientes caso favor necesito quiero puedo
    pueden puede hacer hace pasa pasando dicen dice nadie nada solucion banco empresa urgente porfa alguien tiempo
    sigue sigo llevo horas minutos mal pesimo no sin saben sabe verdad aun
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Said:
    """A case and the words of it that tell something: stem → the word as it was written, folded."""

    ticket_id: int
    words: Mapping[str, str]


def told_words(text: str) -> dict[str, str]:
    """The words of a text that tell what it is about, by their stems, in order."""
    found: dict[str, str] = {}
    for word in words_of(text):
        if stem(word) not in COMMON and not word.isdigit():
            found.setdefault(stem(word), word)
    return found


def shared_words(said: Said, terms: Mapping[str, str]) -> list[str]:
    """The words a case shares with what is looked for, when they are enough for a likeness; else none."""
    shared = [said.words[one] for one in said.words if one in terms]
    return shared if len(shared) >= min(SHARED, max(len(terms), 1)) else []


@dataclass(frozen=True, slots=True)
class Cluster:
    """Cases that are alike, and the words that nearly all of them have."""

    tickets: tuple[int, ...]
    words: tuple[str, ...]


def largest_cluster(cases: Sequence[Said]) -> Cluster:
    """The most cases around one of them that share at least two words with it.

    Every case is tried as the middle; of as many, the first. Words are told most frequent first.
    """
    best: tuple[Said, ...] = ()
    tried: set[frozenset[str]] = set()
    for middle in cases:
        # Who says just what another said has the same around them: in an outage, hundreds do.
        if (words := frozenset(middle.words)) in tried:
            continue
        tried.add(words)
        alike = tuple(
            one for one in cases if one is middle or len(one.words.keys() & middle.words.keys()) >= SHARED
        )
        if len(alike) > len(best):
            best = alike
    counts = Counter(one for said in best for one in said.words)
    most = [one for one, n in counts.most_common() if n * 2 > len(best)]
    names = {one: said.words[one] for said in reversed(best) for one in said.words}
    return Cluster(tuple(said.ticket_id for said in best), tuple(names[one] for one in most[:6]))


def are_one(one: str, other: str) -> bool:
    """Whether two incidents are likely the same: they share two telling words, or half of the shorter one's."""
    mine, theirs = told_words(one).keys(), told_words(other).keys()
    shared, shorter = len(mine & theirs), min(len(mine), len(theirs))
    return shared >= 1 and (shared >= SHARED or shared * 2 >= shorter)
