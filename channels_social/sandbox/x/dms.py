"""Direct messages of the local X: conversations, and the one way in for whatever is said in them."""

from __future__ import annotations

import json
import sqlite3

from channels_social.sandbox.ids import now_ms
from channels_social.sandbox.world import World
from channels_social.sandbox.x import dm_events


def pair_id(one: int, other: int) -> str:
    """The conversation id of two people: `{smaller}-{larger}`."""
    return f"{min(one, other)}-{max(one, other)}"


def open_conversation(world: World, members: list[int], number: str = "") -> str:
    """The conversation of these people, made when it is not there.

    More than two make a group with its own id.
    """
    group = len(members) > 2 or bool(number)
    cid = number or (str(world.mint.snowflake()) if group else pair_id(members[0], members[-1]))
    sql = "INSERT OR IGNORE INTO x_dm_conversation VALUES (?, ?, ?)"
    world.store.run(sql, cid, json.dumps(members), int(group))
    rows = [(member, cid) for member in members]
    world.store.run_many("INSERT OR IGNORE INTO x_dm_member VALUES (?, ?)", rows)
    return cid


def members_of(world: World, cid: str) -> list[int]:
    """Who is in a conversation; nobody when there is none."""
    sql = "SELECT user_id FROM x_dm_member WHERE conversation_id = ? ORDER BY user_id"
    return [row["user_id"] for row in world.store.all(sql, cid)]


def write_dm(
    world: World,
    *,
    sender: int,
    cid: str,
    text: str = "",
    media: list[str] | None = None,
    source: str,
    created_ms: int | None = None,
    referenced: int | None = None,
    event_type: str = "MessageCreate",
    participants: list[int] | None = None,
) -> sqlite3.Row:
    """Write one event of a conversation and tell the webhooks; gives its row."""
    number = world.mint.snowflake(created_ms)
    with world.store.transaction():
        world.store.add(
            "x_dm",
            id=number,
            conversation_id=cid,
            event_type=event_type,
            sender_id=sender,
            text=text,
            created_ms=created_ms or now_ms(),
            media=json.dumps(media or []),
            source=source,
            referenced=referenced,
            participants=json.dumps(participants or []),
        )
        row = world.store.one("SELECT * FROM x_dm WHERE id = ?", number)
        assert row is not None
        if event_type == "MessageCreate":
            dm_events.dm_written(world, row, members_of(world, cid))
        world.store.after_commit(world.wire.changed)
    return row
