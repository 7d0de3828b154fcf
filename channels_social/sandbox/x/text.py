"""X's text: escaped, links shortened, mentions found, length weighed (twitter-text v3, loosely)."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from typing import Any

URL = re.compile(
    r"https?://[^\s<>\"']{1,2000}|\b(?:[a-z0-9-]{1,63}\.){1,4}(?:com|co|es|org|net|gov|io)\b(?:/[^\s]{0,500})?",
    re.I,
)
MENTION = re.compile(r"(?<![\w@/])@(\w{1,15})(?!\w)")
HASHTAG = re.compile(r"(?<![\w#&])#(\w{1,100})")
LEADING = re.compile(r"(?:@\w{1,15}\s+)+")
LIGHT = ((0, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
JOINS = {0x200D, 0xFE0F, 0x20E3} | set(range(0x1F3FB, 0x1F400))
LIMIT = 280


def escape(text: str) -> str:
    """As X tells it: `&`, `<` and `>` as entities, nothing else."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def short_link(url: str) -> str:
    """The t.co address of a link, always the same 23 characters for the same link."""
    return "https://t.co/" + hashlib.sha256(url.encode()).hexdigest()[:10]


def shorten(text: str) -> tuple[str, dict[str, str]]:
    """The text with its links as t.co, and what each short link stands for."""
    links: dict[str, str] = {}

    def swap(found: re.Match[str]) -> str:
        url = found.group().rstrip(".,;:!?)»”")
        links[short_link(url)] = url
        return short_link(url) + found.group()[len(url) :]

    return URL.sub(swap, text), links


def entities(text: str, links: dict[str, str], who: Callable[[str], int | None]) -> dict[str, Any]:
    """Mentions of known users, links and hashtags of an escaped text; positions count code points."""
    found: dict[str, list[dict[str, Any]]] = {"mentions": [], "urls": [], "hashtags": []}
    for m in MENTION.finditer(text):
        if (user := who(m.group(1))) is not None:
            found["mentions"].append(
                {"start": m.start(), "end": m.end(), "username": m.group(1), "id": str(user)}
            )
    for short, url in links.items():
        at = text.find(short)
        if at >= 0:
            full = url if "://" in url else "http://" + url
            shown = re.sub(r"^https?://(www\.)?", "", url)
            shown = shown[:26] + "…" if len(shown) > 27 else shown
            found["urls"].append(
                {
                    "start": at,
                    "end": at + len(short),
                    "url": short,
                    "expanded_url": full,
                    "display_url": shown,
                }
            )
    for m in HASHTAG.finditer(text):
        found["hashtags"].append({"start": m.start(), "end": m.end(), "tag": m.group(1)})
    return {kind: items for kind, items in found.items() if items}


def weight(text: str) -> int:
    """Weighted length in X's characters.

    A link is 23, an emoji sequence 2 (near enough to refuse what X refuses).
    """
    plain = URL.sub("x" * 23, unicodedata.normalize("NFC", text))
    total, joined = 0, False
    for char in plain:
        code = ord(char)
        if code in JOINS or (joined and code > 0x10FF):
            joined = code == 0x200D
            continue
        joined = False
        total += 1 if any(low <= code <= high for low, high in LIGHT) else 2
    return total


def without_leading_mentions(text: str) -> str:
    """The text after the mentions X puts in front of a reply."""
    found = LEADING.match(text)
    return text[found.end() :] if found else text


def folded(text: str) -> str:
    """What two texts must share to be duplicates of each other."""
    return " ".join(unicodedata.normalize("NFC", without_leading_mentions(text)).split()).casefold()
