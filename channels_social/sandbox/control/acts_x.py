"""Acting on the local X as any of its people, a company's own phone included."""

from __future__ import annotations

import base64
import sqlite3
from typing import Any

from channels_social.sandbox.control.gate import Mistake, need, plainly, when, x_user
from channels_social.sandbox.environ import X_APP_ID
from channels_social.sandbox.ids import now_ms
from channels_social.sandbox.picture import receipt
from channels_social.sandbox.web.call import Call
from channels_social.sandbox.world import World
from channels_social.sandbox.x import dm_events, dms, events
from channels_social.sandbox.x.people import blocked, user_by_id
from channels_social.sandbox.x.posts import Draft, delete_post, edit_post, write_post
from channels_social.sandbox.x.rows import post_row

POST_TEXTS = (
    "id",
    "chain",
    "author_id",
    "conversation_id",
    "reply_to",
    "reply_user",
    "quoted",
    "reposted",
    "newer",
)


def told(row: sqlite3.Row) -> dict[str, Any]:
    """A post as the witness tells it."""
    return plainly(row, texts=POST_TEXTS, lists=("media", "entities"))


def a_post(world: World, number: Any) -> sqlite3.Row:
    """A post that is there; raises Mistake."""
    row = post_row(world, int(number))
    if row is None or row["deleted"]:
        raise Mistake(f"no hay publicación {number}", 404)
    return row


def pictures(world: World, call: Call, owner: int) -> list[str]:
    """Media ids for `media`: how many receipts, or a list of {mime, base64}."""
    given = call.form.get("media") or []
    items = [{}] * given if isinstance(given, int) else given
    numbers = []
    for item in items:
        if isinstance(item, str):
            numbers.append(item)
            continue
        number = str(world.mint.snowflake())
        data = base64.b64decode(item["base64"]) if item.get("base64") else receipt()
        columns = {"id": number, "network": "x", "owner": str(owner), "mime": item.get("mime", "image/png")}
        world.store.add("media", **columns, bytes=data, created_ms=now_ms())
        numbers.append(number)
    return numbers


def repost_text(world: World, number: Any) -> str:
    """What the text of a repost is: cut, with RT and the author in front."""
    if not number:
        return ""
    row = a_post(world, number)
    author = user_by_id(world, row["author_id"])
    return f"RT @{author['username'] if author else ''}: {row['raw']}"[:140]


def post(world: World, call: Call) -> dict[str, Any]:
    """POST /control/x/posts: write as anyone; as a company it comes "from another tool"."""
    author = x_user(world, need(call, "as"))
    form = call.form
    draft = Draft(
        author=author["id"],
        text=str(form.get("text", "")) or repost_text(world, form.get("repost")),
        reply_to=a_post(world, form["reply_to"])["id"] if form.get("reply_to") else None,
        quoted=a_post(world, form["quote"])["id"] if form.get("quote") else None,
        reposted=a_post(world, form["repost"])["id"] if form.get("repost") else None,
        reply_settings=form.get("reply_settings", "everyone"),
        media=pictures(world, call, author["id"]),
        created_ms=when(call),
        source=form.get("source") or ("native" if author["company"] else "customer"),
        withheld=form.get("withheld"),
    )
    return told(write_post(world, draft, notify=form.get("notify", True)))


def edit(world: World, call: Call) -> dict[str, Any]:
    """PATCH /control/x/posts/{id}: a new version, with a new id; nothing is pushed unless `notify`."""
    row = a_post(world, call.named["id"])
    return told(edit_post(world, row, str(need(call, "text")), notify=bool(call.form.get("notify", False))))


def delete(world: World, call: Call) -> dict[str, Any]:
    """DELETE /control/x/posts/{id}."""
    delete_post(world, a_post(world, call.named["id"]))
    return {"deleted": True}


def dm(world: World, call: Call) -> dict[str, Any]:
    """POST /control/x/dms: `to` one person, several (a group), or an existing `conversation`."""
    sender = x_user(world, need(call, "as"))
    given = call.form.get("to")
    cid = str(call.form.get("conversation") or "")
    if not cid:
        others = [
            x_user(world, who)["id"] for who in (given if isinstance(given, list) else [need(call, "to")])
        ]
        cid = dms.open_conversation(world, [sender["id"], *others])
    row = dms.write_dm(
        world,
        sender=sender["id"],
        cid=cid,
        text=str(call.form.get("text", "")),
        created_ms=when(call),
        media=pictures(world, call, sender["id"]),
        source="native" if sender["company"] else "customer",
        event_type=call.form.get("event_type", "MessageCreate"),
        participants=[x_user(world, who)["id"] for who in call.form.get("participants", [])],
        referenced=int(call.form["post"]) if call.form.get("post") else None,
    )
    return plainly(row, texts=("id", "sender_id", "referenced"), lists=("media", "participants"))


