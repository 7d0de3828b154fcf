"""What Facebook tells our webhook: `feed` changes and Messenger events, signed with the app's secret.

Times are seconds for the feed and milliseconds for messages; bodies carry `\\u` escapes; ids are text.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sqlite3
from typing import Any

from channels_social.sandbox.graph.rows import name_of, page_row, person_row
from channels_social.sandbox.ids import graph_time, now_ms
from channels_social.sandbox.world import World

FIELDS = (
    "feed,mention,messages,message_echoes,message_deliveries,message_reads,message_edits,message_reactions,"
    "messaging_postbacks,standby,messaging_handovers,messaging_policy_enforcement"
)


def signature(secret: str, body: bytes) -> str:
    """Value of `X-Hub-Signature-256`."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def send(world: World, page: str, field: str, entry: dict[str, Any]) -> None:
    """One entry to the page's webhook, if it is subscribed to this field."""
    row = page_row(world, page)
    if row is None or not row["callback"] or field not in row["fields"].split(","):
        return
    body = json.dumps({"object": "page", "entry": [entry]}, separators=(",", ":")).encode()
    secret = world.environ.fb_app_secret
    old = "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    headers = {"content-type": "application/json", "user-agent": "facebookexternalua", "x-hub-signature": old}
    headers["x-hub-signature-256"] = signature(secret, body)
    world.courier.send(
        network="facebook",
        account=page,
        kind=told(field, entry),
        url=row["callback"],
        headers=headers,
        body=body,
    )


def told(field: str, entry: dict[str, Any]) -> str:
    """How the log names an entry: "feed comment add", "messages"."""
    for change in entry.get("changes", []):
        value = change["value"]
        return f"{field} {value.get('item', '')} {value.get('verb', '')}".strip()
    return field


def feed(world: World, page: str, value: dict[str, Any]) -> None:
    """One change of the page's feed."""
    changes = [{"field": "feed", "value": value}]
    send(world, page, "feed", {"id": page, "time": now_ms() // 1000, "changes": changes})


def author_of(world: World, number: str) -> dict[str, Any]:
    """`from`, which Facebook leaves out for people who have not let the app see them."""
    person = person_row(world, number)
    if person is not None and (person["anonymous"] or world.faults.on("facebook", "comment_from_absent")):
        return {}
    return {"from": {"id": number, "name": name_of(world, number)}}


def comment_changed(world: World, row: sqlite3.Row, verb: str) -> None:
    """A comment was added, edited, hidden, unhidden or removed."""
    value: dict[str, Any] = author_of(world, row["author_id"])
    value |= {"post_id": row["post_id"], "comment_id": row["id"], "created_time": row["created_ms"] // 1000}
    value |= {"item": "comment", "parent_id": row["parent_id"] or row["post_id"], "verb": verb}
    if verb != "remove":
        value |= {"message": row["message"]} if row["message"] else {}
        value |= {"photo": row["photo"]} if row["photo"] else {}
        post = world.store.one("SELECT * FROM fb_post WHERE id = ?", row["post_id"])
        if post is not None and verb == "add":
            value["post"] = {
                "status_type": "mobile_status_update",
                "is_published": True,
                "updated_time": graph_time(post["updated_ms"]),
                "permalink_url": f"https://www.facebook.com/{post['id'].replace('_', '/posts/')}",
                "promotion_status": "inactive",
                "id": post["id"],
            }
    feed(world, row["page_id"], value)


def post_changed(world: World, row: sqlite3.Row, verb: str) -> None:
    """A post on the page's feed was added, edited, hidden or removed.

    `status` by the page, `post` by a visitor.
    """
    photos = json.loads(row["photos"])
    own = row["author_id"] == row["page_id"]
    value: dict[str, Any] = author_of(world, row["author_id"])
    value |= {
        "item": "photo" if photos else ("status" if own else "post"),
        "post_id": row["id"],
        "verb": verb,
    }
    value |= {"created_time": row["created_ms"] // 1000}
    if verb != "remove":
        value |= {"published": 1} | ({"message": row["message"]} if row["message"] else {})
        value |= {"link": photos[0], "photo_id": row["id"].split("_")[1]} if photos else {}
    feed(world, row["page_id"], value)


def reaction(world: World, page: str, person: str, target: dict[str, Any], kind: str, verb: str) -> None:
    """Somebody reacted to a post or a comment."""
    value = {"item": "reaction", "verb": verb, "reaction_type": kind, "created_time": now_ms() // 1000}
    feed(world, page, value | target | author_of(world, person))


def messaging(world: World, page: str, field: str, event: dict[str, Any], at_ms: int) -> None:
    """One Messenger event, with sender and recipient already in it."""
    event = {"timestamp": at_ms} | event
    send(world, page, field, {"id": page, "time": now_ms(), "messaging": [event]})


def ends(row: sqlite3.Row) -> dict[str, Any]:
    """Sender and recipient of a message."""
    page, person = {"id": row["page_id"]}, {"id": row["psid"]}
    return {"sender": page if row["from_page"] else person, "recipient": person if row["from_page"] else page}


def message_written(world: World, row: sqlite3.Row) -> None:
    """A message arrived at the page, or left it (an echo, with our metadata only if we sent some)."""
    message: dict[str, Any] = {"mid": row["mid"]} | ({"text": row["text"]} if row["text"] else {})
    attachments = json.loads(row["attachments"])
    message |= {"attachments": attachments} if attachments else {}
    message |= {"reply_to": {"mid": row["reply_to"]}} if row["reply_to"] else {}
    field = "messages"
    if row["from_page"]:
        field = "message_echoes"
        message |= {"is_echo": True} | ({"app_id": int(row["app_id"])} if row["app_id"] else {})
        message |= {"metadata": row["metadata"]} if row["metadata"] else {}
    messaging(world, row["page_id"], field, ends(row) | {"message": message}, row["created_ms"])


def message_edited(world: World, row: sqlite3.Row) -> None:
    """The person changed what they wrote."""
    edit = {"mid": row["mid"], "text": row["text"], "num_edit": row["edits"]}
    messaging(world, row["page_id"], "message_edits", ends(row) | {"message_edit": edit}, now_ms())


def message_unsent(world: World, row: sqlite3.Row) -> None:
    """The person took a message back."""
    message = {"mid": row["mid"], "is_deleted": True}
    messaging(world, row["page_id"], "messages", ends(row) | {"message": message}, now_ms())


def message_reacted(world: World, row: sqlite3.Row, action: str, emoji: str) -> None:
    """The person put an emoji on a message, or took it off."""
    told_as = {"mid": row["mid"], "action": action}
    told_as |= {"emoji": emoji, "reaction": "other"} if action == "react" else {}
    who = {"sender": {"id": row["psid"]}, "recipient": {"id": row["page_id"]}}
    messaging(world, row["page_id"], "message_reactions", who | {"reaction": told_as}, now_ms())


def message_delivered(world: World, row: sqlite3.Row) -> None:
    """The person's phone has a message of ours."""
    who = {"sender": {"id": row["psid"]}, "recipient": {"id": row["page_id"]}}
    delivery = {"mids": [row["mid"]], "watermark": row["created_ms"]}
    messaging(world, row["page_id"], "message_deliveries", who | {"delivery": delivery}, now_ms())


def messages_read(world: World, page: str, psid: str, watermark: int) -> None:
    """The person has read everything up to a time."""
    who = {"sender": {"id": psid}, "recipient": {"id": page}}
    messaging(world, page, "message_reads", who | {"read": {"watermark": watermark}}, now_ms())
