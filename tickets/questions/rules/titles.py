"""What a group of questions is called: the words most of its members say together, as they write them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from tickets.questions.rules.words import spoken

_LONGEST, _READ = 7, 200
# Said by this many at least, or a name could be one person's.
_SAID_BY, _SHARE = 3, 0.25


def title_of(texts: Sequence[str], terms: Collection[str], said_by: int = _SAID_BY) -> str:
    """The phrase that most texts share and that has most of the terms; without one, the terms as they are written."""
    phrases: Counter[tuple[str, ...]] = Counter()
    weights: dict[tuple[str, ...], int] = {}
    for text in texts[:_READ]:
        words = [(word.lower(), sign) for word, sign in spoken(text)]
        for phrase, weight in _phrases(words, terms).items():
            phrases[phrase] += 1
            weights[phrase] = weight
    read = min(len(texts), _READ)
    enough = max(min(said_by, max(2, read)), _SHARE * read)
    best = max(
        (phrase for phrase, n in phrases.items() if n >= enough),
        key=lambda phrase: (phrases[phrase] * weights[phrase] ** 1.6, -len(phrase), phrase),
        default=None,
    )
    said = " ".join(best) if best is not None else ", ".join(words_for(texts, list(terms)[:4]).values())
    return said[:1].upper() + said[1:]


def words_for(texts: Sequence[str], terms: Collection[str]) -> dict[str, str]:
    """Each term as it is written most."""
    written: dict[str, Counter[str]] = {}
    for text in texts[:_READ]:
        for word, sign in spoken(text):
            if sign in terms:
                written.setdefault(sign, Counter())[word.lower()] += 1
    return {sign: written[sign].most_common(1)[0][0] for sign in terms if sign in written}


def _phrases(words: Sequence[tuple[str, str]], terms: Collection[str]) -> dict[tuple[str, ...], int]:
    """Every run of words that begins and ends with a term, with how many terms it has."""
    found: dict[tuple[str, ...], int] = {}
    for at, (_word, sign) in enumerate(words):
        if sign not in terms:
            continue
        had = {sign}
        for end in range(at + 1, min(at + _LONGEST, len(words))):
            if any(map(str.isdigit, words[end][0])):
                break  # figures say whose it is: no phrase goes over them
            if words[end][1] not in terms:
                continue
            had.add(words[end][1])
            if len(had) >= 2:
                found[tuple(word for word, _sign in words[at : end + 1])] = len(had)
    return found
