"""Files a page hands over: the picture of a comment, and what Messenger sends (Meta, "Saving assets")."""

from __future__ import annotations

import sqlite3
from typing import Any

from channels_social.sandbox.graph.errors import oauth
from channels_social.sandbox.graph.gate import nested
from channels_social.sandbox.graph.reads import find
from channels_social.sandbox.ids import now_ms
from channels_social.sandbox.web.call import Call, File
from channels_social.sandbox.world import World

KINDS = ("image", "audio", "video", "file")
MEGABYTE = 1024 * 1024
# Messenger takes 25 MB, and 8 of an image; a picture in a comment 4.
LIMIT, IMAGE_LIMIT, COMMENT_LIMIT = 25 * MEGABYTE, 8 * MEGABYTE, 4 * MEGABYTE
SIGNS = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"%PDF-": "application/pdf",
}
TOO_LARGE_PICTURE = (
    "Your photos couldn't be uploaded. Photos should be smaller than 4 MB and saved as JPG, PNG, GIF, TIFF, HEIF or "
    "WebP files."
)


def upload(world: World, call: Call) -> dict[str, Any]:
    """POST /{page}/message_attachments: keep a file for a message to come; gives its `attachment_id`."""
    kind, page = find(world, call, call.named["id"], "post")
    if kind != "Page" or call.account != page["id"]:
        raise oauth(200, "(#200) Requires pages_messaging permission to manage the object", status=403)
    asked, data = nested(call, "message").get("attachment") or {}, call.form.get("filedata")
    if asked.get("type") not in KINDS:
        raise oauth(100, f"(#100) Param message[attachment][type] must be one of {list(KINDS)}")
    if not isinstance(data, File):
        message = "(#100) Incorrect number of files uploaded. Must upload exactly one file."
        raise oauth(100, message, subcode=2018005)
    is_image = asked["type"] == "image"
    if len(data) > (IMAGE_LIMIT if is_image else LIMIT):
        raise oauth(100, "(#100) Attachment size exceeds allowable limit", subcode=2018109)
    mime = mime_of(data)
    if not data or (is_image and not mime.startswith("image/")):
        raise oauth(100, "(#100) Upload attachment failure.", subcode=2018047)
    return {"attachment_id": keep(world, call, data, mime, category=asked["type"])}


def comment_picture(world: World, call: Call) -> str:
    """The address of the picture a comment is posted with (`source`); "" for one without."""
    data = call.form.get("source")
    if not isinstance(data, File):
        return ""
    mime = mime_of(data)
    if len(data) > COMMENT_LIMIT or not mime.startswith("image/"):
        raise oauth(1, TOO_LARGE_PICTURE, subcode=1366046)
    return address(world, keep(world, call, data, mime, category="comment"))


def attached(world: World, call: Call, asked: dict[str, Any]) -> dict[str, Any]:
    """An attachment of a message as it is told: one that was handed over before has an address by now."""
    payload = asked.get("payload") or {}
    if "attachment_id" not in payload:
        return asked
    row = kept(world, str(payload["attachment_id"]))
    if row is None or row["owner"] != call.account or row["category"] != asked.get("type"):
        raise oauth(100, "(#100) Param attachment_id is not valid for this page", subcode=2018074)
    told = {"type": asked["type"], "payload": {"url": address(world, row["id"])}}
    return told | ({"name": row["name"]} if row["name"] else {})


def kept(world: World, number: str) -> sqlite3.Row | None:
    """The row of a file, without its bytes."""
    return world.store.one("SELECT id, owner, category, name, mime FROM media WHERE id = ?", number)


def keep(world: World, call: Call, data: File, mime: str, *, category: str) -> str:
    """Put a file into the sandbox's own; its number."""
    number = str(world.mint.snowflake())
    world.store.add(
        "media", id=number, network="facebook", owner=call.account, mime=mime, bytes=bytes(data),
        category=category, created_ms=now_ms(), name=data.name,
    )  # fmt: skip
    return number


def address(world: World, number: str) -> str:
    """Where a file is read, by whoever knows the address."""
    return f"{world.environ.sandbox_url}/media/{number}"


def mime_of(data: bytes) -> str:
    """What a file is by its first bytes."""
    return next((kind for sign, kind in SIGNS.items() if data.startswith(sign)), "application/octet-stream")
