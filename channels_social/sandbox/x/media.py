"""One-shot upload of a picture (POST /2/media/upload), and what it shows (POST /2/media/metadata)."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from channels_social.sandbox.ids import now_ms
from channels_social.sandbox.web.call import Call, parse_multipart
from channels_social.sandbox.world import World
from channels_social.sandbox.x.handed import LIFE_S, usable
from channels_social.sandbox.x.problems import invalid
from channels_social.sandbox.x.writes import json_body

CATEGORIES = {"tweet_image", "dm_image", "subtitles"}
LIMIT = 5 * 1024 * 1024
ALT_LIMIT = 1000
SIGNS = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp", b"BM": "image/bmp"}


def upload(world: World, call: Call) -> dict[str, Any]:
    """Keep the picture; its id is good for 24 hours."""
    data, category, said = received(call)
    if category not in CATEGORIES:
        raise invalid("$.media_category: does not have a value in the enumeration", media_category=category)
    mime = next((kind for sign, kind in SIGNS.items() if data.startswith(sign)), said)
    if not data or len(data) > LIMIT or not mime.startswith("image/"):
        raise invalid("$.media: is not a picture of at most 5 MB")
    number = str(world.mint.snowflake())
    world.store.add(
        "media",
        id=number,
        network="x",
        owner=call.account,
        mime=mime,
        bytes=data,
        category=category,
        created_ms=now_ms(),
    )
    told = {"id": number, "media_key": f"3_{number}", "size": len(data), "expires_after_secs": LIFE_S}
    return {"data": told, "meta": {}}


def describe(world: World, call: Call) -> dict[str, Any]:
    """POST /2/media/metadata: what a picture shows (`metadata.alt_text.text`, at most 1000 characters)."""
    body = json_body(call)
    number, asked = str(body.get("id") or ""), (body.get("metadata") or {}).get("alt_text") or {}
    row, words = usable(world, call, number), asked.get("text")
    if row is None:
        raise invalid("$.id: is not a media id of this account", id=number)
    if not isinstance(words, str) or not 0 < len(words) <= ALT_LIMIT:
        raise invalid(f"$.metadata.alt_text.text: must be at most {ALT_LIMIT} characters long")
    world.store.run("UPDATE media SET alt = ? WHERE id = ?", words, number)
    return {"data": {"id": number, "associated_metadata": {"alt_text": {"text": words}}}}


def received(call: Call) -> tuple[bytes, str, str]:
    """Bytes, category and declared type, from parts or from JSON with base64; raises Problem."""
    kind = call.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        parts = parse_multipart(kind, call.body)
        media, category = parts.get("media", b""), parts.get("media_category", "")
        data = media if isinstance(media, bytes) else media.encode()
        return data, str(category), str(parts.get("media_type", ""))
    body = json_body(call)
    try:
        data = base64.b64decode(str(body.get("media") or ""), validate=True)
    except binascii.Error:
        raise invalid("$.media: is not base64") from None
    return data, str(body.get("media_category") or ""), str(body.get("media_type") or "")
