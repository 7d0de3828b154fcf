"""Timelines page by page: newest first, bounded by ids and times, continued by opaque tokens."""

from __future__ import annotations

import base64
import re
import sqlite3
from dataclasses import dataclass
from typing import Any

from channels_social.sandbox.ids import now_ms, parse_time, snowflake_at
from channels_social.sandbox.world import World
from channels_social.sandbox.x.problems import invalid

ID = re.compile(r"^[0-9]{1,19}$")
TOP = (1 << 63) - 1


def number(query: dict[str, str], name: str, low: int, high: int, default: int) -> int:
    """A bounded whole number of the query; raises Problem."""
    text = query.get(name)
    if text is None:
        return default
    if not text.isdigit() or not low <= int(text) <= high:
        raise invalid(
            f"The `{name}` query parameter value [{text}] is not between {low} and {high}", **{name: text}
        )
    return int(text)


def an_id(text: str, name: str = "id") -> int:
    """An id of the path or the query; raises Problem."""
    if not ID.match(text):
        raise invalid(f"The `{name}` query parameter value [{text}] is not valid", **{name: text})
    return min(int(text), TOP)


def token_of(last: int) -> str:
    """The token of the page that continues below this id; X's have at least 16 characters."""
    return base64.b32encode(b"p1" + last.to_bytes(8, "big")).decode().rstrip("=").lower()


def below(token: str, name: str) -> int:
    """The id a token continues below; raises Problem."""
    try:
        raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except ValueError:
        raw = b""
    if len(raw) != 10 or raw[:2] != b"p1":
        raise invalid(f"The `{name}` query parameter value [{token}] is not valid", **{name: token})
    return int.from_bytes(raw[2:], "big")


@dataclass(frozen=True)
class Window:
    """Which ids a page may hold: `since < id < until`, at most `size` of them."""

    since: int
    until: int
    size: int
    token: str = ""


def moment(query: dict[str, str], name: str) -> int | None:
    """Milliseconds of a time of the query; raises Problem."""
    if not (text := query.get(name)):
        return None
    try:
        return parse_time(text)
    except ValueError:
        raise invalid(f"The `{name}` query parameter value [{text}] is not valid", **{name: text}) from None


def window(world: World, query: dict[str, str], *, low: int, default: int, tokens: tuple[str, ...]) -> Window:
    """The window a query asks for; raises Problem."""
    since = an_id(query["since_id"], "since_id") if query.get("since_id") else 0
    until = an_id(query["until_id"], "until_id") if query.get("until_id") else TOP
    if (start := moment(query, "start_time")) is not None:
        since = max(since, snowflake_at(start) - 1)
    if (end := moment(query, "end_time")) is not None:
        until = min(until, snowflake_at(end))
    token = next((query[name] for name in tokens if query.get(name)), "")
    if token:
        until = min(until, below(token, tokens[0]))
    if lag := world.faults.on("x", "read_lag"):
        until = min(until, snowflake_at(now_ms() - int(lag.seconds * 1000)))
    return Window(since, until, number(query, "max_results", low, 100, default), token)


def meta(rows: list[sqlite3.Row], *, more: bool, token: str = "", ids: bool = True) -> dict[str, Any]:
    """The `meta` of a page; an empty page has only its count."""
    told: dict[str, Any] = {"result_count": len(rows)}
    if rows and ids:
        told |= {"newest_id": str(rows[0]["id"]), "oldest_id": str(rows[-1]["id"])}
    if more and rows:
        told["next_token"] = token_of(rows[-1]["id"])
    if token and rows:
        told["previous_token"] = token_of(min(rows[0]["id"] + 1, TOP))
    return told
