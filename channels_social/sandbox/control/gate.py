"""Control calls: JSON in, JSON out, mistakes told in a sentence."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from channels_social.sandbox.faults import UnknownFault
from channels_social.sandbox.graph.errors import GraphProblem
from channels_social.sandbox.ids import parse_time
from channels_social.sandbox.web.call import Call, Jason, read_call
from channels_social.sandbox.world import World
from channels_social.sandbox.x.people import user_by_id, user_by_name
from channels_social.sandbox.x.problems import Problem

Answer = Callable[[World, Call], Any]


class Mistake(Exception):
    """The caller asked for something that cannot be; the words are for them."""

    def __init__(self, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.words, self.status = words, status


def route(world: World, method: str, path: str, answer: Answer) -> Route:
    """A control route."""

    async def endpoint(request: Request) -> Response:
        call = await read_call(request)
        try:
            body = call.json()
            call.form = body if isinstance(body, dict) else {}
            value = answer(world, call)
        except Mistake as mistake:
            return Jason({"error": mistake.words}, mistake.status)
        except (Problem, GraphProblem) as problem:
            return Jason({"error": str(problem.body)}, 400)
        except (UnknownFault, ValueError, KeyError, TypeError, sqlite3.IntegrityError) as wrong:
            return Jason({"error": f"{type(wrong).__name__}: {wrong}"}, 400)
        return value if isinstance(value, Response) else Jason(value)

    return Route("/control" + path, endpoint, methods=[method])


def need(call: Call, name: str) -> Any:
    """A field that must be there; raises Mistake."""
    value = call.form.get(name)
    if value in (None, ""):
        raise Mistake(f"falta {name}")
    return value


def when(call: Call) -> int | None:
    """`created_at` in milliseconds, if it is given."""
    value = call.form.get("created_at")
    return None if value in (None, "") else parse_time(value)


def x_user(world: World, who: Any) -> sqlite3.Row:
    """A user of X by id, handle, or a company's slug; raises Mistake."""
    text = str(who)
    row = user_by_id(world, text) if text.isdigit() else user_by_name(world, text)
    if row is None:
        company = world.store.one("SELECT x_user_id FROM company WHERE slug = ?", text)
        row = user_by_id(world, company["x_user_id"]) if company and company["x_user_id"] else None
    if row is None:
        raise Mistake(f"nadie en X se llama {who}", 404)
    return row


def page_of(world: World, which: Any) -> sqlite3.Row:
    """A page by id, or its company's slug; raises Mistake."""
    sql = "SELECT * FROM fb_page WHERE id = ? OR company = ?"
    row = world.store.one(sql, str(which), str(which))
    if row is None:
        raise Mistake(f"no hay página {which}", 404)
    return row


def person_of(world: World, who: Any) -> sqlite3.Row:
    """A person on Facebook by comment id, page-scoped id or name; raises Mistake."""
    sql = "SELECT * FROM fb_person WHERE id = ? OR psid = ? OR name = ?"
    row = world.store.one(sql, str(who), str(who), str(who))
    if row is None:
        raise Mistake(f"nadie en Facebook se llama {who}", 404)
    return row


def plainly(row: sqlite3.Row, *, texts: tuple[str, ...] = (), lists: tuple[str, ...] = ()) -> dict[str, Any]:
    """A row as an object: `texts` become text (ids beyond 2^53), `lists` are read from JSON."""
    shown = {name: row[name] for name in row.keys()}  # noqa: SIM118 (a Row iterates over values)
    for name in texts:
        shown[name] = None if shown[name] is None else str(shown[name])
    for name in lists:
        shown[name] = json.loads(shown[name] or "null")
    return shown
