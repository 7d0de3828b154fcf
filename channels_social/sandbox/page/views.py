"""The sandbox's page, its parts, and the stream that says when a part has changed."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from channels_social.sandbox.page import bad_day, mail, timeline_f, timeline_x
from channels_social.sandbox.page.counts import counts, told_counts
from channels_social.sandbox.page.templates import FOLDER, page
from channels_social.sandbox.page.words import initials
from channels_social.sandbox.web.call import Jason
from channels_social.sandbox.world import World

EMPTY = '<p class="nothing">{}</p>'
LOOK_S, BEAT_S = 0.2, 15.0


def company_of(world: World, request: Request) -> sqlite3.Row:
    """The company asked for with `?empresa=`, or the first."""
    asked = request.query_params.get("empresa", "")
    row = world.store.one("SELECT * FROM company WHERE slug = ?", asked)
    row = row or world.store.one("SELECT * FROM company ORDER BY rowid LIMIT 1")
    assert row is not None, "the sandbox is always seeded"
    return row


def views_of(request: Request) -> tuple[str, str]:
    """Which view of each column is wanted."""
    x = "mensajes" if request.query_params.get("x") == "mensajes" else "publico"
    return x, "messenger" if request.query_params.get("f") == "messenger" else "pagina"


def column_x(world: World, company: sqlite3.Row, view: str) -> str:
    """The X column's content."""
    found = (timeline_x.private if view == "mensajes" else timeline_x.public)(world, company)
    return found or EMPTY.format("Nadie ha dicho nada todavía. Escriba arriba como cualquiera de ellos.")


def column_f(world: World, company: sqlite3.Row, view: str) -> str:
    """The Facebook column's content."""
    found = (timeline_f.messenger if view == "messenger" else timeline_f.page_feed)(world, company)
    return found or EMPTY.format("Nadie ha escrito todavía. Escriba arriba como cualquiera de ellos.")


def people_x(world: World, company: sqlite3.Row) -> str:
    """Options: the company's customers on X first, then the others'."""
    sql = "SELECT * FROM x_user WHERE company IS NULL ORDER BY home <> ?, id LIMIT 200"
    return options(
        (r["username"], r["name"], r["mood"], r["home"] == company["slug"])
        for r in world.store.all(sql, company["slug"])
    )


def people_f(world: World, company: sqlite3.Row) -> str:
    """Options: the page's customers first, then the others'."""
    sql = "SELECT * FROM fb_person ORDER BY home <> ?, id LIMIT 200"
    return options(
        (r["id"], r["name"], r["mood"], r["home"] == company["slug"])
        for r in world.store.all(sql, company["slug"])
    )


def options(people) -> str:  # type: ignore[no-untyped-def]
    """Options of a select: name and mood, those of other companies in their own group."""
    own, others = "", ""
    for value, name, mood, here in people:
        words = escape(f"{name}, {mood}" if mood else name)
        one = f'<option value="{escape(value)}" data-ini="{initials(name)}">{words}</option>'
        own, others = (own + one, others) if here else (own, others + one)
    return own + (f'<optgroup label="De otra parte">{others}</optgroup>' if others else "")


def seg(current: str, name: str, items: tuple[tuple[str, str, str], ...], company: str, other: str) -> str:
    """The two views of a column as links that work without script."""
    told = ""
    for value, icon, label in items:
        here = ' aria-current="true"' if value == current else ""
        picture = f'<i class="i i-{icon} i-12" aria-hidden="true"></i>' if icon else ""
        address = f"?empresa={escape(company)}&amp;{other}&amp;{name}={value}"
        told += f'<a href="{address}" data-view="{name}" data-value="{value}"{here}>{picture}{label}</a>'
    return told


