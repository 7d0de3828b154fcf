"""New rows that name each other, in one statement: their ids are drawn first, so neither waits for the other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.expressions import DatabaseDefault

from helpdesk.tenancy.planned import ask


def insert_together(rows: Sequence[Model], names: Mapping[tuple[int, str], int]) -> None:
    """Insert ``rows`` and give them their ids. ``names``: (row, column) → the row whose id stands there.

    Foreign keys between them are checked at the end of the statement, when all are there. What the database
    fills in itself (``db_default``) is left to it, and not read back.
    """
    ids = ", ".join(
        f"nextval(pg_get_serial_sequence('{row._meta.db_table}', 'id')) AS id{place}"
        for place, row in enumerate(rows)
    )
    parts, params = [f"ids AS MATERIALIZED (SELECT {ids})"], []
    for place, row in enumerate(rows):
        columns, values = ["id"], [f"ids.id{place}"]
        for column, value in _columns(row).items():
            columns.append(column)
            named = names.get((place, column))
            values.append(_typed(row, column) if named is None else f"ids.id{named}")
            params += [value] if named is None else []
        written = ", ".join(f'"{column}"' for column in columns)
        parts.append(
            f'row{place} AS (INSERT INTO "{row._meta.db_table}" ({written}) SELECT {", ".join(values)} FROM ids)'
        )
    with connection.cursor() as cursor:
        ask(cursor, f"WITH {', '.join(parts)} SELECT * FROM ids", params)
        drawn = cursor.fetchone()
    for row, pk in zip(rows, drawn, strict=True):
        row.pk, row._state.adding = pk, False
    for (place, column), named in names.items():
        setattr(rows[place], column, drawn[named])


def _typed(row: Model, column: str) -> str:
    return f"%s::{_types(type(row))[column]}"


@cache
def _types(model: type[Model]) -> dict[str, str]:
    """The type of each column. Without its length, with which a cast would cut what is too long instead of refusing."""
    return {
        field.column: re.sub(r"\(.*\)", "", field.db_type(connection) or "")
        for field in model._meta.concrete_fields
    }


def _columns(row: Model) -> dict[str, Any]:
    """What each column of a new row holds, ready for the driver."""
    values = {
        field.column: field.pre_save(row, True)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    return {
        field.column: field.get_db_prep_save(values[field.column], connection)
        for field in row._meta.concrete_fields
        if not field.primary_key and not isinstance(values[field.column], DatabaseDefault)
    }
