"""A template as a value: one text in three treatments. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from protocols.answers.rules.variables import mistakes_of

VOICES = ("usted", "tu", "vos")
TEXT_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Wording:
    """A whole template. A treatment without words borrows another's."""

    name: str = ""
    motives: tuple[str, ...] = ()
    texts: dict[str, str] = field(default_factory=dict)
    # Where it is meant for: ``public``, ``private`` or both (empty).
    place: str = ""

    def as_document(self) -> dict[str, Any]:
        """What is stored of a version."""
        return {
            "name": self.name,
            "motives": list(self.motives),
            "texts": dict(self.texts),
            "place": self.place,
        }

    def text(self, voice: str) -> tuple[str, str]:
        """The text in a treatment, and which one it is in: the asked one where there are words for it."""
        for one in (voice, *VOICES):
            if self.texts.get(one, "").strip():
                return self.texts[one], one
        return "", voice


def wording_of(document: dict[str, Any]) -> Wording:
    """Read what :meth:`Wording.as_document` wrote."""
    return Wording(document["name"], tuple(document["motives"]), dict(document["texts"]), document["place"])


@dataclass(frozen=True, slots=True)
class Wrong:
    """A code, the treatment it is in, and what it is about."""

    code: str
    voice: str = ""
    said: str = ""
    nearest: str = ""


def wrongs_of(wording: Wording) -> list[Wrong]:
    """What keeps a template from being saved or published."""
    found = [] if wording.name.strip() else [Wrong("no_name")]
    if not any(text.strip() for text in wording.texts.values()):
        found.append(Wrong("empty"))
    for voice in VOICES:
        text = wording.texts.get(voice, "")
        if len(text) > TEXT_LENGTH:
            found.append(Wrong("long_text", voice, str(TEXT_LENGTH)))
        found += [Wrong(one.code, voice, one.said, one.nearest) for one in mistakes_of(text)]
    return found
