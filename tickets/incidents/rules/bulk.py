"""One text for many, each with their own name and number: what it may say. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from protocols.answers.rules.variables import fill, gaps, mistakes_of

# What can be filled for a thousand cases without looking into each of them.
OFFERED = (
    "nombre", "caso", "radicado", "fecha_apertura", "canal", "cuenta", "empresa", "agente", "iniciales",
)  # fmt: skip
# So many at once.
MOST = 1000


class NotSaid(ValueError):
    """``code`` and ``detail`` of a text that cannot go to many."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


def check_text(text: str) -> None:
    """Raise :class:`NotSaid`: ``empty``, ``unknown_variable``, ``brace``, ``gap``."""
    if not text.strip():
        raise NotSaid("empty")
    if left := gaps(text):
        raise NotSaid("gap", left[0])
    for wrong in mistakes_of(text):
        raise (
            NotSaid("unknown_variable", "{" + wrong.said + "}")
            if wrong.code == "unknown"
            else NotSaid("brace")
        )
    for name in _used(text):
        if name not in OFFERED:
            raise NotSaid("unknown_variable", "{" + name + "}")


def personal(text: str, values: Mapping[str, str]) -> tuple[str, str]:
    """The text for one case, and the first variable that stays empty in it."""
    said = fill(text, values)
    return said, next((name for name in _used(said) if name in OFFERED), "")


def _used(text: str) -> list[str]:
    return [part.partition("}")[0].strip() for part in text.split("{")[1:]]