def index(world: World, request: Request) -> HTMLResponse:
    """GET /: both timelines of a company."""
    company, (x, f) = company_of(world, request), views_of(request)
    handle = world.store.one("SELECT username FROM x_user WHERE id = ?", company["x_user_id"])
    companies = "".join(
        f'<option value="{escape(r["slug"])}"{" selected" if r["slug"] == company["slug"] else ""}>'
        f"{escape(r['name'])}</option>"
        for r in world.store.all("SELECT * FROM company ORDER BY rowid LIMIT 50")
    )
    views_x = (("publico", "", "Público"), ("mensajes", "lock", "Mensajes"))
    views_f = (("pagina", "", "Página"), ("messenger", "messenger", "Messenger"))
    return page(
        "index.html",
        companies_html=companies,
        company=company["slug"],
        company_name=company["name"],
        handle=handle["username"] if handle else "",
        console=world.environ.base_url + "/",
        counts_html=told_counts(*counts(world, company)),
        x_view=x,
        f_view=f,
        seg_x_html=seg(x, "x", views_x, company["slug"], f"f={f}"),
        seg_f_html=seg(f, "f", views_f, company["slug"], f"x={x}"),
        people_x_html=people_x(world, company),
        people_f_html=people_f(world, company),
        x_html=column_x(world, company, x),
        f_html=column_f(world, company, f),
        arrives_html=bad_day.group(bad_day.ARRIVES),
        leaves_html=bad_day.group(bad_day.LEAVES),
        rarer_html=bad_day.group(bad_day.RARER),
        wire_html=bad_day.wire_lines(world),
    )


def part(world: World, request: Request) -> Response:
    """GET /page/part?empresa=&x=&f=&of=said|wire: what has changed, as markup and figures."""
    company, (x, f) = company_of(world, request), views_of(request)
    told: dict[str, object] = {"wire": bad_day.wire_lines(world)}
    if request.query_params.get("of") != "wire":
        told |= {"x": column_x(world, company, x), "f": column_f(world, company, f)}
        told |= {"counts": told_counts(*counts(world, company)), "faults": bad_day.switches(world)}
        told |= {"day": world.day.shown() if world.day is not None else None}
    return Jason(told, headers={"cache-control": "no-store"})


def events(world: World) -> StreamingResponse:
    """GET /page/events: a line whenever something was said, or went over the wire."""

    async def stream() -> AsyncIterator[str]:
        seen, quiet = (-1, -1), 0.0
        while True:
            now = (world.wire.said, world.wire.version)
            if now != seen:
                seen, quiet = now, 0.0
                yield f"data: {json.dumps({'said': now[0], 'wire': now[1]})}\n\n"
            elif quiet >= BEAT_S:
                quiet = 0.0
                yield ": \n\n"
            await asyncio.sleep(LOOK_S)
            quiet += LOOK_S

    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(stream(), media_type="text/event-stream", headers=headers)


def picture(name: str) -> Response:
    """A round picture with somebody's initials, for the addresses the networks give."""
    body = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" fill="#d9dce6"/>'
        '<text x="24" y="30" font-family="sans-serif" font-size="17" font-weight="600" text-anchor="middle" '
        f'fill="#3a3f52">{escape(initials(name))}</text></svg>'
    )
    return Response(body, media_type="image/svg+xml")


def page_routes(world: World) -> list[Route | Mount]:
    """Routes of the page."""

    async def show(request: Request) -> Response:
        return index(world, request)

    async def show_part(request: Request) -> Response:
        return part(world, request)

    async def show_events(request: Request) -> Response:
        return events(world)

    async def profile(request: Request) -> Response:
        number = request.path_params["file"].partition("_")[0]
        found = None
        if number.isdigit():
            sql = """SELECT name FROM x_user WHERE id = :n UNION SELECT name FROM fb_person
                     WHERE id = :s OR psid = :s UNION SELECT name FROM fb_page WHERE id = :s"""
            found = world.store.all_named(sql, {"n": int(number), "s": number})
        return picture(found[0]["name"]) if found else Response(status_code=404)

    async def show_mail(request: Request) -> Response:
        return mail.show(world, request)

    async def write_mail(request: Request) -> Response:
        return await mail.write(world, request)

    static = StaticFiles(directory=FOLDER.parent / "static")
    return [
        Route("/", show),
        Route("/correo", show_mail),
        Route("/correo", write_mail, methods=["POST"]),
        Route("/page/part", show_part),
        Route("/page/events", show_events),
        Route("/media/profile/{file}", profile),
        Mount("/static", static),
    ]
