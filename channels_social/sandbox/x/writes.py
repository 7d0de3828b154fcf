"""Writing posts through the API, with X's refusals; hiding, liking, following."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from channels_social.sandbox.ids import now_ms, snowflake_at
from channels_social.sandbox.ledger import charge
from channels_social.sandbox.web.call import Call
from channels_social.sandbox.world import World
from channels_social.sandbox.x import handed
from channels_social.sandbox.x.paging import an_id
from channels_social.sandbox.x.people import blocked, user_by_id
from channels_social.sandbox.x.posts import Draft, delete_post, write_post
from channels_social.sandbox.x.problems import (
    DUPLICATE,
    NOT_PERMITTED,
    NOT_SUMMONED,
    REPLY_GONE,
    TOO_LONG,
    Problem,
    invalid,
    missing,
    plain,
)
from channels_social.sandbox.x.rows import post_row
from channels_social.sandbox.x.text import LIMIT, URL, folded, weight

SETTINGS = {"everyone", "following", "mentionedUsers", "subscribers", "verified"}
FIELDS = {
    "text", "reply", "quote_tweet_id", "reply_settings", "media", "direct_message_deep_link", "poll", "geo",
    "nullcast", "for_super_followers_only", "card_uri", "community_id", "share_with_followers",
    "edit_options",
    "paid_partnership", "made_with_ai",
}  # fmt: skip


def json_body(call: Call) -> dict[str, Any]:
    """The JSON object sent; raises Problem."""
    try:
        body = call.json()
    except ValueError:
        raise invalid("Requests body must be valid JSON.") from None
    if not isinstance(body, dict):
        raise invalid("Requests body must be an object.")
    return body


def capability(world: World, account: str, name: str) -> bool:
    """Whether X lets this account do this (self-serve tiers lost likes, follows, quotes on 2026-04-20)."""
    row = world.store.one("SELECT capabilities FROM company WHERE x_user_id = ?", int(account))
    return bool(json.loads(row["capabilities"]).get(name, True)) if row else True


def create_tweet(world: World, call: Call) -> tuple[int, dict[str, Any]]:
    """POST /2/tweets."""
    body = json_body(call)
    draft = draft_of(call, body)
    if draft.quoted and not capability(world, call.account, "quote"):
        raise plain(403, NOT_PERMITTED)
    handed.named(world, call, draft.media, "tweet_image", 4)
    parent = refuse_reply(world, draft) if draft.reply_to else None
    refuse_text(world, call, draft)
    with world.store.transaction():
        row = write_post(world, draft)
        charge(world.store, call.account, price(world, draft, parent), [str(row["id"])])
    return 201, {
        "data": {"id": str(row["id"]), "text": row["text"], "edit_history_tweet_ids": [str(row["id"])]}
    }


def draft_of(call: Call, body: dict[str, Any]) -> Draft:
    """The post a body asks for; raises Problem."""
    if strange := sorted(set(body) - FIELDS):
        raise invalid(
            f"$.{strange[0]}: is not defined in the schema, which does not allow additional properties"
        )
    reply, media = body.get("reply") or {}, (body.get("media") or {}).get("media_ids") or []
    text = body.get("text") or ""
    if not isinstance(text, str) or not (text.strip() or media):
        raise invalid("One of text or media must be provided.")
    settings = body.get("reply_settings") or "everyone"
    if settings not in SETTINGS:
        raise invalid(f"$.reply_settings: does not have a value in the enumeration {sorted(SETTINGS)}")
    target, quoted = reply.get("in_reply_to_tweet_id"), body.get("quote_tweet_id")
    return Draft(
        author=int(call.account),
        text=text,
        reply_to=an_id(str(target), "reply.in_reply_to_tweet_id") if target else None,
        quoted=an_id(str(quoted), "quote_tweet_id") if quoted else None,
        exclude=frozenset(an_id(str(u)) for u in reply.get("exclude_reply_user_ids") or ()),
        reply_settings=settings,
        media=[str(m) for m in media],
        source="api",
        literal=True,
    )


def refuse_reply(world: World, draft: Draft) -> sqlite3.Row:
    """The post answered; raises Problem when X would not let this account answer it."""
    parent = post_row(world, draft.reply_to)
    author = user_by_id(world, parent["author_id"]) if parent else None
    if parent is None or parent["deleted"] or author is None or author["suspended"]:
        raise plain(403, REPLY_GONE)
    if author["id"] == draft.author:
        return parent
    if author["protected"] or blocked(world, author["id"], draft.author):
        raise plain(403, REPLY_GONE)
    root = post_row(world, parent["conversation_id"]) or parent
    if root["reply_settings"] not in ("everyone",) and not mentions(world, root, draft.author, implicit=True):
        raise plain(403, NOT_SUMMONED)
    if world.rule("summoned_rule") and not summoned(world, parent, draft.author):
        raise plain(403, NOT_SUMMONED)
    return parent


def summoned(world: World, parent: sqlite3.Row, account: int) -> bool:
    """Whether the author has mentioned or quoted this account in the conversation (rule of 2026-02-23)."""
    refused = world.faults.on("x", "own_post_replies_refused")
    implicit = world.rule("implicit_mention_counts") and not refused
    sql = "SELECT * FROM x_post WHERE conversation_id = ? AND author_id = ? AND deleted = 0 ORDER BY id"
    said = world.store.all(sql, parent["conversation_id"], parent["author_id"])
    return any(
        mentions(world, row, account, implicit=implicit) or quotes(world, row, account) for row in said
    )


def mentions(world: World, row: sqlite3.Row, account: int, *, implicit: bool) -> bool:
    """Whether a post mentions the account; `implicit`: the mentions in front of a reply count too."""
    found = world.store.one(
        "SELECT explicit FROM x_mention WHERE user_id = ? AND post_id = ?", account, row["id"]
    )
    return found is not None and (implicit or bool(found["explicit"]))


def quotes(world: World, row: sqlite3.Row, account: int) -> bool:
    """Whether a post quotes one of the account's."""
    quoted = post_row(world, row["quoted"])
    return quoted is not None and quoted["author_id"] == account


