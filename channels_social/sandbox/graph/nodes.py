"""Graph's objects with the fields that were asked for; a field that has no value is absent."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from channels_social.sandbox.graph.errors import oauth
from channels_social.sandbox.graph.fields import Wanted
from channels_social.sandbox.web.call import Call
from channels_social.sandbox.world import World

Field = Callable[[World, Any, Wanted, Call], Any]
# Filled by the catalogue, whose fields are edges that in turn show objects.
FIELDS: dict[str, dict[str, Field]] = {}


def show(kind: str, world: World, row: sqlite3.Row, wanted: dict[str, Wanted], call: Call) -> dict[str, Any]:
    """An object of a kind; raises GraphProblem for a field it does not have."""
    known, shown = FIELDS[kind], {}
    for name, want in wanted.items():
        if name not in known:
            raise oauth(100, f"(#100) Tried accessing nonexisting field ({name}) on node type ({kind})")
        value = known[name](world, row, want, call)
        if value is not None:
            shown[name] = value
    return shown
