"""What of a message says what it asks: its stems without what everybody writes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from helpdesk.stems import stem
from helpdesk.stems import words_of as all_words

# Stems that stand in messages about anything: asking, waiting, being angry, thanking, and the forms of common verbs.
_EVERYWHERE = frozenset(
    """
    est esta estan estar estoy estamo
    quier quis pued pod pud hac hag hic hiz hech dic dij deci dig dec sab se ver vist veo vea viend ir fue fui
    responde respond respuest contest ayud ayuda necesit servici client atencion problem pas pasad cas situacion
    solucion solucionar urgent porfa pleas plis porfavor buen mal mejor peor mism nad nadi nunc sigo sigu segu
    llev esper dar dan dad doy dej pon pong pus met sal qued gent person cos veces mes seman dia hor minut tiemp
    ano ante despu mientra aun asi bien tan tant cuant muchi much poc vay jaj jajaj mierd put cabr hij hdp
    ladron rater porqueri asco verguenz pesim horribl incompetent inut mand escrib mensaj inform informaci
    intent inten trat llam numer dm md inbox privad favor gracia salud hol buena tard noch cordial estimad quej
    reclam deb crei cre parec sient vid mund verdad suerte segur clar oye oig mir mira ok okay amig senor
    """.split()  # noqa: SIM905
)
_SHORTEST = 3
_SHOWN = re.compile(r"https?://\S+|[@＠#]\w+|[^\W_]+(?:['’-][^\W_]+)*")


def signs_of(text: str) -> tuple[str, ...]:
    """The stems that say what is asked, each once, in order. Figures say whose it is, not what: they are left out."""
    found = {}
    for word in all_words(text):
        if len(word) < _SHORTEST or not word.isalpha():
            continue
        sign = stem(word)
        if len(sign) >= _SHORTEST and sign not in _EVERYWHERE and word not in _EVERYWHERE:
            found[sign] = True
    return tuple(found)


def spoken(text: str) -> Iterator[tuple[str, str]]:
    """(word as it was written, its stem) of a text in order, mentions, tags and links left out; for showing."""
    for match in _SHOWN.finditer(text):
        word = match[0]
        if word[0] in "@＠#" or word.startswith(("http://", "https://")):
            continue
        folded = all_words(word)
        yield word, stem(folded[0]) if folded else ""


def parted(text: str) -> Iterator[tuple[str, str]]:
    """The whole text in order, in pieces: words with their stem, and what stands between them with none."""
    at = 0
    for match in _SHOWN.finditer(text):
        yield text[at : match.start()], ""
        folded = all_words(match[0])
        yield match[0], stem(folded[0]) if folded else ""
        at = match.end()
    yield text[at:], ""
