"""Reading the local Graph: any object by id, any of its edges, the user's pages."""

from __future__ import annotations

import sqlite3
from typing import Any

from channels_social.sandbox.graph import catalogue  # noqa: F401 (fills the fields)
from channels_social.sandbox.graph.edges import EDGES, page_of
from channels_social.sandbox.graph.errors import GraphProblem, no_object, oauth
from channels_social.sandbox.graph.fields import read_fields
from channels_social.sandbox.graph.nodes import show
from channels_social.sandbox.graph.rows import (
    comment_row,
    message_row,
    page_row,
    person_of_psid,
    post_row,
    thread_row,
    thread_with,
)
from channels_social.sandbox.web.call import Call
from channels_social.sandbox.world import World

DEFAULTS = {
    "Page": "name",
    "Post": "created_time,message",
    "Comment": "created_time,from,message",
    "UnifiedThread": "link,updated_time",
    "Message": "created_time",
    "User": "first_name,last_name,profile_pic",
}
SUITS = {
    "Page": {"feed", "posts", "published_posts", "visitor_posts", "tagged", "conversations"},
    "Post": {"comments"},
    "Comment": {"comments"},
    "UnifiedThread": {"messages"},
}


def find(world: World, call: Call, number: str, verb: str = "get") -> tuple[str, sqlite3.Row]:
    """Kind and row of an object this token may see; raises GraphProblem 100/33 as Graph does."""
    number = call.account if number == "me" else number
    for kind, look in (
        ("Page", page_row),
        ("Post", post_row),
        ("Comment", comment_row),
        ("UnifiedThread", thread_row),
        ("Message", message_row),
    ):
        row = look(world, number)
        if row is not None:
            gone = "deleted" in row.keys() and row["deleted"]  # noqa: SIM118
            if gone or not allowed(world, call, row):
                raise no_object(number, verb)
            return kind, row
    return "User", find_person(world, call, number, verb)


def allowed(world: World, call: Call, row: sqlite3.Row) -> bool:
    """A page token sees its own page's objects; a user token those of its pages; an app token none."""
    page = row["page_id"] if "page_id" in row.keys() else row["id"]  # noqa: SIM118
    if call.account == page:
        return True
    sql = "SELECT 1 FROM token WHERE network = 'facebook' AND kind = 'page' AND account = ? AND family = ?"
    return world.store.one(sql, page, call.token) is not None


def find_person(world: World, call: Call, number: str, verb: str) -> sqlite3.Row:
    """A person by page-scoped id.

    Only once they have written to this page, and only if their profile is open.
    """
    row = person_of_psid(world, number)
    if row is None or (page_row(world, call.account) and thread_with(world, call.account, number) is None):
        raise no_object(number, verb)
    if row["no_profile"]:
        raise oauth(100, "(#100) No profile available for this user.", subcode=2018218)
    return row


def node(world: World, call: Call) -> dict[str, Any]:
    """GET /{id}."""
    if call.named["id"] == "me" and page_row(world, call.account) is None:
        return {"name": "Persona del ensayo", "id": call.account}
    kind, row = find(world, call, call.named["id"])
    return show(kind, world, row, read_fields(call.query.get("fields"), DEFAULTS[kind]), call)


def an_edge(world: World, call: Call) -> dict[str, Any]:
    """GET /{id}/{edge}."""
    name = call.named["edge"]
    kind, row = find(world, call, call.named["id"])
    if name not in SUITS.get(kind, set()):
        message = f"(#100) Tried accessing nonexisting field ({name}) on node type ({kind})"
        raise oauth(100, message)
    fields = read_fields(call.query.get("fields"), EDGES[name].default)
    return page_of(name, world, row, call.query, fields, call)


def accounts(world: World, call: Call) -> dict[str, Any]:
    """GET /me/accounts: the pages the user chose, each with its own token."""
    sql = "SELECT * FROM token WHERE network = 'facebook' AND kind = 'page' AND family = ? ORDER BY account"
    data = []
    for token in world.store.all(sql, call.token):
        page = page_row(world, token["account"])
        if page is not None:
            one = {
                "access_token": token["token"],
                "category": page["category"] or "Marca",
                "name": page["name"],
            }
            one |= {"category_list": [{"id": "2201", "name": page["category"] or "Marca"}], "id": page["id"]}
            data.append(one | {"tasks": ["ANALYZE", "MESSAGING", "MODERATE", "CREATE_CONTENT", "MANAGE"]})
    return (
        {"data": data, "paging": {"cursors": {"before": "MAZDZD", "after": "MAZDZD"}}}
        if data
        else {"data": []}
    )


def many(world: World, call: Call) -> dict[str, Any]:
    """GET /?ids=: several objects, by id."""
    found = {}
    for number in filter(None, call.query.get("ids", "").split(",")):
        kind, row = find(world, call, number)
        found[number] = show(kind, world, row, read_fields(call.query.get("fields"), DEFAULTS[kind]), call)
    if not found:
        raise GraphProblem(
            400, {"message": "Unsupported get request.", "type": "GraphMethodException", "code": 100}
        )
    return found
