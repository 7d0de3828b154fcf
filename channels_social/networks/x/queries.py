"""Recent search's query from words an admin types. Pure (docs.x.com, "Build a query", read 2026-08)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Self-serve plans; counted in characters (docs.x.com, "Recent search").
LONGEST = 512
# A word X matches by itself; anything else goes between quotes, so that nobody writes an operator by accident.
_PLAIN = re.compile(r"[#$]?\w+", re.UNICODE)
_WORDLESS = re.compile(r"[^\w#$'’.\- ]+", re.UNICODE)
_RESERVED = {"and", "or", "not"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to listen for: any of ``include``, none of ``exclude``, nothing by or to ``own`` handles."""

    include: Sequence[str]
    exclude: Sequence[str] = ()
    language: str = ""
    own: Sequence[str] = ()


def build(wanted: Wanted) -> str:
    """The query. Raises ``ValueError`` (``no_words``) when nothing is left to look for."""
    terms = list(dict.fromkeys(filter(None, map(term, wanted.include))))
    if not terms:
        raise ValueError("no_words")
    parts = [terms[0] if len(terms) == 1 else f"({' OR '.join(terms)})"]
    parts += [f"-{one}" for one in dict.fromkeys(filter(None, map(term, wanted.exclude)))]
    if wanted.language:
        parts.append(f"lang:{wanted.language}")
    parts.append("-is:retweet")
    # What is said to us comes in by itself, and cheaper.
    parts += [f"-from:{handle} -@{handle}" for handle in wanted.own]
    return " ".join(parts)


def term(words: str) -> str:
    """Words as one term: plain when X takes them so, else as an exact phrase; empty when nothing can match."""
    said = " ".join(_WORDLESS.sub(" ", words).split())
    if not any(letter.isalnum() for letter in said):
        return ""
    if _PLAIN.fullmatch(said) and said.lower() not in _RESERVED:
        return said
    return f'"{said}"'


def lines(text: str) -> list[str]:
    """Words typed one a line or between commas, each once, in their order."""
    found: Iterable[str] = (" ".join(one.split()) for one in re.split(r"[\n,;]+", text))
    return list(dict.fromkeys(one for one in found if one))
