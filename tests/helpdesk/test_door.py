"""The door, spoken to as a server speaks to it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from helpdesk import asgi


def knock(
    path: str, *, method: str = "GET", body: list[bytes] = (), headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    """One request; the status and the body."""
    parts = [{"type": "http.request", "body": part, "more_body": True} for part in body]
    parts.append({"type": "http.request", "body": b"", "more_body": False})
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return parts.pop(0) if parts else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "http_version": "1.1", "method": method, "path": path, "query_string": b"", "scheme": "http",
        "headers": [(k.lower().encode(), v.encode()) for k, v in {"host": "localhost", **(headers or {})}.items()],
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1),
    }  # fmt: skip
    # A loop of its own in a thread of its own: the browser's driver keeps one in this thread.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(asgi.application(scope, receive, send))).result(10)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


def test_declared_size_over_the_limit_is_refused_unread():
    status, _body = knock("/hooks/x/", method="POST", headers={"Content-Length": str(10**9)})

    assert status == 413


def test_size_over_the_limit_is_refused_while_it_is_read():
    status, body = knock("/hooks/meta/", method="POST", body=[b"x" * 600_000, b"x" * 600_000])

    assert status == 413
    assert "demasiado grande" in body.decode()


def test_unsigned_webhook_is_refused_before_parsing():
    assert knock("/hooks/x/", method="POST", body=[b"{not json"])[0] == 403


def test_stream_of_events_is_not_found_without_a_session():
    assert knock("/frailejon/events/")[0] == 404


def test_page_keeps_accents_of_its_path():
    status, _body = knock("/fraileón/casos/")

    assert status == 404
