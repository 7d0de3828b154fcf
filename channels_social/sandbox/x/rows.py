"""Posts as they lie in the file."""

from __future__ import annotations

import sqlite3

from channels_social.sandbox.world import World

EDITS = 5
EDIT_WINDOW_MS = 3_600_000


def post_row(world: World, post_id: int | None) -> sqlite3.Row | None:
    """A post, deleted ones included."""
    return None if post_id is None else world.store.one("SELECT * FROM x_post WHERE id = ?", post_id)


def versions(world: World, chain: int) -> list[int]:
    """Ids of every version of a post, oldest first."""
    return [r["id"] for r in world.store.all("SELECT id FROM x_post WHERE chain = ? ORDER BY id", chain)]
