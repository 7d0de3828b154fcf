"""Acting a scene on the local networks, and seeing whether the company answered it."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from channels_social.sandbox.day.script import Scene, Turn
from channels_social.sandbox.graph import say
from channels_social.sandbox.graph.rows import comment_row, post_row
from channels_social.sandbox.ids import now_ms
from channels_social.sandbox.picture import receipt
from channels_social.sandbox.seed import add_customer
from channels_social.sandbox.world import World
from channels_social.sandbox.x import dms
from channels_social.sandbox.x.people import user_by_name
from channels_social.sandbox.x.posts import Draft, delete_post, edit_post, write_post
from channels_social.sandbox.x.rows import post_row as x_post_row

PRIVATE = re.compile(r"\b(privado|DM|mensaje directo|inbox|interno|por aquí|Messenger)\b", re.I)
Said = dict[str, Any]


def company_row(world: World, slug: str) -> sqlite3.Row:
    """The company of a scene; raises LookupError."""
    row = world.store.one("SELECT * FROM company WHERE slug = ?", slug)
    if row is None:
        raise LookupError(slug)
    return row


def on_x(world: World, scene: Scene) -> int:
    """The X user of a scene, made when new."""
    row = user_by_name(world, scene.handle)
    if row is None:
        person = {"name": scene.name, "mood": "de paso", "x": [world.mint.snowflake(), scene.handle]}
        add_customer(world, scene.company, person)
        row = user_by_name(world, scene.handle)
    assert row is not None
    return row["id"]


def on_facebook(world: World, scene: Scene) -> sqlite3.Row:
    """The Facebook person of a scene, made when new."""
    sql = "SELECT * FROM fb_person WHERE name = ? ORDER BY id LIMIT 1"
    row = world.store.one(sql, scene.name)
    if row is None:
        seq = world.mint.seq()
        fb = [str(6 * 10**16 + seq), str(7 * 10**16 + seq)]
        add_customer(world, scene.company, {"name": scene.name, "mood": "de paso", "fb": fb})
        row = world.store.one(sql, scene.name)
    assert row is not None
    return row


def picture(world: World) -> str:
    """A picture's media id."""
    number = str(world.mint.snowflake())
    columns = {"id": number, "network": "x", "owner": "", "mime": "image/png", "bytes": receipt()}
    world.store.add("media", **columns, created_ms=now_ms())
    return number


def act(world: World, scene: Scene, place: str, text: str, under: Said | None = None) -> Said:
    """Say something somewhere; gives what is needed to find it again."""
    company = company_row(world, scene.company)
    media = [picture(world)] if scene.photo else []
    if place in ("x", "cita"):
        return act_post(world, scene, company, place, text, media, under)
    if place == "dm":
        sender = on_x(world, scene)
        cid = dms.open_conversation(world, [sender, company["x_user_id"]])
        row = dms.write_dm(world, sender=sender, cid=cid, text=text, media=media, source="customer")
        return {"kind": "dm", "id": str(row["id"]), "cid": cid}
    urls = [f"{world.environ.sandbox_url}/media/{number}" for number in media]
    person, page = on_facebook(world, scene), company["page_id"]
    if place == "inbox":
        files = [{"type": "image", "payload": {"url": url}} for url in urls]
        sent = say.write_message(
            world,
            page=page,
            psid=person["psid"],
            from_page=False,
            text=text,
            source="customer",
            attachments=files,
        )
        return {"kind": "inbox", "id": sent["mid"], "seq": sent["seq"]}
    if place == "visita":
        made = say.write_post(
            world, page=page, author=person["id"], message=text, photos=urls, source="customer"
        )
        return {"kind": "visita", "id": made["id"]}
    return act_comment(world, page, person["id"], text, urls, under)