def refuse_text(world: World, call: Call, draft: Draft) -> None:
    """Raise Problem for a text that is too long or was said already."""
    if weight(draft.text) > LIMIT and not capability(world, call.account, "long_posts"):
        raise plain(403, TOO_LONG)
    since, said = snowflake_at(now_ms() - int(world.rule("duplicate_window_s") * 1000)), folded(draft.text)
    sql = "SELECT 1 FROM x_post WHERE author_id = ? AND fold = ? AND id > ? AND deleted = 0 AND media = '[]'"
    if said and not draft.media and world.store.one(sql, draft.author, said, since):
        raise plain(403, DUPLICATE)


def price(world: World, draft: Draft, parent: sqlite3.Row | None) -> str:
    """The kind of charge: a link is dear, an answer somebody asked for is cheap."""
    if URL.search(draft.text):
        return "post_create_url"
    if parent is None or parent["author_id"] == draft.author:
        return "post_create"
    return "reply_summoned" if summoned(world, parent, draft.author) else "post_create"


def own_post(world: World, call: Call) -> sqlite3.Row:
    """The caller's own post named in the path; raises Problem."""
    number = an_id(call.named["id"])
    row = post_row(world, number)
    if row is None or row["deleted"]:
        raise Problem(404, missing("tweet", "id", str(number)) | {"status": 404})
    if str(row["author_id"]) != call.account:
        raise plain(403, "You are not authorized to delete this Tweet.")
    return row


def delete_tweet(world: World, call: Call) -> dict[str, Any]:
    """DELETE /2/tweets/:id."""
    delete_post(world, own_post(world, call))
    return {"data": {"deleted": True}}


def hide_reply(world: World, call: Call) -> dict[str, Any]:
    """PUT /2/tweets/:id/hidden: only answers in conversations the account started."""
    hidden = json_body(call).get("hidden")
    row = post_row(world, an_id(call.named["id"]))
    if not isinstance(hidden, bool):
        raise invalid("$.hidden: is missing but it is required")
    if row is None or row["deleted"]:
        raise Problem(404, missing("tweet", "id", call.named["id"]) | {"status": 404})
    root = post_row(world, row["conversation_id"])
    if root is None or str(root["author_id"]) != call.account or row["id"] == root["id"]:
        raise plain(403, "You are not authorized to hide this Tweet.")
    world.store.run("UPDATE x_post SET hidden = ? WHERE id = ?", int(hidden), row["id"])
    world.wire.changed()
    return {"data": {"hidden": hidden}}


def own_path(call: Call) -> None:
    """The user of the path must be the caller; raises Problem."""
    if call.named["id"] != call.account:
        raise plain(403, "The `id` path parameter must be the same as the authenticating user.")


def like(world: World, call: Call) -> dict[str, Any]:
    """POST /2/users/:id/likes."""
    own_path(call)
    if not capability(world, call.account, "like"):
        raise plain(403, NOT_PERMITTED)
    row = post_row(world, an_id(str(json_body(call).get("tweet_id", "")), "tweet_id"))
    if row is None or row["deleted"]:
        raise Problem(404, missing("tweet", "tweet_id", call.named["id"]) | {"status": 404})
    if world.store.run("INSERT OR IGNORE INTO x_like VALUES (?, ?)", int(call.account), row["id"]):
        world.store.run("UPDATE x_post SET likes = likes + 1 WHERE id = ?", row["id"])
    return {"data": {"liked": True}}


def unlike(world: World, call: Call) -> dict[str, Any]:
    """DELETE /2/users/:id/likes/:tweet_id."""
    own_path(call)
    number = an_id(call.named["tweet_id"], "tweet_id")
    if world.store.run("DELETE FROM x_like WHERE user_id = ? AND post_id = ?", int(call.account), number):
        world.store.run("UPDATE x_post SET likes = likes - 1 WHERE id = ?", number)
    return {"data": {"liked": False}}


def follow(world: World, call: Call) -> dict[str, Any]:
    """POST /2/users/:id/following; following a protected account only asks."""
    own_path(call)
    if not capability(world, call.account, "follow"):
        raise plain(403, NOT_PERMITTED)
    target = user_by_id(world, an_id(str(json_body(call).get("target_user_id", "")), "target_user_id"))
    if target is None or target["suspended"]:
        raise Problem(404, missing("user", "target_user_id", "") | {"status": 404})
    if target["protected"]:
        return {"data": {"following": False, "pending_follow": True}}
    world.store.run("INSERT OR IGNORE INTO x_follow VALUES (?, ?)", int(call.account), target["id"])
    return {"data": {"following": True, "pending_follow": False}}


def unfollow(world: World, call: Call) -> dict[str, Any]:
    """DELETE /2/users/:id/following/:target."""
    own_path(call)
    target = an_id(call.named["target"])
    world.store.run("DELETE FROM x_follow WHERE source = ? AND target = ?", int(call.account), target)
    return {"data": {"following": False}}
