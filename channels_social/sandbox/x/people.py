"""Users of the local X: finding them, showing them with the fields that were asked for."""

from __future__ import annotations

import sqlite3
from typing import Any

from channels_social.sandbox.ids import x_time
from channels_social.sandbox.world import World

USER_FIELDS = {
    "affiliation", "connection_status", "created_at", "description", "entities", "id", "is_identity_verified",
    "location", "most_recent_tweet_id", "name", "parody", "pinned_tweet_id", "profile_banner_url",
    "profile_image_url", "protected", "public_metrics", "receives_your_dm", "subscription",
    "subscription_type", "url", "username", "verified", "verified_followers_count", "verified_type",
    "withheld", "confirmed_email",
}  # fmt: skip


def user_by_id(world: World, user_id: int | str) -> sqlite3.Row | None:
    """A user, suspended ones included."""
    return world.store.one("SELECT * FROM x_user WHERE id = ?", int(user_id))


def user_by_name(world: World, username: str) -> sqlite3.Row | None:
    """A user by handle, whatever the case, with or without @."""
    return world.store.one("SELECT * FROM x_user WHERE username = ?", username.lstrip("@"))


def known_name(world: World, username: str) -> int | None:
    """The id behind a handle."""
    row = user_by_name(world, username)
    return None if row is None else row["id"]


def blocked(world: World, source: int, target: int) -> bool:
    """Whether `source` has blocked `target`."""
    sql = "SELECT 1 FROM x_block WHERE source = ? AND target = ?"
    return world.store.one(sql, source, target) is not None


def follows(world: World, source: int, target: int) -> bool:
    """Whether `source` follows `target`."""
    sql = "SELECT 1 FROM x_follow WHERE source = ? AND target = ?"
    return world.store.one(sql, source, target) is not None


def image_of(world: World, user_id: int) -> str:
    """Address of the profile picture."""
    return f"{world.environ.sandbox_url}/media/profile/{user_id}_normal.svg"


def metrics_of(row: sqlite3.Row) -> dict[str, int]:
    """The public counts of a user; made up from their followers, since nobody here counts for a living."""
    counts = {
        "followers_count": row["followers"],
        "following_count": 180,
        "tweet_count": row["followers"] * 3,
    }
    return counts | {"listed_count": 0, "like_count": 0, "media_count": 0}


def show_user(world: World, row: sqlite3.Row, fields: set[str], viewer: str = "") -> dict[str, Any]:
    """A user as API v2 tells it: id, name and username, plus the fields asked for."""
    shown: dict[str, Any] = {"id": str(row["id"]), "name": row["name"], "username": row["username"]}
    cheap: dict[str, Any] = {
        "created_at": x_time(row["created_ms"]),
        "description": row["description"],
        "profile_image_url": image_of(world, row["id"]),
        "protected": bool(row["protected"]),
        "verified": row["verified_type"] != "none",
        "verified_type": row["verified_type"],
        "url": "",
        "receives_your_dm": bool(row["receives_dm"]),
        "is_identity_verified": False,
    }
    shown |= {name: value for name, value in cheap.items() if name in fields}
    if "public_metrics" in fields:
        shown["public_metrics"] = metrics_of(row)
    if "connection_status" in fields and viewer and int(viewer) != row["id"]:
        shown |= connection(world, row["id"], int(viewer))
    if "subscription_type" in fields and viewer == str(row["id"]):
        shown["subscription_type"] = "Premium" if row["verified_type"] == "blue" else "None"
    return shown


def connection(world: World, user: int, viewer: int) -> dict[str, list[str]]:
    """How viewer and user are connected, as seen by the viewer; absent when they are not."""
    status = ["followed_by"] if follows(world, user, viewer) else []
    status += ["following"] if follows(world, viewer, user) else []
    status += ["blocking"] if blocked(world, viewer, user) else []
    return {"connection_status": status} if status else {}
