"""Edges page by page: cursors, `next` and `previous` addresses."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from channels_social.sandbox.graph.errors import oauth
from channels_social.sandbox.ids import parse_time
from channels_social.sandbox.web.call import Call

LIMIT, MOST = 25, 100


@dataclass(frozen=True)
class Slice:
    """What of an edge is wanted.

    How many, after or before which row, which times (milliseconds), which way round.
    """

    limit: int = LIMIT
    after: tuple[int, int] | None = None
    before: tuple[int, int] | None = None
    since: int = 0
    until: int = 1 << 62


def cursor_of(row: Any, column: str) -> str:
    """The cursor of a row: its time and number."""
    return base64.urlsafe_b64encode(f"{row[column]}:{row['seq']}".encode()).decode().rstrip("=") + "ZD"


def read_cursor(text: str | None) -> tuple[int, int] | None:
    """Time and number of a cursor; raises GraphProblem."""
    if not text:
        return None
    try:
        raw = text.removesuffix("ZD")
        one, _, other = base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)).decode().partition(":")
        return int(one), int(other)
    except ValueError:
        raise oauth(100, "(#100) Invalid cursors values") from None


def a_time(text: str | None, default: int) -> int:
    """Milliseconds of a time parameter; raises GraphProblem."""
    if not text:
        return default
    try:
        return parse_time(text)
    except ValueError:
        raise oauth(100, f"(#100) Invalid time: {text}") from None


def slice_of(options: dict[str, str]) -> Slice:
    """The slice that parameters or modifiers ask for."""
    try:
        limit = max(1, min(int(options.get("limit", LIMIT)), MOST))
    except ValueError:
        raise oauth(100, "(#100) param limit must be an integer") from None
    return Slice(
        limit,
        read_cursor(options.get("after")),
        read_cursor(options.get("before")),
        a_time(options.get("since"), 0),
        a_time(options.get("until"), 1 << 62),
    )


def bounds(wanted: Slice, column: str, *, newest: bool) -> tuple[str, list[Any]]:
    """Condition, order and values for a slice of a table with `column` (times) and `seq`."""
    where, values = f"{column} >= ? AND {column} < ?", [wanted.since, wanted.until]
    forward, backward = ("<", ">") if newest else (">", "<")
    if wanted.after:
        where, values = f"{where} AND ({column}, seq) {forward} (?, ?)", [*values, *wanted.after]
    if wanted.before:
        where, values = f"{where} AND ({column}, seq) {backward} (?, ?)", [*values, *wanted.before]
    way = "DESC" if newest else "ASC"
    return f"{where} ORDER BY {column} {way}, seq {way} LIMIT ?", [*values, wanted.limit + 1]


def edge(
    rows: list[Any], shown: list[dict[str, Any]], wanted: Slice, column: str, base: str, call: Call
) -> dict[str, Any]:
    """`data` and `paging`; rows may hold one more than was wanted, which means there is a next page."""
    if not rows:
        return {"data": []}
    kept = rows[: wanted.limit]
    cursors = {"before": cursor_of(kept[0], column), "after": cursor_of(kept[-1], column)}
    paging: dict[str, Any] = {"cursors": cursors}
    query = {k: v for k, v in call.query.items() if k not in ("after", "before", "appsecret_proof")}
    query["limit"] = str(wanted.limit)
    if len(rows) > wanted.limit:
        paging["next"] = f"{base}?{urlencode(query | {'after': cursors['after']})}"
    if wanted.after:
        paging["previous"] = f"{base}?{urlencode(query | {'before': cursors['before']})}"
    return {"data": shown[: wanted.limit], "paging": paging}
