"""The witness: everything said on the two networks, who said it and by which way.

What went over the wire; what it cost.
"""

from __future__ import annotations

from typing import Any

from channels_social.sandbox.control.acts_facebook import told as told_message
from channels_social.sandbox.control.acts_x import told as told_post
from channels_social.sandbox.control.gate import page_of, person_of, plainly, x_user
from channels_social.sandbox.ledger import totals
from channels_social.sandbox.web.call import Call
from channels_social.sandbox.world import World

MOST = 5000


def limit(call: Call) -> int:
    """How many rows are wanted, 500 unless told."""
    return max(1, min(int(call.query.get("limit", 500)), MOST))


def posts(world: World, call: Call) -> dict[str, Any]:
    """GET /control/posts?author=&source=&conversation=&reply_to=&deleted=1: newest first."""
    where: list[str] = ["1"]
    values: list[Any] = []
    if author := call.query.get("author"):
        where, values = [*where, "author_id = ?"], [*values, x_user(world, author)["id"]]
    for name, column in (("source", "source"), ("conversation", "conversation_id"), ("reply_to", "reply_to")):
        if value := call.query.get(name):
            where, values = [*where, f"{column} = ?"], [*values, value]
    if not call.query.get("deleted"):
        where.append("deleted = 0")
    sql = f"SELECT * FROM x_post WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT ?"
    return {"posts": [told_post(row) for row in world.store.all(sql, *values, limit(call))]}


def dms(world: World, call: Call) -> dict[str, Any]:
    """GET /control/dms?sender=&conversation=&source=: newest first."""
    where: list[str] = ["1"]
    values: list[Any] = []
    if sender := call.query.get("sender"):
        where, values = [*where, "sender_id = ?"], [*values, x_user(world, sender)["id"]]
    for name, column in (("conversation", "conversation_id"), ("source", "source")):
        if value := call.query.get(name):
            where, values = [*where, f"{column} = ?"], [*values, value]
    sql = f"SELECT * FROM x_dm WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT ?"
    rows = world.store.all(sql, *values, limit(call))
    texts, lists = ("id", "sender_id", "referenced"), ("media", "participants")
    return {"dms": [plainly(row, texts=texts, lists=lists) for row in rows]}


def comments(world: World, call: Call) -> dict[str, Any]:
    """GET /control/comments?page=&post=&parent=&author=&source=&deleted=1: newest first."""
    where: list[str] = ["1"]
    values: list[Any] = []
    if page := call.query.get("page"):
        where, values = [*where, "page_id = ?"], [*values, page_of(world, page)["id"]]
    for name, column in (
        ("post", "post_id"),
        ("parent", "parent_id"),
        ("author", "author_id"),
        ("source", "source"),
    ):
        if value := call.query.get(name):
            where, values = [*where, f"{column} = ?"], [*values, value]
    if not call.query.get("deleted"):
        where.append("deleted = 0")
    sql = f"SELECT * FROM fb_comment WHERE {' AND '.join(where)} ORDER BY seq DESC LIMIT ?"
    return {"comments": [plainly(row) for row in world.store.all(sql, *values, limit(call))]}


def visitor_posts(world: World, call: Call) -> dict[str, Any]:
    """GET /control/fb_posts?page=: newest first."""
    page = call.query.get("page", "")
    number = page_of(world, page)["id"] if page else ""
    where = "? IN ('', page_id) AND deleted = 0"
    sql = f"SELECT * FROM fb_post WHERE {where} ORDER BY created_ms DESC, seq DESC LIMIT ?"
    return {"posts": [plainly(row, lists=("photos",)) for row in world.store.all(sql, number, limit(call))]}


def messages(world: World, call: Call) -> dict[str, Any]:
    """GET /control/messages?page=&person=&from_page=1&source=&metadata=: newest first."""
    where: list[str] = ["1"]
    values: list[Any] = []
    if page := call.query.get("page"):
        where, values = [*where, "page_id = ?"], [*values, page_of(world, page)["id"]]
    if person := call.query.get("person"):
        where, values = [*where, "psid = ?"], [*values, person_of(world, person)["psid"]]
    for name in ("from_page", "source", "metadata", "kind"):
        if value := call.query.get(name):
            where, values = [*where, f"{name} = ?"], [*values, value]
    sql = f"SELECT * FROM fb_message WHERE {' AND '.join(where)} ORDER BY seq DESC LIMIT ?"
    return {"messages": [told_message(row) for row in world.store.all(sql, *values, limit(call))]}


def wire(world: World, call: Call) -> dict[str, Any]:
    """GET /control/wire?limit=&after=: the last exchanges, newest first; `version` grows with each."""
    entries = world.wire.last(min(limit(call), 2000), int(call.query.get("after", 0)))
    return {"version": world.wire.version, "entries": entries}


def ledger(world: World, call: Call) -> dict[str, Any]:
    """GET /control/ledger?account=: what X would have charged, per account and kind."""
    lines = totals(world.store, call.query.get("account", ""))
    return {"lines": lines, "usd": round(sum(line["usd"] for line in lines), 6)}


def deliveries(world: World, call: Call) -> dict[str, Any]:
    """GET /control/deliveries: webhooks not yet delivered nor given up."""
    columns = "id, network, account, kind, url, created_ms, due_ms, attempt"
    sql = f"SELECT {columns} FROM delivery ORDER BY id LIMIT ?"
    rows = [plainly(row) for row in world.store.all(sql, limit(call))]
    count = world.store.one("SELECT count(*) AS n FROM delivery")
    return {"pending": count["n"] if count else 0, "deliveries": rows}
