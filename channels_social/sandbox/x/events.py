"""X Activity events: who is told what, in the envelope and with the signature X uses.

Shapes: docs.x.com "Activity API event payloads" (2026-08): integers come twice (`*_str`), users of some
kinds are wrapped in `data`, ids may be negative. A mention event is sent only for a mention in the body, a
reply event only
for a direct answer to the account's own post, a deletion only to the author's own account.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from channels_social.sandbox.ids import now_ms
from channels_social.sandbox.ledger import charge
from channels_social.sandbox.world import World
from channels_social.sandbox.x.people import show_user, user_by_id
from channels_social.sandbox.x.views import show_post

USER_SHOWN = {
    "created_at", "description", "profile_image_url", "protected", "verified", "verified_type", "url",
    "is_identity_verified",
}  # fmt: skip
POST_SHOWN = {
    "author_id", "created_at", "conversation_id", "in_reply_to_user_id", "referenced_tweets", "entities",
    "attachments", "lang", "note_tweet", "possibly_sensitive", "reply_settings", "display_text_range",
    "edit_controls", "public_metrics", "paid_partnership",
}  # fmt: skip
KINDS = (
    "post.mention.create", "post.reply.create", "post.quote.create", "post.create", "post.delete",
    "post.repost.create", "dm.received", "dm.sent", "dm.read", "dm.indicate_typing", "chat.received",
    "chat.sent", "follow.follow", "follow.unfollow", "like.create", "profile.update.bio",
    "profile.update.screenname",
    "profile.update.profile_picture", "profile.update.banner_picture", "profile.update.geo",
    "profile.update.url", "oauth.revoke",
)  # fmt: skip


def doubled(value: Any) -> Any:
    """The same value with every integer of an object repeated as text, as X Activity does."""
    if isinstance(value, list):
        return [doubled(item) for item in value]
    if not isinstance(value, dict):
        return value
    told: dict[str, Any] = {}
    for name, item in value.items():
        told[name] = doubled(item)
        if isinstance(item, int) and not isinstance(item, bool):
            told[name + "_str"] = str(item)
    return told


def emit(world: World, kind: str, user: int, payload: dict[str, Any], includes: dict | None = None) -> None:
    """Send one event to every webhook subscribed to this kind for this account."""
    sql = """SELECT s.tag, w.url FROM x_subscription s JOIN x_webhook w ON w.id = s.webhook_id
             WHERE s.user_id = ? AND s.event_type = ? AND w.valid = 1"""
    for target in world.store.all(sql, user, kind):
        data: dict[str, Any] = {"event_uuid": world.mint.event_uuid(), "filter": {"user_id": str(user)}}
        data |= {"event_type": kind} | ({"tag": target["tag"]} if target["tag"] else {})
        data |= {"payload": payload} | ({"includes": includes} if includes is not None else {})
        if kind == "oauth.revoke":
            data["filter"] = {}
        body = json.dumps({"data": data}, ensure_ascii=False, separators=(",", ":")).encode()
        send(world, target["url"], user, kind, body)
        if kind in ("dm.received", "dm.sent", "chat.received"):
            charge(world.store, str(user), "event_dm", [data["event_uuid"]])
        elif kind.startswith("post."):
            charge(world.store, str(user), "event_post", [payload.get("id", data["event_uuid"])])


def signature(secret: str, body: bytes) -> str:
    """Value of `x-twitter-webhooks-signature`."""
    return "sha256=" + base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def send(world: World, url: str, user: int, kind: str, body: bytes) -> None:
    """Hand one signed body to the courier."""
    signed = signature(world.environ.x_consumer_secret, body)
    headers = {"content-type": "application/json; charset=utf-8", "x-twitter-webhooks-signature": signed}
    world.courier.send(network="x", account=str(user), kind=kind, url=url, headers=headers, body=body)


def post_written(
    world: World, row: sqlite3.Row, parent: sqlite3.Row | None, quoted: sqlite3.Row | None
) -> None:
    """A post was written: tell those it mentions, answers or quotes, and its own author."""
    author = user_by_id(world, row["author_id"])
    if author is None or author["suspended"]:
        return
    told = Telling(world, row)
    if author["company"]:
        told.to("post.create", author["id"], full=True)
    if author["protected"]:
        return
    if row["reposted"]:
        original = world.store.one("SELECT author_id FROM x_post WHERE id = ?", row["reposted"])
        if original is not None:
            told.to("post.repost.create", original["author_id"])
        return
    sql = "SELECT user_id FROM x_mention WHERE post_id = ? AND explicit = 1 AND user_id <> ?"
    for mention in world.store.all(sql, row["id"], author["id"]):
        told.to("post.mention.create", mention["user_id"], full=True)
    if parent is not None and parent["author_id"] != author["id"]:
        told.to("post.reply.create", parent["author_id"])
    if quoted is not None and quoted["author_id"] != author["id"]:
        told.to("post.quote.create", quoted["author_id"])


class Telling:
    """One post being told to several accounts: built once, and only when somebody listens."""

    def __init__(self, world: World, row: sqlite3.Row) -> None:
        self.world, self.row = world, row
        self._payload: dict[str, Any] | None = None

    def to(self, kind: str, user: int, *, full: bool = False) -> None:
        """Send `kind` to `user`; `full` adds authors and the post itself to `includes`."""
        sql = "SELECT 1 FROM x_subscription WHERE user_id = ? AND event_type = ?"
        if self.world.store.one(sql, user, kind) is not None:
            emit(self.world, kind, user, self.payload(), self.includes(user) if full else {})

    def payload(self) -> dict[str, Any]:
        """The post with every field; a reply names its parent also as `in_reply_to_tweet_id`."""
        if self._payload is None:
            shown = show_post(self.world, self.row, POST_SHOWN)
            if self.row["reply_to"]:
                shown["in_reply_to_tweet_id"] = str(self.row["reply_to"])
            self._payload = doubled(shown)
        return self._payload

    def includes(self, user: int) -> dict[str, Any]:
        """Author and addressee, flat, and the post again."""
        return {"users": users_shown(self.world, [self.row["author_id"], user]), "tweets": [self.payload()]}


def users_shown(world: World, numbers: Iterable[int]) -> list[dict[str, Any]]:
    """Users in full."""
    rows = [user_by_id(world, number) for number in dict.fromkeys(numbers)]
    return [
        doubled(show_user(world, row, USER_SHOWN | {"public_metrics"})) for row in rows if row is not None
    ]


def post_deleted(world: World, row: sqlite3.Row) -> None:
    """Tell an account that one of its own posts is gone."""
    payload = {"id": str(row["id"]), "author_id": str(row["author_id"])}
    users = [{"data": user} for user in users_shown(world, [row["author_id"]])]
    emit(world, "post.delete", row["author_id"], payload, {"users": users})


def revoked(world: World, user: int, app_id: str) -> None:
    """Tell the app that this account has withdrawn its permission."""
    moment = datetime.fromtimestamp(now_ms() / 1000, UTC).isoformat(timespec="seconds")
    emit(world, "oauth.revoke", user, {"date_time": moment, "user_id": str(user), "app_id": app_id})
