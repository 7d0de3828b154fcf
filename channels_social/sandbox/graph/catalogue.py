"""What each kind of Graph object can tell: one function per field."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from channels_social.sandbox.graph import edges
from channels_social.sandbox.graph.fields import Wanted
from channels_social.sandbox.graph.nodes import FIELDS, Field, show
from channels_social.sandbox.graph.rows import name_of, person_row
from channels_social.sandbox.ids import graph_time, now_ms
from channels_social.sandbox.web.call import Call
from channels_social.sandbox.world import World

WEEK_MS = 7 * 86_400_000


def column(name: str) -> Field:
    """A field that is a column; empty text is absent."""
    return lambda world, row, want, call: row[name] or None


def flag(name: str, *, inverted: bool = False) -> Field:
    """A field that is a yes or no column."""
    return lambda world, row, want, call: bool(row[name]) is not inverted


def moment(name: str) -> Field:
    """A field that is a time."""
    return lambda world, row, want, call: graph_time(row[name]) if row[name] else None


def fixed(value: Any) -> Field:
    """A field that is always the same."""
    return lambda world, row, want, call: value


def who(world: World, number: str) -> dict[str, str] | None:
    """`from`: absent for people who have not let the app see them."""
    person = person_row(world, number)
    if person is not None and (person["anonymous"] or world.faults.on("facebook", "comment_from_absent")):
        return None
    return {"id": number, "name": name_of(world, number)}


def can_reply_privately(world: World, row: sqlite3.Row) -> bool:
    """Once, within seven days, never to oneself."""
    young = now_ms() - row["created_ms"] <= WEEK_MS
    return young and not row["private_mid"] and row["author_id"] != row["page_id"]


def permalink(row: sqlite3.Row) -> str:
    """Public address of a post or comment."""
    page, _, post = (row["post_id"] if "post_id" in row.keys() else row["id"]).partition("_")  # noqa: SIM118
    tail = f"?comment_id={row['id'].split('_')[1]}" if "post_id" in row.keys() else ""  # noqa: SIM118
    return f"https://www.facebook.com/{page}/posts/{post}{tail}"


def photo_of(url: str) -> dict[str, Any] | None:
    """A comment's picture."""
    if not url:
        return None
    return {"type": "photo", "media": {"image": {"height": 480, "src": url, "width": 640}}, "url": url}


def photos_of(row: sqlite3.Row) -> dict[str, Any] | None:
    """A post's pictures."""
    found = [photo_of(url) for url in json.loads(row["photos"])]
    return {"data": [{**one, "type": "photo"} for one in found if one]} if found else None


def parent_of(world: World, row: sqlite3.Row, want: Wanted, call: Call) -> dict[str, Any] | None:
    """The comment a comment answers."""
    parent = None
    if row["parent_id"]:
        parent = world.store.one("SELECT * FROM fb_comment WHERE id = ? AND deleted = 0", row["parent_id"])
    if parent is None:
        return None
    defaults = {name: Wanted() for name in ("created_time", "from", "message", "id")}
    return show("Comment", world, parent, (want.inner or defaults) | {"id": Wanted()}, call)


def replies_count(world: World, row: sqlite3.Row) -> int:
    """How many answers a comment has."""
    sql = "SELECT count(*) AS n FROM fb_comment WHERE parent_id = ? AND deleted = 0"
    found = world.store.one(sql, row["id"])
    return found["n"] if found else 0


def ends_of(world: World, row: sqlite3.Row) -> tuple[dict[str, str], dict[str, str]]:
    """Page and person of a thread or message, as Messenger tells them."""

    def one(number: str) -> dict[str, str]:
        return {"name": name_of(world, number), "email": f"{number}@facebook.com", "id": number}

    return one(row["page_id"]), one(row["psid"])


def sender(world: World, row: sqlite3.Row) -> dict[str, str]:
    """`from` of a message."""
    page, person = ends_of(world, row)
    return page if row["from_page"] else person


def receivers(world: World, row: sqlite3.Row) -> dict[str, Any]:
    """`to` of a message."""
    page, person = ends_of(world, row)
    return {"data": [person if row["from_page"] else page]}


def attachments_of(row: sqlite3.Row) -> dict[str, Any] | None:
    """Pictures and files of a message, in the shape reading gives (webhooks use another)."""
    told = []
    for at, one in enumerate(json.loads(row["attachments"])):
        url = one.get("payload", {}).get("url", "")
        item: dict[str, Any] = {
            "id": f"{row['seq']}{at}",
            "name": one.get("name") or f"{one['type']}-{row['seq']}{at}",
            "size": 4096,
        }
        if one["type"] == "image":
            picture = {"width": 640, "height": 480, "max_width": 640, "max_height": 480, "url": url}
            item |= {"mime_type": "image/png", "image_data": picture | {"preview_url": url, "image_type": 1}}
        else:
            item |= {"mime_type": "application/octet-stream", "file_url": url}
        told.append(item)
    return {"data": told} if told else None


def members(world: World, row: sqlite3.Row) -> dict[str, Any]:
    """Who is in a thread: the person, then the page."""
    page, person = ends_of(world, row)
    return {"data": [person, page]}


def snippet(world: World, row: sqlite3.Row) -> str | None:
    """The last words of a thread."""
    found = edges.last_message(world, row)
    return found["text"][:120] or None if found else None


