"""Whether an answer only asks the customer to write again in private: «escríbanos por DM». Pure.

To somebody whose case is already open that is the answer that makes them shout (care.md, story 4). What says that
*we* write, go on or have written in private is not it, nor what warns against sending data there.
"""

from __future__ import annotations

import re
from bisect import bisect

from helpdesk.text import fold

_CHANNEL = re.compile(
    r"\b(?:d ?m ?s?|m ?d|m ?p|inbox|messenger|(?:direct|privad|intern)o?s?"
    r"|(?:mensaje|msj|msg|mensajito|chat|buzon)s? (?:direct|privad|intern)os?)\b"
)
# Said to the customer, in usted, tú, vos and ustedes: to write, send, tell, give, follow, come.
_ASKED = re.compile(
    r"\b(?:"
    r"escrib(?:a|e|i|an)(?:nos|me|le)?|escribir(?:nos|me)?"
    r"|(?:envi|mand|remit)(?:e|a|en|i)(?:nos|me|lo|la|los|las)?(?:los|las|lo|la)?"
    r"|(?:envi|mand)ar(?:nos|me|lo)?|remitir(?:nos)?"
    r"|(?:cuent|coment|contact|habl|dej|regal|facilit|indi(?:qu|c)|deta?ll|inform|confirm|pas|proporcion)"
    r"(?:e|a|en)(?:nos|me)"
    r"|(?:contact|coment|cont|habl|dej|compart|facilit|indic|detall|confirm|pas)[aei]r(?:nos|me)"
    r"|contacte|contacta|comuni(?:quese|cate|quense)|compart(?:a|e|an)(?:nos|me)?"
    r"|(?:de|da)(?:nos|me)|di(?:ga)?(?:nos|me)|sig(?:a|ue)(?:nos|me)|siguenos"
    r"|permit(?:a|e)(?:nos|me)|brind(?:e|a)(?:nos|me)|ayud(?:e|a)(?:nos|me)|acerquese|acercate|dirijase|dirigete"
    r"|(?:lo|la|te|le|los) (?:esperamos|leemos|atendemos|invitamos|pedimos)|(?:solo|unicamente) atendemos"
    r"|a (?:tus|sus) ordenes"
    r"|nos (?:envi|mand|escrib|cuent|compart|d)(?:es|as|e|a)"
    r"|(?:quedamos )?atentos? a (?:su|tu)|esperamos (?:su|tu)|(?:manda|mande|tira|escribe|escriba) (?:un|el|al)"
    r")\b"
)
_DENIED = re.compile(r"\b(?:no|nunca|jamas|ni|evite|evita|sin)\b(?: \w+){0,2} $")
_SENTENCE = re.compile(r"[.!?…\n]+(?=\s|$)|;")
_GAPS = re.compile(r"[^a-z0-9]+")
# Words between what is asked and where: further apart they are two things.
_APART = 14


def asks_to_write(text: str) -> str:
    """The words that ask the customer to write in private, folded; empty when none do. Linear in the text."""
    for sentence in _SENTENCE.split(fold(text)):
        words = f" {' '.join(_GAPS.sub(' ', sentence).split())} "
        channels = list(_CHANNEL.finditer(words))
        asked = (
            [found for found in _ASKED.finditer(words) if not _is_denied(words, found)] if channels else []
        )
        starts = [found.start() for found in asked]
        for channel in channels:
            # Only the nearest on each side: what is further away is further apart.
            at = bisect(starts, channel.start())
            for near in asked[max(0, at - 1) : at + 1]:
                first, last = min(near.start(), channel.start()), max(near.end(), channel.end())
                between = words[min(near.end(), channel.end()) : max(near.start(), channel.start())]
                if len(between) <= _APART * 12 and len(between.split()) <= _APART:
                    return words[first:last].strip()
    return ""


def _is_denied(words: str, asked: re.Match[str]) -> bool:
    return _DENIED.search(words[max(0, asked.start() - 40) : asked.start()]) is not None


def is_generic(text: str, numbers: list[str]) -> bool:
    """Whether the text asks that and names none of these cases: with its number it is no longer the generic one."""
    if not asks_to_write(text):
        return False
    words = f" {_GAPS.sub(' ', fold(text))} "
    return not any(said and f" {said} " in words for number in numbers for said in _writings(number))


def _writings(number: str) -> tuple[str, str]:
    """A number as words stand in a text: «SAC-881» in two, «SAC881» in one."""
    folded = fold(number)
    return _GAPS.sub(" ", folded).strip(), _GAPS.sub("", folded)