def chat(world: World, call: Call) -> dict[str, Any]:
    """POST /control/x/chat: an encrypted message to a company, of which only the arrival is told."""
    sender, account = x_user(world, need(call, "as")), x_user(world, need(call, "to"))
    return {"id": dm_events.chat_received(world, sender["id"], account["id"])}


def dm_signal(world: World, call: Call) -> dict[str, Any]:
    """POST /control/x/dm_signals {as, to, kind: read|typing}."""
    who, other = x_user(world, need(call, "as")), x_user(world, need(call, "to"))
    if need(call, "kind") == "typing":
        dm_events.dm_typing(world, who["id"], other["id"])
        return {"told": True}
    cid = dms.pair_id(who["id"], other["id"])
    last = world.store.one("SELECT max(id) AS id FROM x_dm WHERE conversation_id = ?", cid)
    if last is None or last["id"] is None:
        raise Mistake("no hay conversación", 404)
    sql = "UPDATE x_dm SET read_ms = ? WHERE conversation_id = ? AND sender_id = ? AND read_ms IS NULL"
    world.store.run(sql, now_ms(), cid, other["id"])
    dm_events.dm_read(world, who["id"], cid, other["id"], last["id"])
    return {"last_read_event_id": str(last["id"])}


def like(world: World, call: Call) -> dict[str, Any]:
    """POST /control/x/likes {as, post}: a heart by a customer."""
    who, row = x_user(world, need(call, "as")), a_post(world, need(call, "post"))
    if world.store.run("INSERT OR IGNORE INTO x_like VALUES (?, ?)", who["id"], row["id"]):
        world.store.run("UPDATE x_post SET likes = likes + 1 WHERE id = ?", row["id"])
        payload = {"user_id": str(who["id"]), "tweet_id": str(row["id"])}
        events.emit(world, "like.create", row["author_id"], payload)
    world.wire.changed()
    return {"liked": True}


def follow(world: World, call: Call) -> dict[str, Any]:
    """POST /control/x/follows {as, target, following}: someone follows or stops following an account."""
    who, target = x_user(world, need(call, "as")), x_user(world, need(call, "target"))
    following = bool(call.form.get("following", True))
    sql = (
        "INSERT OR IGNORE INTO x_follow VALUES (?, ?)"
        if following
        else "DELETE FROM x_follow WHERE source = ? AND target = ?"
    )
    world.store.run(sql, who["id"], target["id"])
    source, other = events.users_shown(world, [who["id"], target["id"]])
    kind = "follow.follow" if following else "follow.unfollow"
    events.emit(world, kind, target["id"], {"source": {"data": source}, "target": {"data": other}})
    return {"following": following}


def change_user(world: World, call: Call) -> dict[str, Any]:
    """PATCH /control/x/users/{who}.

    Username, name, protected, suspended, receives_dm, blocks (an account, or null).
    """
    row, form = x_user(world, call.named["who"]), call.form
    for name in ("username", "name", "protected", "suspended", "receives_dm", "mood", "verified_type"):
        if name in form:
            value = int(form[name]) if isinstance(form[name], bool) else form[name]
            world.store.run(f"UPDATE x_user SET {name} = ? WHERE id = ?", value, row["id"])
    if "blocks" in form:
        target = x_user(world, form["blocks"])["id"]
        sql = "DELETE FROM x_block WHERE source = ? AND target = ?"
        if not blocked(world, row["id"], target):
            sql = "INSERT INTO x_block VALUES (?, ?)"
        world.store.run(sql, row["id"], target)
    if "username" in form and row["company"]:
        payload = {"before": row["username"], "after": form["username"]}
        events.emit(world, "profile.update.screenname", row["id"], payload)
    world.wire.changed()
    return plainly(x_user(world, row["id"]), texts=("id",))


def revoke(world: World, call: Call) -> dict[str, Any]:
    """POST /control/x/revoke {account, restore?}.

    The account withdraws its permission for good, or gives it back.
    """
    account = str(x_user(world, need(call, "account"))["id"])
    value = None if call.form.get("restore") else "revoked"
    world.store.run("UPDATE token SET revoked = ? WHERE network = 'x' AND account = ?", value, account)
    if value:
        events.revoked(world, int(account), X_APP_ID)
    return {"revoked": bool(value)}
