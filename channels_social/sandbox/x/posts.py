"""What is said on the local X: writing, editing, deleting.

The one way in for the API, the control API and the day.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from channels_social.sandbox.ids import now_ms
from channels_social.sandbox.world import World
from channels_social.sandbox.x import events
from channels_social.sandbox.x.people import known_name, user_by_id
from channels_social.sandbox.x.rows import post_row
from channels_social.sandbox.x.text import (
    LIMIT,
    MENTION,
    entities,
    escape,
    folded,
    shorten,
    weight,
    without_leading_mentions,
)


@dataclass
class Draft:
    """A post about to be written.

    `literal` is the API's way, text kept as sent; people's apps drop the mentions a reply carries anyway.
    """

    author: int
    text: str
    reply_to: int | None = None
    quoted: int | None = None
    reposted: int | None = None
    exclude: frozenset[int] = frozenset()
    reply_settings: str = "everyone"
    media: list[str] = field(default_factory=list)
    created_ms: int | None = None
    source: str = "customer"
    literal: bool = False
    withheld: list[str] | None = None


def write_post(world: World, draft: Draft, *, notify: bool = True) -> sqlite3.Row:
    """Write a post and tell the webhooks; gives its row."""
    parent, quoted = post_row(world, draft.reply_to), post_row(world, draft.quoted)
    created = draft.created_ms or now_ms()
    number = world.mint.snowflake(draft.created_ms)
    prefix = reply_prefix(world, draft, parent)
    body = draft.text if draft.literal or parent is None else without_leading_mentions(draft.text)
    with world.store.transaction():
        columns = composed(world, prefix, body, draft.media, quoted)
        columns |= {
            "id": number,
            "chain": number,
            "author_id": draft.author,
            "raw": draft.text,
            "fold": folded(draft.text),
            "created_ms": created,
            "conversation_id": parent["conversation_id"] if parent else number,
            "reply_to": draft.reply_to,
            "reply_user": parent["author_id"] if parent else None,
            "quoted": draft.quoted,
            "reposted": draft.reposted,
            "reply_settings": draft.reply_settings,
            "media": json.dumps(draft.media),
            "source": draft.source,
            "withheld": json.dumps(draft.withheld) if draft.withheld else None,
        }
        row = insert(world, columns)
        count_on(world, parent, "replies")
        count_on(world, quoted, "quotes")
        count_on(world, post_row(world, draft.reposted), "reposts")
        if notify:
            events.post_written(world, row, parent, quoted)
        world.store.after_commit(world.wire.changed)
    return row


def insert(world: World, columns: dict[str, Any]) -> sqlite3.Row:
    """Write the row and whom it mentions."""
    world.store.add("x_post", **columns)
    prefix = columns["prefix"]
    mentions = json.loads(columns["note"] or columns["entities"])
    found = (mentions.get("entities") or mentions).get("mentions", [])
    explicit: dict[int, bool] = {}
    for one in found:
        user = int(one["id"])
        explicit[user] = explicit.get(user, False) or one["start"] >= prefix
    rows = [(user, columns["id"], int(said)) for user, said in explicit.items()]
    world.store.run_many("INSERT OR IGNORE INTO x_mention VALUES (?, ?, ?)", rows)
    row = post_row(world, columns["id"])
    assert row is not None
    return row


def composed(
    world: World, prefix: str, body: str, media: list[str], quoted: sqlite3.Row | None
) -> dict[str, Any]:
    """Text as X tells it, its entities, and the whole of a long post."""
    short, links = shorten(body)
    for extra in tail_links(world, media, quoted):
        token, more = shorten(extra)
        short, links = f"{short} {token}".strip(), links | more
    text = escape(prefix + short)
    found = entities(text, links, lambda name: known_name(world, name))
    columns: dict[str, Any] = {"prefix": len(escape(prefix)), "shown_end": len(text), "note": None}
    if weight(body) > LIMIT:
        columns["note"] = json.dumps({"text": text, "entities": found})
        text = text[: len(escape(prefix)) + LIMIT - 1].rstrip() + "…"
        found = entities(text, links, lambda name: known_name(world, name))
    return columns | {"text": text, "entities": json.dumps(found)}


def tail_links(world: World, media: list[str], quoted: sqlite3.Row | None) -> list[str]:
    """Links X puts at the end of a text: its pictures and the post it quotes."""
    links = [f"https://x.com/i/status/media/{media[0]}/photo/1"] if media else []
    if quoted is not None:
        author = user_by_id(world, quoted["author_id"])
        links.append(f"https://twitter.com/{author['username'] if author else 'i'}/status/{quoted['id']}")
    return links


def reply_prefix(world: World, draft: Draft, parent: sqlite3.Row | None) -> str:
    """The mentions X puts in front of a reply: the author answered, then everyone that post mentioned."""
    if parent is None:
        return ""
    author = user_by_id(world, parent["author_id"])
    names: dict[int, str] = {}
    if author is not None and author["id"] != draft.author:
        names[author["id"]] = author["username"]
    for found in json.loads(parent["entities"]).get("mentions", []):
        user = int(found["id"])
        if user != draft.author and user not in draft.exclude:
            names.setdefault(user, found["username"])
    return "".join(f"@{name} " for name in names.values())


def count_on(world: World, row: sqlite3.Row | None, counter: str, by: int = 1) -> None:
    """Move a public count of a post; `counter` is ours."""
    if row is not None:
        world.store.run(f"UPDATE x_post SET {counter} = {counter} + ? WHERE id = ?", by, row["id"])


def edit_post(world: World, row: sqlite3.Row, text: str, *, notify: bool = False) -> sqlite3.Row:
    """A new version with a new id in the same chain.

    X pushes no event for it, unless `notify` asks for one.
    """
    number = world.mint.snowflake()
    prefix = row["text"][: row["prefix"]]
    body = without_leading_mentions(text) if row["prefix"] else text
    with world.store.transaction():
        columns = {k: row[k] for k in row.keys()}  # noqa: SIM118 (a Row iterates over values)
        columns |= composed(world, prefix, body, json.loads(row["media"]), post_row(world, row["quoted"]))
        new = insert(world, columns | {"id": number, "raw": text, "created_ms": now_ms(), "newer": None})
        world.store.run(
            "UPDATE x_post SET newer = ? WHERE chain = ? AND id <> ?", number, row["chain"], number
        )
        if notify:
            events.post_written(world, new, post_row(world, row["reply_to"]), post_row(world, row["quoted"]))
        world.store.after_commit(world.wire.changed)
    return new


def delete_post(world: World, row: sqlite3.Row) -> None:
    """Take down every version. Only our own deletions are pushed."""
    with world.store.transaction():
        world.store.run("UPDATE x_post SET deleted = 1 WHERE chain = ?", row["chain"])
        count_on(world, post_row(world, row["reply_to"]), "replies", -1)
        events.post_deleted(world, row)
        world.store.after_commit(world.wire.changed)


def names_in(text: str) -> set[str]:
    """Handles a text mentions, lower case."""
    return {m.group(1).lower() for m in MENTION.finditer(text)}
