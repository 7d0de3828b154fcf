"""Acting on the local Facebook as any of its people, or as a page from its own inbox."""

from __future__ import annotations

import sqlite3
from typing import Any

from channels_social.sandbox.control.acts_x import pictures
from channels_social.sandbox.control.gate import Mistake, need, page_of, person_of, plainly, when
from channels_social.sandbox.graph import events, say
from channels_social.sandbox.graph.rows import comment_row, message_row, post_row
from channels_social.sandbox.web.call import Call
from channels_social.sandbox.world import World


def author(world: World, who: Any) -> tuple[str, str]:
    """Id and source of whoever speaks: a page (native) or a person."""
    sql = "SELECT id FROM fb_page WHERE id = ? OR company = ?"
    page = world.store.one(sql, str(who), str(who))
    return (page["id"], "native") if page else (person_of(world, who)["id"], "customer")


def there(row: sqlite3.Row | None, what: str) -> sqlite3.Row:
    """The row, if it is there; raises Mistake."""
    if row is None or row["deleted"]:
        raise Mistake(f"no hay {what}", 404)
    return row


def photo_urls(world: World, call: Call) -> list[str]:
    """Addresses of the pictures in `media`."""
    numbers = pictures(world, call, 0)
    return [n if "://" in n else f"{world.environ.sandbox_url}/media/{n}" for n in numbers]


def comment(world: World, call: Call) -> dict[str, Any]:
    """POST /control/facebook/comments: under a `post`, a `parent` comment, or the newest post of `page`."""
    number, source = author(world, need(call, "as"))
    form = call.form
    parent = there(comment_row(world, str(form["parent"])), "comentario") if form.get("parent") else None
    if parent is not None:
        post = post_row(world, parent["post_id"])
    elif form.get("post"):
        post = post_row(world, str(form["post"]))
    else:
        own = "page_id = ? AND author_id = page_id AND deleted = 0"
        sql = f"SELECT * FROM fb_post WHERE {own} ORDER BY seq DESC LIMIT 1"
        post = world.store.one(sql, page_of(world, need(call, "page"))["id"])
    photos = photo_urls(world, call)
    row = say.write_comment(
        world,
        post=there(post, "publicación"),
        author=number,
        message=str(form.get("message", "")),
        parent=parent,
        photo=photos[0] if photos else "",
        source=source,
        created_ms=when(call),
        notify=form.get("notify", True),
    )
    return plainly(row)


def change_comment(world: World, call: Call) -> dict[str, Any]:
    """PATCH /control/facebook/comments/{id}: `message` edits, `hidden` hides or shows."""
    row = there(comment_row(world, call.named["id"]), "comentario")
    if "hidden" in call.form:
        return plainly(say.hide_comment(world, row["id"], bool(call.form["hidden"])))
    return plainly(say.edit_comment(world, row["id"], str(need(call, "message"))))


def delete_comment(world: World, call: Call) -> dict[str, Any]:
    """DELETE /control/facebook/comments/{id}."""
    say.delete_comment(world, there(comment_row(world, call.named["id"]), "comentario")["id"])
    return {"deleted": True}


def post(world: World, call: Call) -> dict[str, Any]:
    """POST /control/facebook/posts: a visitor's post on `page`, or the page's own."""
    number, source = author(world, need(call, "as"))
    page = number if source == "native" else page_of(world, need(call, "page"))["id"]
    row = say.write_post(
        world,
        page=page,
        author=number,
        message=str(call.form.get("message", "")),
        source=source,
        photos=photo_urls(world, call),
        created_ms=when(call),
        notify=call.form.get("notify", True),
    )
    return plainly(row, lists=("photos",))


def change_post(world: World, call: Call) -> dict[str, Any]:
    """PATCH /control/facebook/posts/{id}."""
    row = there(post_row(world, call.named["id"]), "publicación")
    return plainly(say.edit_post(world, row["id"], str(need(call, "message"))), lists=("photos",))


def delete_post(world: World, call: Call) -> dict[str, Any]:
    """DELETE /control/facebook/posts/{id}."""
    say.delete_post(world, there(post_row(world, call.named["id"]), "publicación")["id"])
    return {"deleted": True}


