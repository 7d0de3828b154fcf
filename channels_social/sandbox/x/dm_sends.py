"""Sending direct messages through the API, with X's refusals."""

from __future__ import annotations

from typing import Any

from channels_social.sandbox.ledger import charge
from channels_social.sandbox.web.call import Call
from channels_social.sandbox.world import World
from channels_social.sandbox.x import handed
from channels_social.sandbox.x.dms import members_of, open_conversation, pair_id, write_dm
from channels_social.sandbox.x.paging import an_id
from channels_social.sandbox.x.people import blocked, user_by_id
from channels_social.sandbox.x.problems import DM_REFUSED, Problem, invalid, missing, plain
from channels_social.sandbox.x.writes import json_body

TEXT_LIMIT = 10_000


def send_with(world: World, call: Call) -> tuple[int, dict[str, Any]]:
    """POST /2/dm_conversations/with/:id/messages."""
    return send(world, call, [int(call.account), an_id(call.named["id"])])


def send_to(world: World, call: Call) -> tuple[int, dict[str, Any]]:
    """POST /2/dm_conversations/:id/messages."""
    members = members_of(world, call.named["id"])
    if int(call.account) not in members:
        raise plain(403, DM_REFUSED)
    return send(world, call, members, call.named["id"])


def send_new(world: World, call: Call) -> tuple[int, dict[str, Any]]:
    """POST /2/dm_conversations: a group."""
    body = json_body(call)
    members = [int(call.account), *(an_id(str(p)) for p in body.get("participant_ids", []))]
    cid = open_conversation(world, members, str(world.mint.snowflake()))
    return send(world, call, members, cid, body.get("message") or {})


def send(
    world: World, call: Call, members: list[int], cid: str = "", body: dict[str, Any] | None = None
) -> tuple[int, dict[str, Any]]:
    """Write the message; raises Problem when somebody cannot be written to or there is nothing to say."""
    body = json_body(call) if body is None else body
    text, attached = body.get("text") or "", body.get("attachments") or []
    if not text.strip() and not attached:
        raise invalid("$.text: is missing but it is required")
    if len(text) > TEXT_LIMIT:
        raise invalid(f"$.text: must be at most {TEXT_LIMIT} characters long")
    media = handed.named(world, call, [str(item.get("media_id")) for item in attached], "dm_image", 1)
    refuse_people(world, int(call.account), members)
    with world.store.transaction():
        cid = open_conversation(world, members, cid if cid and "-" not in cid else "")
        row = write_dm(world, sender=int(call.account), cid=cid, text=text, media=media, source="api")
        charge(world.store, call.account, "dm_create", [str(row["id"])])
    return 201, {"data": {"dm_conversation_id": cid, "dm_event_id": str(row["id"])}}


def refuse_people(world: World, sender: int, members: list[int]) -> None:
    """Raise Problem when somebody blocked the sender, is gone, or takes no messages from strangers."""
    refused = world.faults.on("x", "dm_refused")
    for member in members:
        row = user_by_id(world, member)
        if row is None or row["suspended"] or blocked(world, member, sender):
            raise plain(403, DM_REFUSED)
        sql = "SELECT 1 FROM x_dm WHERE conversation_id = ? AND sender_id = ? LIMIT 1"
        wrote = world.store.one(sql, pair_id(member, sender), member) is not None
        if member != sender and (refused or not (row["receives_dm"] or wrote)):
            raise plain(403, DM_REFUSED)


def delete_event(world: World, call: Call) -> dict[str, Any]:
    """DELETE /2/dm_events/:id: for oneself only; here it only has to answer."""
    row = world.store.one("SELECT * FROM x_dm WHERE id = ?", an_id(call.named["id"]))
    if row is None or int(call.account) not in members_of(world, row["conversation_id"]):
        raise Problem(404, missing("dm_event", "id", call.named["id"]) | {"status": 404})
    return {"data": {"deleted": True}}
