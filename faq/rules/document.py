"""What an article says, as a value: made of a form, of a seed or of what was stored. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from helpdesk.text import clean

TITLE, SUMMARY, BODY, KEYWORD = 160, 280, 20_000, 60
MOST_KEYWORDS = 20
_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Document:
    """``category`` is a key or None; ``countries`` are ISO 3166 codes, none meaning everywhere."""

    title: str = ""
    summary: str = ""
    body: str = ""
    # Other words people ask it with; found by a search, shown nowhere.
    keywords: tuple[str, ...] = field(default=())
    category: int | None = None
    countries: tuple[str, ...] = field(default=())

    def as_stored(self) -> dict[str, Any]:
        """As JSON gives it back: so that nothing changed is seen to be nothing."""
        return asdict(self) | {"keywords": list(self.keywords), "countries": list(self.countries)}


def document_of(stored: dict[str, Any] | None) -> Document:
    """The value of a stored document; an empty one for None."""
    stored = stored or {}
    return Document(
        title=stored.get("title", ""),
        summary=stored.get("summary", ""),
        body=stored.get("body", ""),
        keywords=tuple(stored.get("keywords", ())),
        category=stored.get("category"),
        countries=tuple(stored.get("countries", ())),
    )


def posted_document(data: Any) -> Document:
    """What the form of an article holds, whatever somebody did to it."""
    category = data.get("category", "")
    return Document(
        title=one_line(data.get("title", ""))[:TITLE],
        summary=one_line(data.get("summary", ""))[:SUMMARY],
        body=clean(data.get("body", "")).replace("\r\n", "\n").strip()[:BODY],
        keywords=keywords_of(data.get("keywords", "").split(",")),
        category=int(category) if category.isdecimal() and len(category) < 19 else None,
        countries=countries_of(data.get("countries", "")),
    )


def keywords_of(words: Iterable[str]) -> tuple[str, ...]:
    """Each once, on one line, as many as are kept."""
    found = dict.fromkeys(one_line(one)[:KEYWORD] for one in words)
    return tuple(one for one in found if one)[:MOST_KEYWORDS]


def countries_of(text: str) -> tuple[str, ...]:
    """Codes written in any way between them."""
    return tuple(sorted({one for one in re.split(r"\W+", text.upper()) if _COUNTRY.fullmatch(one)}))[:30]


def wrongs_in(document: Document) -> list[str]:
    """Codes of what keeps it from being published; their sentences are in ``faq.sentences``."""
    checks = {
        "title": len(document.title) >= 8,
        "body": len(document.body) >= 20,
        "category": document.category is not None,
    }
    return [code for code, is_right in checks.items() if not is_right]


def one_line(text: str) -> str:
    """Without line breaks and double spaces."""
    return " ".join(clean(text).split())
