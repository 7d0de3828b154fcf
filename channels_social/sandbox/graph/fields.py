"""Graph's field selection: `id,message,comments.limit(5).order(chronological){id,from}`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from channels_social.sandbox.graph.errors import GraphProblem, oauth

NAME = re.compile(r"[a-z_0-9]+", re.I)


@dataclass
class Wanted:
    """One field: its modifiers (`limit`, `order` ...) and the fields wanted inside."""

    options: dict[str, str] = field(default_factory=dict)
    inner: dict[str, Wanted] | None = None


class Reader:
    """Reads a selection from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def list(self) -> dict[str, Wanted]:
        """Fields separated by commas, up to the end or a closing brace."""
        found: dict[str, Wanted] = {}
        while self.at < len(self.text) and self.text[self.at] != "}":
            if self.text[self.at] in ", ":
                self.at += 1
                continue
            name = self._name()
            found[name] = self._rest()
        return found

    def _name(self) -> str:
        match = NAME.match(self.text, self.at)
        if match is None:
            raise syntax(self.text, self.at)
        self.at = match.end()
        return match.group()

    def _rest(self) -> Wanted:
        wanted = Wanted()
        while self._next("."):
            name = self._name()
            if not self._next("("):
                raise syntax(self.text, self.at)
            end = self.text.find(")", self.at)
            if end < 0:
                raise syntax(self.text, self.at)
            wanted.options[name] = self.text[self.at : end]
            self.at = end + 1
        if self._next("{"):
            wanted.inner = self.list()
            if not self._next("}"):
                raise syntax(self.text, self.at)
        return wanted

    def _next(self, char: str) -> bool:
        if self.text[self.at : self.at + 1] == char:
            self.at += 1
            return True
        return False


def syntax(text: str, at: int) -> GraphProblem:
    """The error for a selection that cannot be read."""
    return oauth(2500, f'Syntax error "Unexpected input at character {at}: {text[at : at + 10]}".')


def read_fields(text: str | None, default: str) -> dict[str, Wanted]:
    """The fields wanted; those of `default` when none are named. `id` is always told."""
    wanted = Reader(text or default).list()
    return wanted if "id" in wanted else wanted | {"id": Wanted()}
