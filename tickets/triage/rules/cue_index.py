"""Many cues looked for at once in the words of a message: a few look-ups a word, however many cues there are. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

from tickets.triage.rules.wording import NOT, Wording, sound

T = TypeVar("T")

_SHORT, _LONG = 3, 5
DENYING = frozenset(["no", "ni", "nadie", "nunca", "jamas", "tampoco"])
# What may stand between "no" or "nadie" and the verb it denies.
BETWEEN = frozenset(
    map(
        sound,
        """
        me te le nos os les se lo la los las ha han he hemos has habeis esta estan puedo puede pueden podemos podeis
        pude poder podido podia va van voy a fue ya quiere quieren quiso logro sido siquiera dejado
        """.split(),  # noqa: SIM905
    )
)
_MAX_BETWEEN = 4
# A cue's further words, whether its last goes on, and what it stands for.
Further = tuple[tuple[str, ...], bool, T]


class CueIndex(Generic[T]):
    """Cues as ``cues`` reads them: whole phrases end in a space, the others let their last word go on."""

    def __init__(self, pairs: Iterable[tuple[str, T]]) -> None:
        """Take cues, each with what it stands for; those that begin with "!" follow a denial."""
        listed = list(dict.fromkeys(pairs))
        self._plain = _Phrases([pair for pair in listed if not pair[0].startswith(NOT)])
        self._denied = _Phrases([(cue[1:], meaning) for cue, meaning in listed if cue.startswith(NOT)])

    def find(self, words: Wording) -> list[tuple[str, T]]:
        """Return the written words that match with what they stand for, each pair once, in the message's order."""
        found: dict[tuple[str, T], None] = {}
        sounds, written = words
        for at, word in enumerate(sounds):
            for length, meaning in self._plain.at(sounds, at, word):
                found[written[at] if length == 1 else " ".join(written[at : at + length]), meaning] = None
            if word in DENYING:
                verb = _verb(sounds, at + 1)
                if verb < len(sounds):
                    for length, meaning in self._denied.at(sounds, verb, sounds[verb]):
                        found[" ".join(written[at : verb + length]), meaning] = None
        return list(found)


class _Phrases(Generic[T]):
    """Phrases by their first word: alone, or with more after it."""

    def __init__(self, pairs: Sequence[tuple[str, T]]) -> None:
        self._whole: dict[str, list[T]] = {}
        self._begins: dict[str, list[tuple[str, T]]] = {}
        self._more: dict[str, dict[str, list[Further[T]]]] = {}
        self._more_open: dict[str, list[Further[T]]] = {}
        for cue, meaning in pairs:
            self._add(cue.split(), not cue.endswith(" "), meaning)
        self._alone = lru_cache(maxsize=8192)(self._find_alone)

    def _add(self, parts: list[str], goes_on: bool, meaning: T) -> None:
        first, *rest = parts
        if not rest:
            if goes_on:
                self._begins.setdefault(first[: _LONG if len(first) >= _LONG else _SHORT], []).append(
                    (first, meaning)
                )
            else:
                self._whole.setdefault(first, []).append(meaning)
        elif len(rest) == 1 and goes_on:
            self._more_open.setdefault(first, []).append((tuple(rest), True, meaning))
        else:
            self._more.setdefault(first, {}).setdefault(rest[0], []).append((tuple(rest), goes_on, meaning))

    def _find_alone(self, word: str) -> tuple[tuple[int, T], ...]:
        begun = [*self._begins.get(word[:_SHORT], ()), *self._begins.get(word[:_LONG], ())]
        found = [*self._whole.get(word, ()), *(meaning for cue, meaning in begun if word.startswith(cue))]
        return tuple((1, meaning) for meaning in dict.fromkeys(found))

    def at(self, sounds: Sequence[str], at: int, word: str) -> Iterable[tuple[int, T]]:
        """Return how many words match from ``at`` on, and what they stand for."""
        alone = self._alone(word)
        further, further_open = self._more.get(word), self._more_open.get(word)
        if (further is None and further_open is None) or at + 1 >= len(sounds):
            return alone
        following = sounds[at + 1]
        found = list(alone)
        for rest, goes_on, meaning in further.get(following, ()) if further else ():
            if len(rest) == 1 or _continues(sounds, at + 1, rest, goes_on):
                found.append((1 + len(rest), meaning))
        for rest, _goes_on, meaning in further_open or ():
            if following.startswith(rest[0]):
                found.append((2, meaning))
        return found


def _continues(sounds: Sequence[str], at: int, rest: tuple[str, ...], goes_on: bool) -> bool:
    if not goes_on:
        return tuple(sounds[at : at + len(rest)]) == rest
    last = at + len(rest) - 1
    return last < len(sounds) and tuple(sounds[at:last]) == rest[:-1] and sounds[last].startswith(rest[-1])


def _verb(sounds: Sequence[str], at: int) -> int:
    """Return where the verb after a "no" is, past pronouns and auxiliaries."""
    for _ in range(_MAX_BETWEEN):
        if at >= len(sounds) or sounds[at] not in BETWEEN:
            break
        at += 1
    return at