def message_count(world: World, row: sqlite3.Row) -> int:
    """How many messages a thread has."""
    found = world.store.one("SELECT count(*) AS n FROM fb_message WHERE thread_id = ?", row["id"])
    return found["n"] if found else 0


def can_reply(world: World, row: sqlite3.Row) -> bool:
    """Whether the 24 hour window is open."""
    return bool(row["customer_ms"]) and now_ms() - row["customer_ms"] <= 86_400_000


PAGE: dict[str, Field] = {
    "id": column("id"),
    "name": column("name"),
    "category": column("category"),
    "is_published": flag("published"),
    "link": lambda w, r, want, c: f"https://www.facebook.com/{r['id']}",
    "username": fixed(None),
    "fan_count": fixed(18234),
    "about": fixed(None),
    "tasks": fixed(["MODERATE", "MESSAGING", "CREATE_CONTENT"]),
    "picture": lambda w, r, want, c: {
        "data": {"url": f"{w.environ.sandbox_url}/media/profile/{r['id']}_normal.svg"}
    },
    "feed": edges.inner("feed"),
    "published_posts": edges.inner("published_posts"),
    "verification_status": fixed(None),
    "visitor_posts": edges.inner("visitor_posts"),
    "conversations": edges.inner("conversations"),
}
POST: dict[str, Field] = {
    "id": column("id"),
    "message": column("message"),
    "created_time": moment("created_ms"),
    "updated_time": moment("updated_ms"),
    "from": lambda w, r, want, c: who(w, r["author_id"]),
    "is_hidden": flag("hidden"),
    "is_published": fixed(True),
    "permalink_url": lambda w, r, want, c: permalink(r),
    "status_type": lambda w, r, want, c: (
        "wall_post" if r["author_id"] != r["page_id"] else "mobile_status_update"
    ),
    "attachments": lambda w, r, want, c: photos_of(r),
    "comments": edges.inner("comments"),
    "parent_id": fixed(None),
    "full_picture": lambda w, r, want, c: (json.loads(r["photos"]) or [None])[0],
    "story": fixed(None),
    "to": fixed(None),
    "message_tags": fixed(None),
    "shares": fixed(None),
}
COMMENT: dict[str, Field] = {
    "id": column("id"),
    "message": column("message"),
    "created_time": moment("created_ms"),
    "from": lambda w, r, want, c: who(w, r["author_id"]),
    "parent": parent_of,
    "is_hidden": flag("hidden"),
    "object": lambda w, r, want, c: {"id": r["post_id"]},
    "attachment": lambda w, r, want, c: photo_of(r["photo"]),
    "permalink_url": lambda w, r, want, c: permalink(r),
    "can_comment": fixed(True),
    "can_like": fixed(True),
    "can_hide": lambda w, r, want, c: r["author_id"] != r["page_id"],
    "can_remove": fixed(True),
    "can_reply_privately": lambda w, r, want, c: can_reply_privately(w, r),
    "is_private": fixed(False),
    "comment_count": lambda w, r, want, c: replies_count(w, r),
    "like_count": lambda w, r, want, c: r["likes"],
    "user_likes": flag("liked"),
    "message_tags": fixed(None),
    "comments": edges.inner("comments"),
    "private_reply_conversation": lambda w, r, want, c: edges.private_thread(w, r),
}
THREAD: dict[str, Field] = {
    "id": column("id"),
    "updated_time": moment("updated_ms"),
    "unread_count": lambda w, r, want, c: r["unread"],
    "link": lambda w, r, want, c: f"/{r['page_id']}/inbox/{r['id'][2:]}/",
    "can_reply": lambda w, r, want, c: can_reply(w, r),
    "message_count": lambda w, r, want, c: message_count(w, r),
    "snippet": lambda w, r, want, c: snippet(w, r),
    "participants": lambda w, r, want, c: members(w, r),
    "senders": lambda w, r, want, c: members(w, r),
    "messages": edges.inner("messages"),
    "is_subscribed": fixed(True),
}
MESSAGE: dict[str, Field] = {
    "id": column("mid"),
    "created_time": moment("created_ms"),
    "message": lambda w, r, want, c: r["text"],
    "from": lambda w, r, want, c: sender(w, r),
    "to": lambda w, r, want, c: receivers(w, r),
    "attachments": lambda w, r, want, c: attachments_of(r),
    "sticker": fixed(None),
    "shares": fixed(None),
    "tags": lambda w, r, want, c: {"data": [{"name": "sent" if r["from_page"] else "inbox"}]},
    "reply_to": lambda w, r, want, c: {"mid": r["reply_to"]} if r["reply_to"] else None,
}
PERSON: dict[str, Field] = {
    "id": column("psid"),
    "name": column("name"),
    "first_name": lambda w, r, want, c: r["name"].split()[0],
    "last_name": lambda w, r, want, c: " ".join(r["name"].split()[1:]) or None,
    "profile_pic": lambda w, r, want, c: f"{w.environ.sandbox_url}/media/profile/{r['psid']}_normal.svg",
    "locale": fixed("es_LA"),
    "timezone": fixed(None),
    "gender": fixed(None),
}
FIELDS |= {
    "Page": PAGE,
    "Post": POST,
    "Comment": COMMENT,
    "UnifiedThread": THREAD,
    "Message": MESSAGE,
    "User": PERSON,
}
