"""A message as the rules read it: words as they sound, between single spaces. Pure.

Spanish is misspelt by sound: h comes and goes, b is v, c is s or z, ll is y, and telephones drop accents and vowels.
Words are compared by how they sound ("aser", "hacer"), so that one cue finds every spelling; what is told to people
is the word as it was written.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from helpdesk.text import fold

#: What is read of a message; the rest of a huge one says nothing new.
MAX_LETTERS = 3000
NOT = "!"
_DROPPED = re.compile(r"https?://\S+|[@＠]\w+")
_GAPS = re.compile(r"[^a-z0-9?]+")
# "h1jos", "m!erda", "p*tas": letters hidden behind signs.
_HIDDEN = re.compile(r"(?<=[a-z])[013457!*$](?=[a-z]{2})")
_SIGNS = frozenset("013457!*$")
_BEHIND = str.maketrans("013457!$", "oieastis")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_THRICE = tuple(letter * 3 for letter in "abcdefghijklmnopqrstuvwxyz")
#: What thumbs write, and what it stands for.
_SHORT = dict(
    pair.split("=")
    for pair in """
    q=que k=que ke=que xq=porque pq=porque porq=porque xk=porque x=por tb=tambien tmb=tambien tbn=tambien tmbn=tambien
    d=de dl=del uds=ustedes ud=usted vds=ustedes msj=mensaje msg=mensaje msjs=mensajes bn=bien grax=gracias
    grcs=gracias grac=gracias graciass=gracias plis=favor pls=favor porfis=porfa pf=porfa xfa=porfa xfavor=favor
    tel=telefono num=numero nro=numero dnd=donde cdo=cuando cnd=cuando m=me t=te n=en s=es hr=hora hrs=horas hs=horas
    min=minutos mins=minutos sucu=sucursal cta=cuenta ctas=cuentas tdc=tarjeta tdd=tarjeta tc=tarjeta bco=banco
    bcos=bancos info=informacion atte=atentamente cel=celular serv=servicio aki=aqui ak=aqui ps=pues pos=pues pa=para
    toy=estoy ta=esta toi=estoy tan=estan
    """.split()  # noqa: SIM905
)
_SOUNDS = (
    ("ch", "C"), ("qu", "k"), ("sce", "se"), ("sci", "si"), ("ce", "se"), ("ci", "si"), ("c", "k"), ("z", "s"),
    ("v", "b"), ("ge", "je"), ("gi", "ji"), ("gue", "ge"), ("gui", "gi"), ("ll", "y"), ("h", ""), ("nb", "mb"),
    ("np", "mp"), ("w", "gu"), ("x", "s"), ("C", "ch"),
)  # fmt: skip
_TWICE = re.compile(r"([a-z])\1")


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    """Return how a folded word sounds: "hacer" and "aser" are one. Idempotent enough to compare by."""
    word = _SHORT.get(word, word)
    for written, said in _SOUNDS:
        if written in word:
            word = word.replace(written, said)
    if len(word) > 2 and word.endswith("y"):
        word = word[:-1] + "i"
    return _TWICE.sub(r"\1", word) or "h"


def _sounds(cue: str) -> str:
    return " ".join(map(sound, cue.split()))


# How a letter sounds before e and i.
_SOFT = {"c": "s", "g": "j"}


class Wording(NamedTuple):
    """The words of a message as they sound and as they were written, one for one."""

    sounds: tuple[str, ...]
    written: tuple[str, ...]


def wording(text: str) -> Wording:
    """Return the words of a message. A question mark is a word; mentions and links are none; "pésiiimo" is short."""
    words = fold(text[:MAX_LETTERS])
    if "@" in words or "＠" in words or "http" in words:
        words = _DROPPED.sub(" ", words)
    if not _SIGNS.isdisjoint(words):
        words = _HIDDEN.sub(_uncovered, words)
    words = _GAPS.sub(" ", words)
    if "?" in words:
        words = words.replace("?", " ? ")
    for stretched in _THRICE:
        if stretched in words:
            words = _STRETCHED.sub(r"\1", words)
            break
    written = tuple(words.split())
    return Wording(tuple(map(sound, written)), written)


def _uncovered(sign: re.Match[str]) -> str:
    """Return the letter a sign stands for; a star hides a vowel nobody knows: "u" is what is mostly hidden."""
    return "u" if sign[0] == "*" else sign[0].translate(_BEHIND)


def cues(text: str) -> tuple[str, ...]:
    """Read cues, one a line or between "|": "cobr*" lets the word go on, "!lleg*" is what is denied."""
    parts = (part.strip() for line in text.strip().splitlines() for part in line.split("|"))
    return tuple(sounding for part in parts if part for sounding in _sounding(part))


def _sounding(cue: str) -> tuple[str, ...]:
    """Return a cue as it sounds. One that breaks off at c or g has both sounds: "reconoc*" is *reconozco* too."""
    denied = NOT if cue.startswith(NOT) else ""
    plain = cue.removeprefix(NOT)
    if not plain.endswith("*"):
        return (f"{denied}{_sounds(plain)} ",)
    plain = plain[:-1]
    whole = denied + _sounds(plain)
    soft = _SOFT.get(plain[-1])
    return (whole, whole[:-1] + soft) if soft else (whole,)
