"""The X column: conversations in public, conversations in private."""

from __future__ import annotations

import json
import sqlite3
from html import escape

from channels_social.sandbox.page.words import initials, marked, tag, when
from channels_social.sandbox.world import World
from channels_social.sandbox.x.people import user_by_id
from channels_social.sandbox.x.rows import post_row

SHOWN, DEEP = 30, 40


def public(world: World, company: sqlite3.Row) -> str:
    """Conversations that concern a company, the one with the newest words first."""
    sql = """SELECT conversation_id AS c, max(id) AS last FROM x_post
             WHERE deleted = 0 AND newer IS NULL AND (author_id = :me
               OR id IN (SELECT post_id FROM x_mention WHERE user_id = :me)
               OR author_id IN (SELECT id FROM x_user WHERE home = :slug)
               OR quoted IN (SELECT id FROM x_post WHERE author_id = :me))
             GROUP BY c ORDER BY last DESC LIMIT :most"""
    values = {"me": company["x_user_id"], "slug": company["slug"], "most": SHOWN}
    return "".join(conversation(world, row["c"]) for row in world.store.all_named(sql, values))


def conversation(world: World, root: int) -> str:
    """One conversation, oldest first; a line joins its posts."""
    sql = "SELECT * FROM x_post WHERE conversation_id = ? AND newer IS NULL ORDER BY id LIMIT ?"
    rows = [row for row in world.store.all(sql, root, DEEP) if not (row["deleted"] and row["replies"] == 0)]
    return "".join(article(world, row, joined=at < len(rows) - 1) for at, row in enumerate(rows))


def article(world: World, row: sqlite3.Row, *, joined: bool) -> str:
    """One post."""
    author = user_by_id(world, row["author_id"])
    if author is None:
        return ""
    kinds = ["post", *(["post-thread"] if joined else []), *(["post-company"] if author["company"] else [])]
    said = '<p class="faint">Publicación borrada</p>' if row["deleted"] else words(world, row)
    return (
        f'<article class="{" ".join(kinds)}" id="x-{row["id"]}" data-id="{row["id"]}"'
        f' data-who="{escape(author["name"])}" data-as="{author["username"]}" data-text="{escape(row["raw"])}">'
        f'<span class="person person-md" aria-hidden="true">{initials(author["name"])}</span>'
        f'<div><p class="head"><b>{escape(author["name"])}</b>'
        f"<span>@{author['username']} · {when(row['created_ms'])}</span>{tags(row, author)}</p>"
        f"{said}{acts(row, author)}</div></article>"
    )


def tags(row: sqlite3.Row, author: sqlite3.Row) -> str:
    """What else there is to know about a post."""
    told = [tag("editada")] if row["chain"] != row["id"] else []
    told += [tag("oculta por la empresa", "tag-note")] if row["hidden"] else []
    told += [tag("desde otra herramienta")] if row["source"] == "native" and row["reply_to"] else []
    told += [tag("cuenta protegida", "tag-line")] if author["protected"] else []
    return "".join(told)


def words(world: World, row: sqlite3.Row) -> str:
    """Text, pictures and what it quotes."""
    told = f'<p class="said" dir="auto">{marked(row["raw"])}</p>' if row["raw"] else ""
    for number in json.loads(row["media"]):
        told += shot(world, number)
    quoted = post_row(world, row["quoted"])
    if quoted is not None:
        author = user_by_id(world, quoted["author_id"])
        name = escape(author["name"]) if author else ""
        told += f'<blockquote class="quoted"><b>{name}</b> {marked(quoted["raw"])}</blockquote>'
    return told


def shot(world: World, number: str) -> str:
    """A picture, with what its sender says it shows."""
    row = world.store.one("SELECT alt FROM media WHERE id = ?", number)
    alt = escape(row["alt"] if row and row["alt"] else "Imagen adjunta")
    return f'<img class="shot" src="/media/{number}" alt="{alt}" loading="lazy">'