def message(world: World, call: Call) -> dict[str, Any]:
    """POST /control/facebook/messages: a person to `page`, or a page (from its own inbox) `to` a person."""
    who = str(need(call, "as"))
    sql = "SELECT id FROM fb_page WHERE id = ? OR company = ?"
    page = world.store.one(sql, who, who)
    psid = person_of(world, need(call, "to") if page else who)["psid"]
    number = page["id"] if page else page_of(world, need(call, "page"))["id"]
    attachments = call.form.get("attachments") or []
    attachments += [{"type": "image", "payload": {"url": url}} for url in photo_urls(world, call)]
    row = say.write_message(
        world,
        page=number,
        psid=psid,
        from_page=page is not None,
        text=str(call.form.get("text", "")),
        source="native" if page else "customer",
        attachments=attachments,
        created_ms=when(call),
        reply_to=call.form.get("reply_to"),
        notify=call.form.get("notify", True),
    )
    return told(row)


def told(row: sqlite3.Row) -> dict[str, Any]:
    """A message as the witness tells it."""
    return plainly(row, lists=("attachments",))


def edit_message(world: World, call: Call) -> dict[str, Any]:
    """PATCH /control/facebook/messages/{mid}."""
    row = there(message_row(world, call.named["mid"]), "mensaje")
    return told(say.edit_message(world, row["mid"], str(need(call, "text"))))


def unsend(world: World, call: Call) -> dict[str, Any]:
    """DELETE /control/facebook/messages/{mid}: the person takes it back."""
    say.unsend_message(world, there(message_row(world, call.named["mid"]), "mensaje")["mid"])
    return {"deleted": True}


def signal(world: World, call: Call) -> dict[str, Any]:
    """POST /control/facebook/signals {kind: read|delivered|react|unreact, as, page | mid, emoji}."""
    kind = need(call, "kind")
    if kind == "read":
        page, person = page_of(world, need(call, "page")), person_of(world, need(call, "as"))
        return {"watermark": say.read_thread(world, page["id"], person["psid"])}
    row = there(message_row(world, str(need(call, "mid"))), "mensaje")
    if kind == "delivered":
        events.message_delivered(world, row)
    else:
        events.message_reacted(world, row, kind, call.form.get("emoji", "❤️"))
    return {"told": True}


def reaction(world: World, call: Call) -> dict[str, Any]:
    """POST /control/facebook/reactions {as, post | comment, reaction, remove}."""
    person, form = person_of(world, need(call, "as")), call.form
    verb, kind = "remove" if form.get("remove") else "add", form.get("reaction", "like")
    if form.get("comment"):
        row = there(comment_row(world, str(form["comment"])), "comentario")
        target = {
            "post_id": row["post_id"],
            "comment_id": row["id"],
            "parent_id": row["parent_id"] or row["post_id"],
        }
    else:
        row = there(post_row(world, str(need(call, "post"))), "publicación")
        target = {"post_id": row["id"], "parent_id": row["id"]}
    events.reaction(world, row["page_id"], person["id"], target, kind, verb)
    return {"told": True}


def change_person(world: World, call: Call) -> dict[str, Any]:
    """PATCH /control/facebook/people/{who}: anonymous, no_profile, unavailable, name, mood."""
    row = person_of(world, call.named["who"])
    for name in ("name", "mood", "anonymous", "no_profile", "unavailable"):
        if name in call.form:
            value = call.form[name]
            value = int(value) if isinstance(value, bool) else value
            world.store.run(f"UPDATE fb_person SET {name} = ? WHERE id = ?", value, row["id"])
    return plainly(person_of(world, row["id"]))


def revoke(world: World, call: Call) -> dict[str, Any]:
    """POST /control/facebook/revoke {page, subcode, restore?}.

    The page's tokens stop working (458, 460), or work again.
    """
    number = page_of(world, need(call, "page"))["id"]
    value = None if call.form.get("restore") else str(call.form.get("subcode", 458))
    world.store.run("UPDATE token SET revoked = ? WHERE network = 'facebook' AND account = ?", value, number)
    return {"revoked": bool(value)}
