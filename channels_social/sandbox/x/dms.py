"""Direct messages of the local X: conversations, events, sending, reading."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from starlette.responses import Response

from channels_social.sandbox.ids import now_ms, snowflake_at, x_time
from channels_social.sandbox.ledger import charge
from channels_social.sandbox.web.call import Call
from channels_social.sandbox.world import World
from channels_social.sandbox.x import dm_events
from channels_social.sandbox.x.paging import an_id, below, meta, number
from channels_social.sandbox.x.people import blocked, show_user, user_by_id
from channels_social.sandbox.x.problems import DM_REFUSED, Problem, invalid, missing, plain
from channels_social.sandbox.x.rows import post_row
from channels_social.sandbox.x.views import Page, asked, show_media, show_post
from channels_social.sandbox.x.writes import json_body

MONTH_MS = 30 * 86_400_000
TEXT_LIMIT = 10_000
DM_FIELDS = {
    "attachments", "created_at", "dm_conversation_id", "entities", "event_type", "id", "participant_ids",
    "referenced_tweets", "sender_id", "text",
}  # fmt: skip
EVENT_TYPES = {"MessageCreate", "ParticipantsJoin", "ParticipantsLeave"}


def pair_id(one: int, other: int) -> str:
    """The conversation id of two people: `{smaller}-{larger}`."""
    return f"{min(one, other)}-{max(one, other)}"


def open_conversation(world: World, members: list[int], number: str = "") -> str:
    """The conversation of these people, made when it is not there.

    More than two make a group with its own id.
    """
    group = len(members) > 2 or bool(number)
    cid = number or (str(world.mint.snowflake()) if group else pair_id(members[0], members[-1]))
    sql = "INSERT OR IGNORE INTO x_dm_conversation VALUES (?, ?, ?)"
    world.store.run(sql, cid, json.dumps(members), int(group))
    rows = [(member, cid) for member in members]
    world.store.run_many("INSERT OR IGNORE INTO x_dm_member VALUES (?, ?)", rows)
    return cid


def members_of(world: World, cid: str) -> list[int]:
    """Who is in a conversation; nobody when there is none."""
    sql = "SELECT user_id FROM x_dm_member WHERE conversation_id = ? ORDER BY user_id"
    return [row["user_id"] for row in world.store.all(sql, cid)]


def write_dm(
    world: World,
    *,
    sender: int,
    cid: str,
    text: str = "",
    media: list[str] | None = None,
    source: str,
    created_ms: int | None = None,
    referenced: int | None = None,
    event_type: str = "MessageCreate",
    participants: list[int] | None = None,
) -> sqlite3.Row:
    """Write one event of a conversation and tell the webhooks; gives its row."""
    number = world.mint.snowflake(created_ms)
    with world.store.transaction():
        world.store.add(
            "x_dm",
            id=number,
            conversation_id=cid,
            event_type=event_type,
            sender_id=sender,
            text=text,
            created_ms=created_ms or now_ms(),
            media=json.dumps(media or []),
            source=source,
            referenced=referenced,
            participants=json.dumps(participants or []),
        )
        row = world.store.one("SELECT * FROM x_dm WHERE id = ?", number)
        assert row is not None
        if event_type == "MessageCreate":
            dm_events.dm_written(world, row, members_of(world, cid))
        world.store.after_commit(world.wire.changed)
    return row


def dm_fields(query: dict[str, str]) -> set[str]:
    """The fields asked for; raises Problem on one X does not know."""
    given = {v for v in query.get("dm_event.fields", "").split(",") if v}
    if strange := sorted(given - DM_FIELDS):
        listed = ",".join(sorted(DM_FIELDS))
        name = "dm_event.fields"
        raise invalid(
            f"The `{name}` query parameter value [{strange[0]}] is not one of [{listed}]",
            **{name: strange[0]},
        )
    return given


def show_dm(world: World, row: sqlite3.Row, fields: set[str]) -> dict[str, Any]:
    """One event: id and kind, its text if it has one, the fields asked for."""
    shown: dict[str, Any] = {"id": str(row["id"]), "event_type": row["event_type"]}
    shown |= {"text": row["text"]} if row["event_type"] == "MessageCreate" else {}
    keys = [f"3_{number}" for number in json.loads(row["media"])]
    everything = {
        "created_at": x_time(row["created_ms"]),
        "dm_conversation_id": row["conversation_id"],
        "sender_id": str(row["sender_id"]),
        "attachments": {"media_keys": keys} if keys else None,
        "participant_ids": [str(p) for p in json.loads(row["participants"])] or None,
        "referenced_tweets": [{"id": str(row["referenced"])}] if row["referenced"] else None,
    }
    return shown | {k: v for k, v in everything.items() if k in fields and v is not None}


def told(world: World, call: Call, rows: list[sqlite3.Row], info: dict[str, Any] | None) -> dict[str, Any]:
    """Events with what their expansions name."""
    wanted = {v for v in call.query.get("expansions", "").split(",") if v}
    fields = dm_fields(call.query)
    fields |= {"sender_id"} if "sender_id" in wanted else set()
    fields |= {"attachments"} if "attachments.media_keys" in wanted else set()
    plain_query = {k: v for k, v in call.query.items() if k not in ("expansions",)}
    page = Page(world, plain_query, call.account)
    for row in rows:
        sender = user_by_id(world, row["sender_id"])
        if "sender_id" in wanted and sender is not None:
            page.users[sender["id"]] = show_user(
                world, sender, asked(call.query, "user.fields"), call.account
            )
        if "attachments.media_keys" in wanted:
            for media in json.loads(row["media"]):
                page.media[media] = show_dm_media(world, row, media, page.media_fields)
        post = post_row(world, row["referenced"]) if "referenced_tweets.id" in wanted else None
        if post is not None and not post["deleted"]:
            page.tweets[post["id"]] = show_post(world, post, page.fields)
    charge(world.store, call.account, "dm_read", [str(row["id"]) for row in rows])
    return page.answer([show_dm(world, row, fields) for row in rows], info)


def show_dm_media(world: World, row: sqlite3.Row, media: str, fields: set[str]) -> dict[str, Any]:
    """A picture sent in private: its address wants the account's token."""
    shown = show_media(world, media, fields)
    if "url" in shown:
        base = f"{world.environ.sandbox_url}/x/2/dm_conversations/media"
        shown["url"] = f"{base}/{row['id']}/{media}/{media}.png"
    return shown


