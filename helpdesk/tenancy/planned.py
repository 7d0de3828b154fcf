"""A statement planned once per connection. Under row-level security planning a join of seven tables costs 2 ms and
running it 0.3: PostgreSQL keeps the plan of a prepared statement (``PREPARE``), and driver and ORM never ask it to.

The server goes on planning anew where a plan for any value would be worse (``plan_cache_mode = auto``), and again
after the role or a table has changed. Behind a pooler that hands connections out by transaction, ``DATABASE_PLANS=0``.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection

_PLACE = re.compile(r"%(?:\((\w+)\))?s")
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def ask(cursor: Any, sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> None:
    """``cursor.execute(sql, params)`` with the plan kept; ``sql`` is one of a few texts."""
    if not settings.DATABASE_PLANS:
        cursor.execute(sql, params)
        return
    connection.ensure_connection()
    statement = _statement(sql)
    known = _known.setdefault(connection.connection, set())
    if statement.name not in known:
        cursor.execute(statement.prepare)
        known.add(statement.name)
    given = [params[name] for name in statement.names] if isinstance(params, Mapping) else params
    cursor.execute(statement.execute, given)


class _Statement(NamedTuple):
    """A text as PostgreSQL prepares and runs it; ``names`` of its parameters, in their order, when they have any."""

    name: str
    prepare: str
    execute: str
    names: tuple[str, ...]


@lru_cache(maxsize=512)
def _statement(sql: str) -> _Statement:
    name = f"cf_{hashlib.sha1(sql.encode(), usedforsecurity=False).hexdigest()[:20]}"
    names: dict[str, int] = {}
    count = itertools.count(1)

    def numbered(found: re.Match[str]) -> str:
        return f"${names.setdefault(found[1], len(names) + 1) if found[1] else next(count)}"

    text = _PLACE.sub(numbered, sql).replace("%%", "%")
    places = ", ".join(["%s"] * (len(names) or next(count) - 1))
    execute = f"EXECUTE {name} ({places})" if places else f"EXECUTE {name}"
    return _Statement(name, f"PREPARE {name} AS {text}", execute, tuple(names))
