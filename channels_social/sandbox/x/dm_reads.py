"""Reading direct messages: the account's events, those of one conversation, pictures."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from starlette.responses import Response

from channels_social.sandbox.ids import now_ms, snowflake_at, x_time
from channels_social.sandbox.ledger import charge
from channels_social.sandbox.web.call import Call
from channels_social.sandbox.world import World
from channels_social.sandbox.x.dms import members_of, pair_id
from channels_social.sandbox.x.paging import an_id, below, meta, number
from channels_social.sandbox.x.people import show_user, user_by_id
from channels_social.sandbox.x.problems import Problem, invalid, missing, plain
from channels_social.sandbox.x.rows import post_row
from channels_social.sandbox.x.views import Page, asked, show_media, show_post

MONTH_MS = 30 * 86_400_000
DM_FIELDS = {
    "attachments", "created_at", "dm_conversation_id", "entities", "event_type", "id", "participant_ids",
    "referenced_tweets", "sender_id", "text",
}  # fmt: skip
EVENT_TYPES = {"MessageCreate", "ParticipantsJoin", "ParticipantsLeave"}


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


def download(world: World, call: Call) -> Response:
    """GET /2/dm_conversations/media/:dm_id/:media_id/:resource_id: the bytes of a picture sent in private."""
    row = world.store.one("SELECT * FROM x_dm WHERE id = ?", an_id(call.named["dm_id"]))
    media = world.store.one("SELECT mime, bytes FROM media WHERE id = ?", call.named["media_id"])
    if row is None or media is None or int(call.account) not in members_of(world, row["conversation_id"]):
        raise Problem(404, missing("media", "media_id", call.named["media_id"]) | {"status": 404})
    return Response(media["bytes"], media_type=media["mime"])