def acts(row: sqlite3.Row, author: sqlite3.Row) -> str:
    """What a person can do with a post: answer, quote, like; with one's own, edit and delete."""
    if row["deleted"]:
        return ""
    own = ""
    if not author["company"]:
        own = (
            '<details class="more"><summary aria-label="Más acciones"><i class="i i-more i-14"></i></summary>'
            '<span class="more-list"><button type="button" data-act="edit">Editar</button>'
            '<button type="button" data-act="delete">Borrar</button></span></details>'
        )
    return (
        '<div class="acts">'
        f"{button('reply', 'bubble', 'Responder', row['replies'])}"
        f"{button('quote', 'repost', 'Citar', row['quotes'])}"
        f"{button('like', 'heart', 'Me gusta', row['likes'])}{own}</div>"
    )


def button(act: str, icon: str, label: str, count: int) -> str:
    """An action with its count; only answering says its name, the others are told to screen readers."""
    name = label if act == "reply" else f'<span class="sr">{label}</span>'
    return (
        f'<button type="button" data-act="{act}"><i class="i i-{icon} i-14" aria-hidden="true"></i>'
        f'{name} <span class="num">{count or ""}</span></button>'
    )


def private(world: World, company: sqlite3.Row) -> str:
    """Conversations by direct message, the one with the newest words first."""
    sql = """SELECT d.conversation_id AS c, max(d.id) AS last FROM x_dm d
             JOIN x_dm_member m ON m.conversation_id = d.conversation_id AND m.user_id = ?
             WHERE d.deleted = 0 GROUP BY c ORDER BY last DESC LIMIT ?"""
    rows = world.store.all(sql, company["x_user_id"], SHOWN)
    return "".join(dm_thread(world, company, row["c"]) for row in rows)


def dm_thread(world: World, company: sqlite3.Row, cid: str) -> str:
    """One private conversation."""
    sql = "SELECT * FROM x_dm WHERE conversation_id = ? AND deleted = 0 ORDER BY id DESC LIMIT ?"
    rows = world.store.all(sql, cid, DEEP)[::-1]
    members = [
        user_by_id(world, m["user_id"])
        for m in world.store.all("SELECT user_id FROM x_dm_member WHERE conversation_id = ?", cid)
    ]
    people = [m for m in members if m is not None and m["id"] != company["x_user_id"]]
    if not people:
        return ""
    name = ", ".join(m["name"] for m in people)
    lines = "".join(bubble(world, row, ours=row["sender_id"] == company["x_user_id"]) for row in rows)
    return thread_card(name, "@" + people[0]["username"], people[0]["username"], lines, "dm", cid)


def bubble(world: World, row: sqlite3.Row, *, ours: bool) -> str:
    """One message in private."""
    inside = marked(row["text"]) if row["text"] else ""
    for number in json.loads(row["media"]):
        inside += shot(world, number)
    seen = " · visto" if ours and row["read_ms"] else ""
    return line(inside, when(row["created_ms"]) + seen, ours=ours, key=str(row["id"]))


def line(inside: str, small: str, *, ours: bool, key: str, extra: str = "") -> str:
    """A bubble, ours or the person's."""
    kind = "dm ours" if ours else "dm"
    return (
        f'<div class="{kind}" id="m-{escape(key)}" data-id="{escape(key)}"><div dir="auto">{inside}</div>'
        f"<small>{small}{extra}</small></div>"
    )


def thread_card(name: str, under: str, who: str, lines: str, act: str, key: str) -> str:
    """A private conversation with a way to go on with it."""
    return (
        f'<article class="thread" id="t-{escape(key)}" data-who="{escape(name)}" data-as="{escape(who)}">'
        f'<p class="head"><span class="person" aria-hidden="true">{initials(name)}</span><b>{escape(name)}</b>'
        f'<span class="faint">{escape(under)}</span>'
        f'<button class="btn btn-sm end" type="button" data-act="{act}"><i class="i i-reply i-12" '
        f'aria-hidden="true"></i>Seguir</button></p>{lines}</article>'
    )
