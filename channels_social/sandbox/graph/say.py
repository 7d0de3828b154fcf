"""What is said on the local Facebook: posts, comments, messages; written, changed, taken back.

One way in for all.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from channels_social.sandbox.graph import events
from channels_social.sandbox.graph.rows import comment_row, message_row, post_row, thread_with
from channels_social.sandbox.ids import now_ms
from channels_social.sandbox.world import World


def write_post(
    world: World,
    *,
    page: str,
    author: str,
    message: str,
    photos: list[str] | None = None,
    source: str,
    created_ms: int | None = None,
    notify: bool = True,
) -> sqlite3.Row:
    """A post on the page's feed, by the page or a visitor."""
    seq, created = world.mint.seq(), created_ms or now_ms()
    number = f"{page}_{seq}"
    with world.store.transaction():
        world.store.add(
            "fb_post",
            id=number,
            seq=seq,
            page_id=page,
            author_id=author,
            message=message,
            photos=json.dumps(photos or []),
            created_ms=created,
            updated_ms=created,
            source=source,
        )
        return changed_post(world, number, "add" if notify else "")


def changed_post(world: World, number: str, verb: str) -> sqlite3.Row:
    """The row after a change, told to the webhook when there is a verb."""
    row = post_row(world, number)
    assert row is not None
    if verb:
        events.post_changed(world, row, verb)
    world.store.after_commit(world.wire.changed)
    return row


def edit_post(world: World, number: str, message: str) -> sqlite3.Row:
    """Another text for a post."""
    with world.store.transaction():
        world.store.run(
            "UPDATE fb_post SET message = ?, updated_ms = ? WHERE id = ?", message, now_ms(), number
        )
        return changed_post(world, number, "edited")


def delete_post(world: World, number: str) -> None:
    """Take a post down, with its comments."""
    with world.store.transaction():
        world.store.run("UPDATE fb_post SET deleted = 1 WHERE id = ?", number)
        world.store.run("UPDATE fb_comment SET deleted = 1 WHERE post_id = ?", number)
        changed_post(world, number, "remove")


def write_comment(
    world: World,
    *,
    post: sqlite3.Row,
    author: str,
    message: str,
    parent: sqlite3.Row | None = None,
    photo: str = "",
    source: str,
    created_ms: int | None = None,
    notify: bool = True,
) -> sqlite3.Row:
    """A comment.

    An answer to an answer hangs from the first comment, as Facebook's threads have two levels.
    """
    seq = world.mint.seq()
    number = f"{post['id'].split('_')[1]}_{seq}"
    top = None if parent is None else parent["parent_id"] or parent["id"]
    with world.store.transaction():
        world.store.add(
            "fb_comment",
            id=number,
            seq=seq,
            post_id=post["id"],
            page_id=post["page_id"],
            parent_id=top,
            author_id=author,
            message=message,
            photo=photo,
            created_ms=created_ms or now_ms(),
            source=source,
        )
        world.store.run(
            "UPDATE fb_post SET updated_ms = max(updated_ms, ?) WHERE id = ?", now_ms(), post["id"]
        )
        return changed_comment(world, number, "add" if notify else "")


def changed_comment(world: World, number: str, verb: str) -> sqlite3.Row:
    """The row after a change, told to the webhook when there is a verb."""
    row = comment_row(world, number)
    assert row is not None
    if verb:
        events.comment_changed(world, row, verb)
    world.store.after_commit(world.wire.changed)
    return row


def edit_comment(world: World, number: str, message: str) -> sqlite3.Row:
    """Another text for a comment."""
    with world.store.transaction():
        world.store.run(
            "UPDATE fb_comment SET message = ?, edited_ms = ? WHERE id = ?", message, now_ms(), number
        )
        return changed_comment(world, number, "edited")


