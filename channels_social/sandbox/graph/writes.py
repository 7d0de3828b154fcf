"""Writing on the local Graph: comments, answers, hiding, editing, deleting, page posts, likes."""

from __future__ import annotations

import sqlite3
from typing import Any

from channels_social.sandbox.graph import files, say
from channels_social.sandbox.graph.errors import GraphProblem, no_object, oauth
from channels_social.sandbox.graph.fields import read_fields
from channels_social.sandbox.graph.gate import given
from channels_social.sandbox.graph.nodes import show
from channels_social.sandbox.graph.reads import find
from channels_social.sandbox.graph.rows import post_row
from channels_social.sandbox.web.call import Call
from channels_social.sandbox.world import World

COMMENT_LIMIT = 8000


def own_page(call: Call, row: sqlite3.Row) -> None:
    """Only the page's own token writes for it; raises GraphProblem 200."""
    page = row["page_id"] if "page_id" in row.keys() else row["id"]  # noqa: SIM118
    if call.account != page:
        raise oauth(200, "(#200) If posting to a page, requires a page access token", status=403)


def comment(world: World, call: Call) -> dict[str, Any]:
    """POST /{post}/comments and POST /{comment}/comments."""
    kind, target = find(world, call, call.named["id"], "post")
    if kind not in ("Post", "Comment"):
        raise no_object(call.named["id"], "post")
    own_page(call, target)
    message, photo = given(call, "message"), given(call, "attachment_url")
    if not message.strip() and not photo and not call.form.get("source"):
        raise oauth(100, "(#100) Must provide either message or attachment")
    if len(message) > COMMENT_LIMIT:
        raise oauth(100, f"(#100) Comment text is too long: at most {COMMENT_LIMIT} characters")
    post = target if kind == "Post" else post_row(world, target["post_id"])
    if post is None or post["deleted"]:
        raise no_object(call.named["id"], "post")
    parent = target if kind == "Comment" else None
    photo = photo or files.comment_picture(world, call)
    row = say.write_comment(
        world, post=post, author=call.account, message=message, parent=parent, photo=photo, source="api"
    )
    wanted = given(call, "fields")
    return show("Comment", world, row, read_fields(wanted, "id"), call) if wanted else {"id": row["id"]}


def change(world: World, call: Call) -> dict[str, Any]:
    """POST /{comment} or /{post}: `is_hidden` hides or shows, `message` edits the page's own."""
    kind, row = find(world, call, call.named["id"], "post")
    if kind not in ("Post", "Comment"):
        raise no_object(call.named["id"], "post")
    own_page(call, row)
    hidden, message = given(call, "is_hidden").lower(), given(call, "message")
    if hidden:
        if kind != "Comment" or row["author_id"] == call.account:
            raise oauth(1446036, "(#1446036) This comment cannot be hidden")
        say.hide_comment(world, row["id"], hidden in ("true", "1"))
    elif message:
        if row["author_id"] != call.account:
            raise oauth(200, "(#200) Permissions error", status=403)
        (say.edit_comment if kind == "Comment" else say.edit_post)(world, row["id"], message)
    else:
        raise oauth(100, "(#100) The parameter message or is_hidden is required")
    return {"success": True}


def remove(world: World, call: Call) -> dict[str, Any]:
    """DELETE /{comment} or /{post}."""
    kind, row = find(world, call, call.named["id"], "delete")
    if kind not in ("Post", "Comment"):
        raise no_object(call.named["id"], "delete")
    own_page(call, row)
    (say.delete_comment if kind == "Comment" else say.delete_post)(world, row["id"])
    return {"success": True}


def publish(world: World, call: Call) -> dict[str, Any]:
    """POST /{page}/feed."""
    kind, page = find(world, call, call.named["id"], "post")
    if kind != "Page":
        raise no_object(call.named["id"], "post")
    own_page(call, page)
    message = given(call, "message")
    if not message.strip() and not given(call, "link"):
        raise oauth(100, "(#100) The parameter message is required")
    row = say.write_post(world, page=page["id"], author=page["id"], message=message, source="api")
    return {"id": row["id"]}


def like(world: World, call: Call) -> dict[str, Any]:
    """POST or DELETE /{comment}/likes."""
    kind, row = find(world, call, call.named["id"], "post")
    if kind != "Comment":
        raise GraphProblem(
            400, {"message": "Unsupported post request.", "type": "GraphMethodException", "code": 100}
        )
    liked = int(call.method == "POST")
    sql = "UPDATE fb_comment SET likes = max(0, likes + ? - liked), liked = ? WHERE id = ?"
    world.store.run(sql, liked, liked, row["id"])
    return {"success": True}
