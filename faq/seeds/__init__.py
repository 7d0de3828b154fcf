"""Articles to begin with, by sector: ours, about no real company. Read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Seed:
    """One article of a sector."""

    key: str
    theme: str
    title: str
    summary: str
    keywords: tuple[str, ...]
    body: str


@cache
def seeds_of(sector: str) -> tuple[Seed, ...]:
    """The articles of a sector, in the order of their themes; none for a sector nobody wrote for."""
    path = _FOLDER / f"{sector}.toml"
    if not path.is_file():
        return ()
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Seed(
            one["key"], one["theme"], one["title"], one["summary"], tuple(one.get("keywords", ())),
            one["body"].strip(),
        )
        for one in found["article"]
    )  # fmt: skip
