"""What a message looks like, before its words are read: who is spoken to, links, tags, faces, capitals. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from helpdesk.text import fold
from tickets.triage.rules.brands import is_authority, is_brand, is_brand_word
from tickets.triage.rules.wording import Wording

_HANDLE = re.compile(r"[@＠](\w{1,50})")
_LEADING = re.compile(r"\s*(?:[.¡!]\s*)?[@＠](\w{1,50})")
_URL = re.compile(r"https?://")
_TAG = re.compile(r"#\w")
_MONEY = re.compile(r"[$€£]\s?\d|\d\s?(?:€|\$|euros|pesos|usd|mxn|cop|soles|lucas|mil pesos)", re.IGNORECASE)
_PERCENT = re.compile(r"\d\s?%")
_LONG_NUMBER = re.compile(r"\d{5,}|<num>|[A-Z]{2,4}[\d]{4,}")
# "compré", "pagué", "pedí": only the accent tells the first person from the rest.
_PAST = re.compile(r"(?<=\w\w)[éí]\b")
_SPEAKERS = re.compile(r"(?:^|\n|  )\s*-?\s?[A-ZÁÉÍÓÚ]\w{0,12}\s?:\s", re.MULTILINE)
_VIA = re.compile(
    r"\b[vV](?:i|í)a\s+[@#]|^RT\s@|\bRT\s@|…\s*$|\.\.\.\s*https?://\S+\s*$|…\s*https?://\S+\s*$"
)
# "m****", "****", "p#@!": swearing that was covered.
_CENSORED = re.compile(
    r"\*{3,}|\b[a-zA-Z]-{3,}|\b[a-zA-Z]\*{2,}[a-zA-Z]?|(?<=[a-zA-Z])\*(?=[a-zA-Z])|[#@$%&!]{4,}(?<!!!!!)"
)
_QUOTED = re.compile(r"[“”«»\"]")
_ANGRY = frozenset("😡🤬😠😤👎🖕💩🙄😒🤮👿")
_SAD = frozenset("😭😢😞😔😩😫😟🥺☹🙁💔😰😥😪")
_LAUGH = frozenset("😂🤣😹😆😅🤡")
_GLAD = frozenset("👍🙏👌✅🙌👏🤝💪😊😀😃😄😁🙂😉🥰😘❤💙💚💛🧡💜🤗☺✨💯🫡🎉😍🤩✈")
_SIZES = ((0, "0"), (2, "2"), (5, "5"), (10, "10"), (18, "18"), (32, "32"), (60, "60"))


def shape(text: str, words: Wording, own: frozenset[str], *, is_to_us: bool) -> Iterator[str]:
    """Yield the named traits of a message; ``own`` are the folded handles of who receives it."""
    yield from _spoken_to(text, own, is_to_us=is_to_us)
    yield from _pieces(text)
    yield from _faces(text, words)
    count = len(words.written)
    yield "size:" + next((name for limit, name in _SIZES if count <= limit), "more")
    if any(map(_names_company, words.written)):
        yield "brand:word"
    if count > 3 and sum(map(str.isupper, text)) > 0.6 * sum(map(str.isalpha, text)):
        yield "capitals"


_names_company = lru_cache(maxsize=8192)(is_brand_word)
_watches = lru_cache(maxsize=8192)(is_authority)
_looks_official = lru_cache(maxsize=8192)(is_brand)


def _is_company(handle: str, own: frozenset[str]) -> bool:
    return _looks_official(handle) or fold(handle) in own


def _spoken_to(text: str, own: frozenset[str], *, is_to_us: bool) -> Iterator[str]:
    """Who the message begins with and who else it names."""
    if "@" not in text and "＠" not in text:
        yield "to:company" if is_to_us else "to:nobody"
        return
    first = _LEADING.match(text)
    handles = _HANDLE.findall(text)
    if any(map(_watches, handles)):
        yield "names:authority"
    companies = sum(_is_company(handle, own) for handle in handles)
    others = len(handles) - companies
    if first is None:
        yield "to:inside" if companies else "to:inside_person"
    elif _is_company(first[1], own):
        yield "to:company"
    else:
        yield "to:person_first" if companies else "to:person"
    if others and companies:
        yield "to:both"
    if others > 1:
        yield "people:2" if others == 2 else "people:many"
    if companies > 1:
        yield "companies:many"


def _pieces(text: str) -> Iterator[str]:
    """Links, tags, sums, questions, ends."""
    links = len(_URL.findall(text)) if "http" in text else 0
    if links:
        yield "link" if links == 1 else "links"
    tags = len(_TAG.findall(text)) if "#" in text else 0
    if tags:
        yield "tag" if tags == 1 else "tags"
    if "?" in text:
        yield "question" if text.rstrip().endswith("?") or text.count("?") > 1 else "question:inside"
    if "!!" in text:
        yield "shouts"
    letters = set(text)
    for name, hints, pattern in _PATTERNS:
        if not hints.isdisjoint(letters) and pattern.search(text):
            yield name


_DIGITS = frozenset("0123456789")
# Each with letters without which it cannot be: most messages are not searched at all.
_PATTERNS = (
    ("money", _DIGITS, _MONEY),
    ("percent", frozenset("%"), _PERCENT),
    ("number", _DIGITS | frozenset("<"), _LONG_NUMBER),
    ("past:first", frozenset("éí"), _PAST),
    ("dialogue", frozenset(":"), _SPEAKERS),
    ("via", frozenset("@#…:"), _VIA),
    ("quoted", frozenset('“”«»"'), _QUOTED),
    ("censored", frozenset("*-#$%&!"), _CENSORED),
)


def _faces(text: str, words: Wording) -> Iterator[str]:
    if not text.isascii():
        letters = set(text)
        for name, faces in (("angry", _ANGRY), ("sad", _SAD), ("laugh", _LAUGH), ("glad", _GLAD)):
            if not faces.isdisjoint(letters):
                yield f"face:{name}"
                if not words.written:
                    yield f"face:{name}:alone"
    if not words.written:
        yield "wordless"