def act_post(
    world: World,
    scene: Scene,
    company: sqlite3.Row,
    place: str,
    text: str,
    media: list[str],
    under: Said | None,
) -> Said:
    """A post, an answer, or a quotation of the company's newest post."""
    sql = "SELECT max(id) AS id FROM x_post WHERE author_id = ? AND deleted = 0 AND reply_to IS NULL"
    newest = world.store.one(sql, company["x_user_id"]) if place == "cita" else None
    reply_to = int(under["id"]) if under and under["kind"] == "post" else None
    draft = Draft(author=on_x(world, scene), text=text, reply_to=reply_to, media=media, source="customer")
    draft.quoted = newest["id"] if newest else None
    return {"kind": "post", "id": str(write_post(world, draft)["id"])}


def act_comment(world: World, page: str, author: str, text: str, urls: list[str], under: Said | None) -> Said:
    """A comment under the page's newest post, or an answer to what `under` names."""
    parent = comment_row(world, under["id"]) if under and under["kind"] == "comment" else None
    post = post_row(world, parent["post_id"]) if parent else None
    if under and under["kind"] == "visita":
        post = post_row(world, under["id"])
    if post is None:
        own = "page_id = ? AND author_id = page_id AND deleted = 0"
        post = world.store.one(f"SELECT * FROM fb_post WHERE {own} ORDER BY seq DESC LIMIT 1", page)
    assert post is not None, "a seeded page has posts"
    photo = urls[0] if urls else ""
    row = say.write_comment(
        world, post=post, author=author, message=text, parent=parent, photo=photo, source="customer"
    )
    return {"kind": "comment", "id": row["id"]}


def change(world: World, said: Said, turn: Turn) -> None:
    """Edit or take back what was said."""
    if said["kind"] == "post":
        row = x_post_row(world, int(said["id"]))
        if row is not None and not row["deleted"]:
            if turn.kind == "edit":
                said["id"] = str(edit_post(world, row, turn.text)["id"])
            else:
                delete_post(world, row)
    elif said["kind"] == "comment":
        (
            say.edit_comment(world, said["id"], turn.text)
            if turn.kind == "edit"
            else say.delete_comment(world, said["id"])
        )
    elif said["kind"] == "inbox":
        (
            say.edit_message(world, said["id"], turn.text)
            if turn.kind == "edit"
            else say.unsend_message(world, said["id"])
        )


FIRST_ANSWER = (
    "SELECT {words} AS words, id FROM {table} WHERE {to} = ? AND author_id = ? AND deleted = 0 LIMIT 1"
)
ANSWERS = {
    "post": (FIRST_ANSWER.format(words="raw", table="x_post", to="reply_to"), "x_user_id"),
    "comment": (FIRST_ANSWER.format(words="message", table="fb_comment", to="parent_id"), "page_id"),
    "visita": (FIRST_ANSWER.format(words="message", table="fb_comment", to="post_id"), "page_id"),
}


def answer_to(world: World, scene: Scene, said: Said) -> tuple[str, Said] | None:
    """How the company answered, `answered` or `private`, and its words' place; None while it has not."""
    company = company_row(world, scene.company)
    if said["kind"] == "dm":
        sql = "SELECT text FROM x_dm WHERE conversation_id = ? AND sender_id = ? AND id > ? LIMIT 1"
        row = world.store.one(sql, said["cid"], company["x_user_id"], int(said["id"]))
        return ("answered", said) if row else None
    if said["kind"] == "inbox":
        sql = """SELECT a.text FROM fb_message m JOIN fb_message a ON a.thread_id = m.thread_id
                 WHERE m.mid = ? AND a.from_page = 1 AND a.seq > m.seq LIMIT 1"""
        return ("answered", said) if world.store.one(sql, said["id"]) else None
    if said["kind"] == "comment":
        row = comment_row(world, said["id"])
        if row is not None and row["private_mid"]:
            return "private", said
    sql, whose = ANSWERS[said["kind"]]
    row = world.store.one(sql, said["id"], company[whose])
    if row is None:
        return None
    kind = "private" if PRIVATE.search(row["words"]) else "answered"
    place = {"kind": "post", "id": str(row["id"])} if said["kind"] == "post" else said
    return kind, place
