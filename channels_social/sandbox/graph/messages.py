"""POST /{page}/messages: Messenger's rules about whom a page may write to, and when."""

from __future__ import annotations

import sqlite3
from typing import Any

from channels_social.sandbox.graph import files, say
from channels_social.sandbox.graph.errors import OUTSIDE_WINDOW, GraphProblem, no_object, oauth
from channels_social.sandbox.graph.gate import given, nested
from channels_social.sandbox.graph.reads import find
from channels_social.sandbox.graph.rows import (
    comment_row,
    page_row,
    person_of_psid,
    person_row,
    post_row,
    thread_with,
)
from channels_social.sandbox.ids import now_ms
from channels_social.sandbox.web.call import Call
from channels_social.sandbox.world import World

DAY_MS = 86_400_000
TEXT_LIMIT, METADATA_LIMIT = 2000, 1000


def send(world: World, call: Call) -> dict[str, Any]:
    """Send one message; `recipient` is a person, or the comment or post answered in private."""
    kind, page = find(world, call, call.named["id"], "post")
    if kind != "Page" or call.account != page["id"]:
        raise oauth(200, "(#200) Requires pages_messaging permission to manage the object", status=403)
    recipient, message = nested(call, "recipient"), nested(call, "message")
    if action := given(call, "sender_action"):
        return sender_action(world, page, recipient, action)
    text, attachments = content(message)
    attachments = [files.attached(world, call, one) for one in attachments]
    target = recipient.get("comment_id") or recipient.get("post_id")
    private = private_target(world, page, str(target)) if target else None
    psid = private[1] if private else window_target(world, call, page, recipient)
    reply_to = nested(call, "reply_to").get("mid")
    with world.store.transaction():
        row = say.write_message(
            world,
            page=page["id"],
            psid=psid,
            from_page=True,
            text=text,
            attachments=attachments,
            source="api",
            metadata=message.get("metadata"),
            reply_to=reply_to,
            app_id=world.environ.fb_app_id,
            kind="PRIVATE_REPLY"
            if private
            else given(call, "tag") or given(call, "messaging_type", "RESPONSE"),
        )
        if private and private[0] == "comment":
            world.store.run("UPDATE fb_comment SET private_mid = ? WHERE id = ?", row["mid"], str(target))
        elif private:
            world.store.keep(f"private:{target}", row["mid"])
    return {"recipient_id": psid, "message_id": row["mid"]}


def content(message: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    """Text and attachments of a message; raises GraphProblem."""
    text = message.get("text") or ""
    attachments = message.get("attachments") or ([message["attachment"]] if message.get("attachment") else [])
    if not text and not attachments:
        raise oauth(100, "(#100) Message cannot be empty, must provide valid attachment or text")
    if text and attachments:
        raise oauth(100, "(#100) Message must contain either text or an attachment, not both")
    if len(text) > TEXT_LIMIT:
        raise oauth(100, f"(#100) Length of param message[text] must be less than or equal to {TEXT_LIMIT}")
    if len(str(message.get("metadata") or "")) > METADATA_LIMIT:
        raise oauth(
            100, f"(#100) Length of param message[metadata] must be less than or equal to {METADATA_LIMIT}"
        )
    return text, attachments


def window_target(world: World, call: Call, page: sqlite3.Row, recipient: dict[str, Any]) -> str:
    """The person written to, if the window allows it: 24 hours, or 7 days for a human agent."""
    psid = str(recipient.get("id") or "")
    person, thread = person_of_psid(world, psid), thread_with(world, page["id"], psid)
    if person is None or thread is None:
        raise oauth(100, "(#100) No matching user found", subcode=2018001)
    if person["unavailable"]:
        raise unavailable()
    kind, tag = given(call, "messaging_type", "RESPONSE"), given(call, "tag")
    if kind not in ("RESPONSE", "UPDATE", "MESSAGE_TAG"):
        raise oauth(100, f"(#100) Invalid messaging_type: {kind}")
    if kind == "MESSAGE_TAG" and tag != "HUMAN_AGENT":
        raise oauth(100, "Invalid parameter", subcode=1893061)
    allowed = 7 * DAY_MS if kind == "MESSAGE_TAG" else DAY_MS
    since = now_ms() - (thread["customer_ms"] or 0)
    if world.rule("dm_windows") and since > allowed:
        raise oauth(10, OUTSIDE_WINDOW, subcode=2018278)
    return psid


def unavailable() -> GraphProblem:
    """551: the person has blocked the page or closed the account."""
    return oauth(551, "(#551) This person isn't available right now.", subcode=1545041)


def private_target(world: World, page: sqlite3.Row, number: str) -> tuple[str, str]:
    """Kind and PSID of the author of a comment or post, if a private answer is still allowed.

    Once, seven days.
    """
    row = comment_row(world, number)
    kind = "comment" if row is not None else "post"
    row = row or post_row(world, number)
    if row is None or row["deleted"] or row["page_id"] != page["id"]:
        raise no_object(number, "post")
    person = person_row(world, row["author_id"])
    if page_row(world, row["author_id"]) is not None or person is None:
        raise oauth(100, "(#100) You cannot send a private reply to this comment")
    if now_ms() - row["created_ms"] > 7 * DAY_MS:
        raise oauth(10, OUTSIDE_WINDOW, subcode=2018278)
    if already(world, row, kind):
        raise oauth(10900, "(#10900) Activity already replied to")
    if person["unavailable"]:
        raise unavailable()
    return kind, person["psid"]


def already(world: World, row: sqlite3.Row, kind: str) -> bool:
    """Whether it was answered in private before."""
    if kind == "comment":
        return bool(row["private_mid"])
    return bool(world.store.setting(f"private:{row['id']}"))


def sender_action(world: World, page: sqlite3.Row, recipient: dict[str, Any], action: str) -> dict[str, Any]:
    """typing_on, typing_off, mark_seen: nothing to keep."""
    if action not in ("typing_on", "typing_off", "mark_seen"):
        raise oauth(100, f"(#100) Invalid sender_action: {action}")
    if action == "mark_seen":
        sql = "UPDATE fb_thread SET unread = 0 WHERE page_id = ? AND psid = ?"
        world.store.run(sql, page["id"], str(recipient.get("id", "")))
    return {"recipient_id": str(recipient.get("id", ""))}