def hide_comment(world: World, number: str, hidden: bool) -> sqlite3.Row:
    """Hide a comment from everyone but its author and their friends, or show it again."""
    with world.store.transaction():
        world.store.run("UPDATE fb_comment SET hidden = ? WHERE id = ?", int(hidden), number)
        return changed_comment(world, number, "hide" if hidden else "unhide")


def delete_comment(world: World, number: str) -> None:
    """Take a comment down, with its answers; the webhook hears of each."""
    with world.store.transaction():
        sql = "SELECT id FROM fb_comment WHERE (id = ? OR parent_id = ?) AND deleted = 0"
        for row in world.store.all(sql, number, number):
            world.store.run("UPDATE fb_comment SET deleted = 1 WHERE id = ?", row["id"])
            changed_comment(world, row["id"], "remove")


def open_thread(world: World, page: str, psid: str) -> sqlite3.Row:
    """The conversation of a page and a person, made when there is none."""
    row = thread_with(world, page, psid)
    if row is None:
        world.store.add("fb_thread", id=f"t_{world.mint.seq()}", page_id=page, psid=psid, updated_ms=now_ms())
        row = thread_with(world, page, psid)
    assert row is not None
    return row


def write_message(
    world: World,
    *,
    page: str,
    psid: str,
    from_page: bool,
    text: str = "",
    source: str,
    attachments: list[dict[str, Any]] | None = None,
    created_ms: int | None = None,
    metadata: str | None = None,
    reply_to: str | None = None,
    app_id: str | None = None,
    kind: str = "",
    notify: bool = True,
) -> sqlite3.Row:
    """A message in Messenger, either way; the person's own opens the 24 hour window."""
    mid, created = world.mint.mid(), created_ms or now_ms()
    with world.store.transaction():
        thread = open_thread(world, page, psid)
        world.store.add(
            "fb_message",
            mid=mid,
            seq=world.mint.seq(),
            thread_id=thread["id"],
            page_id=page,
            psid=psid,
            from_page=int(from_page),
            text=text,
            attachments=json.dumps(attachments or []),
            created_ms=created,
            metadata=metadata,
            reply_to=reply_to,
            app_id=app_id,
            kind=kind,
            source=source,
        )
        sql = "UPDATE fb_thread SET updated_ms = max(updated_ms, ?), unread = ? WHERE id = ?"
        world.store.run(sql, created, 0 if from_page else thread["unread"] + 1, thread["id"])
        if not from_page:
            sql = "UPDATE fb_thread SET customer_ms = max(coalesce(customer_ms, 0), ?) WHERE id = ?"
            world.store.run(sql, created, thread["id"])
        row = message_row(world, mid)
        assert row is not None
        if notify:
            events.message_written(world, row)
        world.store.after_commit(world.wire.changed)
    return row


def edit_message(world: World, mid: str, text: str) -> sqlite3.Row:
    """The person writes their message anew."""
    with world.store.transaction():
        world.store.run("UPDATE fb_message SET text = ?, edits = edits + 1 WHERE mid = ?", text, mid)
        row = message_row(world, mid)
        assert row is not None
        events.message_edited(world, row)
        world.store.after_commit(world.wire.changed)
    return row


def unsend_message(world: World, mid: str) -> None:
    """The person takes their message back."""
    with world.store.transaction():
        world.store.run("UPDATE fb_message SET deleted = 1 WHERE mid = ?", mid)
        row = message_row(world, mid)
        assert row is not None
        events.message_unsent(world, row)
        world.store.after_commit(world.wire.changed)


def read_thread(world: World, page: str, psid: str) -> int:
    """The person reads everything the page wrote so far; gives the watermark in milliseconds."""
    watermark = now_ms()
    with world.store.transaction():
        ours = "page_id = ? AND psid = ? AND from_page = 1 AND read_ms IS NULL"
        sql = f"UPDATE fb_message SET read_ms = ? WHERE {ours}"
        world.store.run(sql, watermark, page, psid)
        events.messages_read(world, page, psid, watermark)
        world.store.after_commit(world.wire.changed)
    return watermark