def events(world: World, call: Call) -> dict[str, Any]:
    """GET /2/dm_events: every conversation of the account.

    This list may lag behind (the `read_lag` switch).
    """
    sql = "SELECT conversation_id FROM x_dm_member WHERE user_id = ?"
    return listed(world, call, f"conversation_id IN ({sql})", [int(call.account)], lag=True)


def events_with(world: World, call: Call) -> dict[str, Any]:
    """GET /2/dm_conversations/with/:id/dm_events."""
    cid = pair_id(int(call.account), an_id(call.named["id"]))
    return listed(world, call, "conversation_id = ?", [cid])


def events_of(world: World, call: Call) -> dict[str, Any]:
    """GET /2/dm_conversations/:id/dm_events."""
    cid = call.named["id"]
    if int(call.account) not in members_of(world, cid):
        raise plain(403, "This operation is not permitted.")
    return listed(world, call, "conversation_id = ?", [cid])


def listed(world: World, call: Call, where: str, values: list[Any], *, lag: bool = False) -> dict[str, Any]:
    """A page of events, newest first, thirty days back; there is no since_id here."""
    size = number(call.query, "max_results", 1, 100, 100)
    token = call.query.get("pagination_token", "")
    until = below(token, "pagination_token") if token else (1 << 63) - 1
    if lag and (fault := world.faults.on("x", "read_lag")):
        until = min(until, snowflake_at(now_ms() - int(fault.seconds * 1000)))
    kinds = [k for k in call.query.get("event_types", "").split(",") if k] or sorted(EVENT_TYPES)
    if strange := set(kinds) - EVENT_TYPES:
        raise invalid(
            f"The `event_types` query parameter value [{strange.pop()}] is not valid", event_types=""
        )
    marks = ",".join("?" * len(kinds))
    sql = f"""SELECT * FROM x_dm WHERE {where} AND id < ? AND id >= ? AND deleted = 0
              AND event_type IN ({marks}) ORDER BY id DESC LIMIT ?"""
    rows = world.store.all(sql, *values, until, snowflake_at(now_ms() - MONTH_MS), *kinds, size + 1)
    shown = rows[:size]
    return told(world, call, shown, meta(shown, more=len(rows) > size, token=token, ids=False))


def one_event(world: World, call: Call) -> dict[str, Any]:
    """GET /2/dm_events/:id."""
    row = world.store.one("SELECT * FROM x_dm WHERE id = ? AND deleted = 0", an_id(call.named["id"]))
    if row is None or int(call.account) not in members_of(world, row["conversation_id"]):
        return {"errors": [missing("dm_event", "id", call.named["id"])]}
    body = told(world, call, [row], None)
    return body | {"data": body["data"][0]}


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
    refuse_people(world, int(call.account), members)
    with world.store.transaction():
        cid = open_conversation(world, members, cid if cid and "-" not in cid else "")
        media = [str(item.get("media_id")) for item in attached]
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


def download(world: World, call: Call) -> Response:
    """GET /2/dm_conversations/media/:dm_id/:media_id/:resource_id: the bytes of a picture sent in private."""
    row = world.store.one("SELECT * FROM x_dm WHERE id = ?", an_id(call.named["dm_id"]))
    media = world.store.one("SELECT mime, bytes FROM media WHERE id = ?", call.named["media_id"])
    if row is None or media is None or int(call.account) not in members_of(world, row["conversation_id"]):
        raise Problem(404, missing("media", "media_id", call.named["media_id"]) | {"status": 404})
    return Response(media["bytes"], media_type=media["mime"])
