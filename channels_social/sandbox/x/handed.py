"""Pictures that were handed over and wait to be named by a post or a message."""

from __future__ import annotations

import sqlite3

from channels_social.sandbox.ids import now_ms
from channels_social.sandbox.web.call import Call
from channels_social.sandbox.world import World
from channels_social.sandbox.x.problems import invalid

LIFE_S = 86_400


def usable(world: World, call: Call, number: str) -> sqlite3.Row | None:
    """A picture of the caller's that X still has; None for every other id."""
    sql = "SELECT id, category FROM media WHERE id = ? AND network = 'x' AND owner = ? AND created_ms > ?"
    return world.store.one(sql, number, call.account, now_ms() - LIFE_S * 1000)


def named(world: World, call: Call, numbers: list[str], category: str, most: int) -> list[str]:
    """The pictures a post or a message names; raises Problem unless all are there and made for it."""
    found = [usable(world, call, number) for number in numbers]
    if len(numbers) > most or any(row is None or row["category"] != category for row in found):
        raise invalid("Your media IDs are invalid.", media_ids=numbers)
    return numbers
