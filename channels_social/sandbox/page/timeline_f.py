"""The Facebook column: the page with its comments, Messenger."""

from __future__ import annotations

import json
import sqlite3
from html import escape
from typing import Any

from channels_social.sandbox.graph.rows import name_of, person_of_psid
from channels_social.sandbox.page.timeline_x import SHOWN, line, thread_card
from channels_social.sandbox.page.words import initials, marked, tag, when
from channels_social.sandbox.world import World

DEEP = 60


def page_feed(world: World, company: sqlite3.Row) -> str:
    """Posts of a page and of its visitors, the one with the newest words first."""
    sql = """SELECT p.*, max(p.created_ms, coalesce((SELECT max(created_ms) FROM fb_comment c
             WHERE c.post_id = p.id AND c.deleted = 0), 0)) AS last
             FROM fb_post p WHERE page_id = ? AND deleted = 0 ORDER BY last DESC LIMIT ?"""
    return "".join(post(world, row) for row in world.store.all(sql, company["page_id"], SHOWN))


def post(world: World, row: sqlite3.Row) -> str:
    """One post with its comments."""
    name, own = name_of(world, row["author_id"]), row["author_id"] == row["page_id"]
    pictures = "".join(
        f'<img class="shot" src="{escape(url)}" alt="Foto" loading="lazy">'
        for url in json.loads(row["photos"])
    )
    more = "" if own else MORE
    visitor = "" if own else tag("en la página")
    return (
        f'<article class="fb-post" id="f-{row["id"]}" data-id="{row["id"]}" data-who="{escape(name)}" '
        f'data-as="{row["author_id"]}" data-kind="post" data-text="{escape(row["message"])}">'
        f'<p class="head cluster"><span class="person person-md{" person-company" if own else ""}" '
        f'aria-hidden="true">{initials(name)}</span><span><b>{escape(name)}</b> {visitor}<br>'
        f'<span class="t-xs faint">{when(row["created_ms"])}</span></span></p>'
        f'<p class="said" dir="auto">{marked(row["message"])}</p>{pictures}'
        f'<div class="acts"><button type="button" data-act="comment"><i class="i i-bubble i-14" '
        f'aria-hidden="true"></i>Comentar</button>{more}</div>{comments(world, row)}</article>'
    )


MORE = (
    '<details class="more"><summary aria-label="Más acciones"><i class="i i-more i-14"></i></summary>'
    '<span class="more-list"><button type="button" data-act="edit">Editar</button>'
    '<button type="button" data-act="delete">Borrar</button></span></details>'
)


def comments(world: World, row: sqlite3.Row) -> str:
    """Comments in their two levels: newest comment first, its answers under it in order."""
    sql = "SELECT * FROM fb_comment WHERE post_id = ? AND deleted = 0 ORDER BY created_ms DESC, seq DESC LIMIT ?"
    rows = world.store.all(sql, row["id"], DEEP)
    answers: dict[str, list[sqlite3.Row]] = {}
    for one in reversed(rows):
        if one["parent_id"]:
            answers.setdefault(one["parent_id"], []).append(one)
    told = ""
    for one in rows:
        if not one["parent_id"]:
            told += comment(world, one) + "".join(comment(world, a) for a in answers.get(one["id"], []))
    return told


def comment(world: World, row: sqlite3.Row) -> str:
    """One comment."""
    name, own = name_of(world, row["author_id"]), row["author_id"] == row["page_id"]
    photo = (
        f'<img class="shot" src="{escape(row["photo"])}" alt="Foto" loading="lazy">' if row["photo"] else ""
    )
    more = "" if own else MORE
    return (
        f'<div class="fb-c{" in" if row["parent_id"] else ""}" id="c-{row["id"]}" data-id="{row["id"]}" '
        f'data-who="{escape(name)}" data-as="{row["author_id"]}" data-kind="comment" '
        f'data-text="{escape(row["message"])}"><span class="person{" person-company" if own else ""}" '
        f'aria-hidden="true">{initials(name)}</span>'
        f'<div class="fb-say{" company" if own else ""}" dir="auto"><b>{escape(name)}</b>{marks(row)}<br>'
        f"{marked(row['message'])}{photo}</div>"
        f'<small class="acts">{when(row["created_ms"])}<button type="button" data-act="comment">Responder</button>'
        f"{more}</small></div>"
    )


def marks(row: sqlite3.Row) -> str:
    """What else there is to know about a comment."""
    told = [tag("oculto por la página", "tag-note")] if row["hidden"] else []
    told += [tag("editado")] if row["edited_ms"] else []
    told += [tag("respondido en privado", "tag-private")] if row["private_mid"] else []
    return "".join(" " + one for one in told)


def messenger(world: World, company: sqlite3.Row) -> str:
    """Conversations in Messenger, the one with the newest words first."""
    sql = "SELECT * FROM fb_thread WHERE page_id = ? ORDER BY updated_ms DESC LIMIT ?"
    return "".join(thread(world, row) for row in world.store.all(sql, company["page_id"], SHOWN))


def thread(world: World, row: sqlite3.Row) -> str:
    """One conversation."""
    person = person_of_psid(world, row["psid"])
    if person is None:
        return ""
    sql = "SELECT * FROM fb_message WHERE thread_id = ? ORDER BY seq DESC LIMIT ?"
    lines = "".join(bubble(m) for m in world.store.all(sql, row["id"], DEEP)[::-1])
    return thread_card(person["name"], person["mood"], person["psid"], lines, "message", row["id"])


def attached(one: dict[str, Any]) -> str:
    """A file of a message: a picture is seen, another is opened."""
    url, name = escape(one.get("payload", {}).get("url", "")), escape(one.get("name") or "Archivo adjunto")
    if one.get("type", "image") == "image":
        return f'<img class="shot" src="{url}" alt="{name}" loading="lazy">'
    return f'<a class="shot-file" href="{url}" target="_blank" rel="noopener">{name}</a>'


def bubble(row: sqlite3.Row) -> str:
    """One message."""
    ours, inside = bool(row["from_page"]), marked(row["text"]) if row["text"] else ""
    for one in json.loads(row["attachments"]):
        inside += attached(one)
    if row["deleted"]:
        inside = '<i class="faint">Mensaje retirado</i>'
    small = when(row["created_ms"]) + (" · visto" if ours and row["read_ms"] else "")
    small += " · editado" if row["edits"] else ""
    small += " · por un comentario" if row["kind"] == "PRIVATE_REPLY" else ""
    own = not ours and not row["deleted"]
    extra = '<button type="button" data-act="unsend">Retirar</button>' if own else ""
    return line(inside, small, ours=ours, key=row["mid"], extra=extra)
