"""The door: one port. ``/<org>/events/`` is native, kept pages of public sites come from memory; everything else is
Django's WSGI in a pool of threads.

Measured (decisions 12): sync views under Django's own ASGI are ten times slower than this.
"""

from __future__ import annotations

import asyncio
import io
import os
import re
from typing import Any, NamedTuple

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

from django.conf import settings  # noqa: E402

from helpdesk.events import stream  # noqa: E402
from helpdesk.pool import WarmPool  # noqa: E402
from helpdesk.wsgi import application as pages  # noqa: E402  (Django must be set up first)

# isort: split
from helpdesk.site.keeping import Key, key_of, send_page, versions  # noqa: E402
from helpdesk.site.keeping import pages as kept_pages

THREADS = int(os.environ.get("DOOR_THREADS", "8"))
MAX_BODY = 25 * 1024 * 1024
# Of an upload to a public form that is larger still, what was typed stands at the beginning: that much is kept, and
# the rest is read away up to this, so that the page can say why and bring the words back.
TYPED, READ_AWAY = 1024 * 1024, 160 * 1024 * 1024
PUBLIC = "/ayuda/"
EVENTS = re.compile(r"^/(?P<org>[a-z0-9-]+)/events/$")
_pool = WarmPool(THREADS, "pages")


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """ASGI entry point."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        match = EVENTS.match(scope["path"])
        if match and scope["method"] == "GET":
            await stream(scope, receive, send, slug=match["org"], pool=_pool)
        elif scope["path"].startswith(PUBLIC):
            await _public(scope, receive, send)
        else:
            await _page(scope, receive, send)
    else:
        await send({"type": "websocket.close", "code": 1000})


async def _public(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """A page of a public site: as it is kept, else made, and kept when it is the same for everybody."""
    key = key_of(scope)
    version = await versions.of(key.slug) if key is not None else None
    if key is not None and version is not None and (page := kept_pages.find(key, version)) is not None:
        await send_page(page, scope, send)
        return
    await _page(scope, receive, send, key)


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        else:
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _page(scope: dict[str, Any], receive: Any, send: Any, key: Key | None = None) -> None:
    limit = settings.WEBHOOK_MAX_BYTES if scope["path"].startswith("/hooks/") else MAX_BODY
    body, is_cut = await _body(scope, receive, limit), False
    if body is None and scope["path"].startswith(PUBLIC):
        body, is_cut = await _typed(scope, receive), True
    if body is None:
        await _too_large(send)
        return
    loop = asyncio.get_running_loop()
    answer = await loop.run_in_executor(_pool, _call, scope, body, is_cut)
    kept = getattr(answer.response, "kept", None)
    if key is not None and kept is not None and answer.whole is not None and scope["method"] == "GET":
        kept_pages.keep(key, kept, answer.headers, answer.whole)
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    try:
        if answer.whole is not None:
            await send({"type": "http.response.body", "body": answer.whole})
            return
        parts = iter(answer.response)
        while (chunk := await loop.run_in_executor(_pool, next, parts, None)) is not None:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        if not answer.is_closed:
            await loop.run_in_executor(_pool, answer.response.close)


async def _body(scope: dict[str, Any], receive: Any, limit: int) -> bytes | None:
    """The whole request body; None once it is larger than the limit, without reading on.

    What was read of it until then stays in the scope (``circunflejo.started``).
    """
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > limit:
            return None
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts)
        part = message.get("body", b"")
        size += len(part)
        parts.append(part)
        if size > limit:
            scope["circunflejo.started"], scope["circunflejo.ended"] = parts, not message.get("more_body")
            return None
        if not message.get("more_body"):
            return parts[0] if len(parts) == 1 else b"".join(parts)


async def _typed(scope: dict[str, Any], receive: Any) -> bytes | None:
    """The beginning of a body that is too large, whose rest is read away; None when there is no end to it."""
    started = scope.pop("circunflejo.started", [])
    kept, size = bytearray(b"".join(started)[:TYPED]), sum(map(len, started))
    if scope.pop("circunflejo.ended", False):
        return bytes(kept)
    while size <= READ_AWAY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if len(kept) < TYPED:
            kept += part[: TYPED - len(kept)]
        if not message.get("more_body"):
            return bytes(kept)
    return None


async def _too_large(send: Any) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    words = "El envío es demasiado grande. Vuelva atrás: lo que escribió sigue en la página.\n"
    await send({"type": "http.response.body", "body": words.encode()})


class _Answer(NamedTuple):
    """What a page answered; ``whole`` is None where its parts are still to be made."""

    status: int
    headers: list[tuple[bytes, bytes]]
    response: Any
    whole: bytes | None
    is_closed: bool


def _call(scope: dict[str, Any], body: bytes, is_cut: bool = False) -> _Answer:
    started: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        started["status"] = int(status[:3])
        started["headers"] = [
            (name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers
        ]

    response = pages(
        _environ(scope, body) | ({"circunflejo.too_large": True} if is_cut else {}), start_response
    )
    whole = None if getattr(response, "streaming", False) else b"".join(response)
    # Closed here, in the thread that ran the view, unless more comes: parts, or what is done after it was sent.
    is_closed = whole is not None and not getattr(response, "is_followed", False)
    if is_closed and (close := getattr(response, "close", None)) is not None:
        close()
    return _Answer(started["status"], started["headers"], response, whole, is_closed)


def _environ(scope: dict[str, Any], body: bytes) -> dict[str, Any]:
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8").decode("latin1"),
        "QUERY_STRING": scope["query_string"].decode("latin1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1] or 80),
        "REMOTE_ADDR": str(client[0]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(body)),
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin1").upper().replace("-", "_"), raw_value.decode("latin1")
        if name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            environ[name] = value
        else:
            key = f"HTTP_{name}"
            separator = "; " if name == "COOKIE" else ","
            environ[key] = f"{environ[key]}{separator}{value}" if key in environ else value
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ
