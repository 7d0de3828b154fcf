"""Direct messages as X Activity tells them: the old v1.1 shape inside the new envelope."""

from __future__ import annotations

import base64
import json
import secrets
import sqlite3
from typing import Any

from channels_social.sandbox.ids import now_ms
from channels_social.sandbox.world import World
from channels_social.sandbox.x.events import emit, users_shown


def dm_written(world: World, row: sqlite3.Row, members: list[int]) -> None:
    """Tell the sender's account and every other member's."""
    sender = row["sender_id"]
    payload = message_create(world, row, members)
    for member in members:
        if member == sender:
            emit(world, "dm.sent", member, payload)
        else:
            emit(world, "dm.received", member, payload)


def message_create(world: World, row: sqlite3.Row, members: list[int]) -> dict[str, Any]:
    """The v1.1 body of a message: event and the people in it, wrapped in `data`."""
    sender = row["sender_id"]
    others = [member for member in members if member != sender]
    data: dict[str, Any] = {"text": row["text"]}
    data["entities"] = {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []}
    for media in json.loads(row["media"])[:1]:
        address = f"{world.environ.sandbox_url}/x/2/dm_conversations/media/{row['id']}/{media}/{media}.png"
        shown = {"id_str": media, "media_url_https": address, "type": "photo"}
        data["attachment"] = {"type": "media", "media": shown}
    target = {"recipient_id": str(others[0] if others else sender)}
    event: dict[str, Any] = {"type": "message_create", "id": str(row["id"])}
    event["created_timestamp"] = str(row["created_ms"])
    event["message_create"] = {"target": target, "sender_id": str(sender), "message_data": data}
    if "-" not in row["conversation_id"]:
        event["dm_conversation_id"] = row["conversation_id"]
    users = {user["id"]: {"data": user} for user in users_shown(world, [sender, *others])}
    return {"direct_message_events": [event], "users": users}


def dm_read(world: World, reader: int, cid: str, other: int, last: int) -> None:
    """Tell `other` that `reader` has read up to a message."""
    event = {"created_timestamp": str(now_ms()), "sender_id": str(reader), "last_read_event_id": str(last)}
    event["target"] = {"recipient_id": str(other)}  # type: ignore[assignment]
    users = {user["id"]: {"data": user} for user in users_shown(world, [reader, other])}
    payload = {"direct_message_mark_read_events": [event], "users": users}
    emit(world, "dm.read", other, payload)


def dm_typing(world: World, typist: int, other: int) -> None:
    """Tell `other` that somebody is typing."""
    event: dict[str, Any] = {"created_timestamp": str(now_ms()), "sender_id": str(typist)}
    event["target"] = {"recipient_id": str(other)}
    users = {user["id"]: {"data": user} for user in users_shown(world, [typist, other])}
    emit(
        world, "dm.indicate_typing", other, {"direct_message_indicate_typing_events": [event], "users": users}
    )


def chat_received(world: World, sender: int, account: int) -> str:
    """An end-to-end encrypted message: nothing in it can be read; gives its id."""
    number = "-".join(secrets.token_hex(n) for n in (4, 2, 2, 2, 6))
    noise = base64.b64encode(secrets.token_bytes(96)).decode()
    payload = {
        "conversation_token": secrets.token_urlsafe(64),
        "id": number,
        "created_at_msec": str(now_ms()),
        "sender_id": str(sender),
        "conversation_id": f"{sender}:{account}",
        "conversation_key_version": str(now_ms() - 86_400_000),
        "encoded_event": noise,
        "conversation_key_change_event": noise[::-1],
        "message_event_signature": {
            "public_key_version": "1765382634817",
            "signature": secrets.token_urlsafe(64),
            "signature_version": "7",
            "signing_public_key": base64.b64encode(secrets.token_bytes(91)).decode(),
        },
    }
    emit(world, "chat.received", account, payload)
    return number
