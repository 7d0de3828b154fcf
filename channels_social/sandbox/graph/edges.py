"""Graph's lists: a page's feed, a post's comments, a page's conversations, a conversation's messages."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from channels_social.sandbox.graph.fields import Wanted, read_fields
from channels_social.sandbox.graph.nodes import show
from channels_social.sandbox.graph.paging import Slice, bounds, edge, slice_of
from channels_social.sandbox.ids import now_ms
from channels_social.sandbox.web.call import Call
from channels_social.sandbox.world import World

Condition = Callable[[sqlite3.Row, dict[str, str]], tuple[str, list[Any]]]


@dataclass(frozen=True)
class Edge:
    """One kind of list.

    Its table, the time it is ordered by, the fields told by default, which rows belong to it.
    """

    kind: str
    table: str
    column: str
    default: str
    belongs: Condition
    newest: bool = True


def of_page(extra: str = "") -> Condition:
    """Posts of a page."""
    return lambda row, options: (f"page_id = ? AND deleted = 0{extra}", [row["id"]])


def of_post_or_comment(row: sqlite3.Row, options: dict[str, str]) -> tuple[str, list[Any]]:
    """Comments of a post - the first level, or all with `filter=stream` - or answers to a comment."""
    if "parent_id" in row.keys():  # noqa: SIM118 (a Row iterates over values)
        return "parent_id = ? AND deleted = 0", [row["id"]]
    everything = options.get("filter") == "stream"
    return f"post_id = ? AND deleted = 0{'' if everything else ' AND parent_id IS NULL'}", [row["id"]]


def of_inbox(row: sqlite3.Row, options: dict[str, str]) -> tuple[str, list[Any]]:
    """Conversations of a page, of one person only with `user_id`."""
    person = options.get("user_id", "")
    return "page_id = ? AND ? IN ('', psid)", [row["id"], person]


def of_thread(row: sqlite3.Row, options: dict[str, str]) -> tuple[str, list[Any]]:
    """Messages of a conversation."""
    return "thread_id = ? AND deleted = 0", [row["id"]]


POSTS = "created_time,message"
EDGES: dict[str, Edge] = {
    "feed": Edge("Post", "fb_post", "created_ms", POSTS, of_page()),
    "posts": Edge("Post", "fb_post", "created_ms", POSTS, of_page(" AND author_id = page_id")),
    "published_posts": Edge("Post", "fb_post", "created_ms", POSTS, of_page(" AND author_id = page_id")),
    "visitor_posts": Edge("Post", "fb_post", "created_ms", POSTS, of_page(" AND author_id <> page_id")),
    "tagged": Edge("Post", "fb_post", "created_ms", POSTS, of_page(" AND 0")),
    "comments": Edge(
        "Comment", "fb_comment", "created_ms", "created_time,from,message", of_post_or_comment, newest=False
    ),
    "conversations": Edge("UnifiedThread", "fb_thread", "updated_ms", "link,updated_time", of_inbox),
    "messages": Edge("Message", "fb_message", "created_ms", "created_time", of_thread),
}


def page_of(
    name: str,
    world: World,
    row: sqlite3.Row,
    options: dict[str, str],
    inner: dict[str, Wanted] | None,
    call: Call,
) -> dict[str, Any]:
    """One page of an edge; `options` are its parameters or modifiers."""
    this = EDGES[name]
    wanted = lagging(world, slice_of(options))
    condition, values = this.belongs(row, options)
    newest = this.newest or options.get("order") == "reverse_chronological"
    rest, more = bounds(wanted, this.column, newest=newest)
    number = "rowid AS seq, *" if this.table == "fb_thread" else "*"
    if this.table == "fb_thread":
        rest = rest.replace("seq", "rowid")
    rows = world.store.all(f"SELECT {number} FROM {this.table} WHERE {condition} AND {rest}", *values, *more)
    fields = inner or read_fields(None, this.default)
    fields = fields if "id" in fields else fields | {"id": Wanted()}
    shown = [show(this.kind, world, one, fields, call) for one in rows[: wanted.limit]]
    version = call.named.get("version", "v25.0")
    base = f"{world.environ.sandbox_url}/graph/{version}/{row['id']}/{name}"
    return edge(rows, shown, wanted, this.column, base, call)


def lagging(world: World, wanted: Slice) -> Slice:
    """The slice without what is too young to be seen, while the `read_lag` switch is on."""
    fault = world.faults.on("facebook", "read_lag")
    return replace(wanted, until=min(wanted.until, now_ms() - int(fault.seconds * 1000))) if fault else wanted


def inner(name: str) -> Callable[[World, Any, Wanted, Call], Any]:
    """An edge as a field of an object; an empty one is absent, as in Graph."""

    def told(world: World, row: sqlite3.Row, want: Wanted, call: Call) -> dict[str, Any] | None:
        found = page_of(name, world, row, want.options, want.inner, call)
        return found if found["data"] else None

    return told


def last_message(world: World, row: sqlite3.Row) -> sqlite3.Row | None:
    """The newest message of a thread."""
    sql = "SELECT * FROM fb_message WHERE thread_id = ? AND deleted = 0 ORDER BY seq DESC LIMIT 1"
    return world.store.one(sql, row["id"])


def private_thread(world: World, row: sqlite3.Row) -> dict[str, str] | None:
    """The conversation a private answer to a comment opened."""
    found = None
    if row["private_mid"]:
        found = world.store.one("SELECT thread_id FROM fb_message WHERE mid = ?", row["private_mid"])
    return {"id": found["thread_id"]} if found else None
