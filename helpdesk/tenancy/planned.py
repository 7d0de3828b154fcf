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
SET_FIRST = "SELECT set_config(%s, %s, true); "
_known: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Setting(NamedTuple):
    """A setting of the transaction that goes to the server with the statement that needs it: one way, not two."""

    name: str
    value: str


def ask(
    cursor: Any,
    sql: str,
    params: Sequence[Any] | Mapping[str, Any] = (),
    *,
    setting: Setting | None = None,
) -> None:
    """``cursor.execute(sql, params)`` with the plan kept; ``sql`` is one of a few texts.

    With a ``setting``, which is put first, ``params`` are a sequence.
    """
    if not settings.DATABASE_PLANS:
        _execute(cursor, sql, params, setting)
        return
    statement = _prepared(cursor, sql)
    given = [params[name] for name in statement.names] if isinstance(params, Mapping) else params
    _execute(cursor, statement.execute, given, setting)


def _execute(cursor: Any, sql: str, params: Any, setting: Setting | None) -> None:
    if setting is None:
        cursor.execute(sql, params)
    else:
        cursor.execute(SET_FIRST + sql, [*setting, *params])


class Script:
    """Statements that go to the server in one trip, in their order, each with its plan kept. Only what the last one
    answers can be read; the first that fails ends the transaction, as it would by itself."""

    def __init__(self) -> None:
        self._parts: list[tuple[str, Sequence[Any], bool]] = []

    def add(self, sql: str, params: Sequence[Any] = ()) -> None:
        """One more; ``sql`` is one of a few texts."""
        self._parts.append((sql, params, settings.DATABASE_PLANS))

    def command(self, sql: str) -> None:
        """One more that has no plan (``SET …``)."""
        self._parts.append((sql, (), False))

    def send(self, cursor: Any) -> None:
        """Run what was added since the last time."""
        parts, self._parts = self._parts, []
        if not parts:
            return
        texts = [_prepared(cursor, sql).execute if kept else sql for sql, _params, kept in parts]
        cursor.execute(";".join(texts), [value for _sql, params, _kept in parts for value in params])


def _prepared(cursor: Any, sql: str) -> _Statement:
    connection.ensure_connection()
    statement = _statement(sql)
    known = _known.setdefault(connection.connection, set())
    if statement.name not in known:
        cursor.execute(statement.prepare)
        known.add(statement.name)
    return statement


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
