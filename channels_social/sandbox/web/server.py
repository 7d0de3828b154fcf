"""A small HTTP/1.1 server for one ASGI application, in one operating-system thread.

Why not an ordinary server: the sandbox must be able to hang up after a write without a byte of answer (the
"lost response"), must see at once that a reader of its event stream is gone, and must be one process so that
its state is one. An application hangs up by sending ``{"type": "sandbox.hang_up"}``.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_to_bytes

Application = Callable[[dict[str, Any], Callable[..., Any], Callable[..., Any]], Awaitable[None]]
HEAD_LIMIT = 64 * 1024
BODY_LIMIT = 32 * 1024 * 1024


class BadRequest(Exception):
    """The bytes are not a request we can read; carries the status to answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Gone(Exception):
    """The other side closed the connection."""


def parse_head(head: bytes) -> tuple[str, bytes, list[tuple[bytes, bytes]]]:
    """Method, target and lower-cased headers of a request head; raises BadRequest."""
    first, *lines = head.split(b"\r\n")
    try:
        method, target, version = first.split(b" ")
        headers = [(name.strip().lower(), value.strip()) for name, value in (x.split(b":", 1) for x in lines)]
    except ValueError:
        raise BadRequest(400) from None
    if not version.startswith(b"HTTP/1."):
        raise BadRequest(505)
    return method.decode("ascii", "replace").upper(), target, headers


async def read_chunked(reader: asyncio.StreamReader) -> bytes:
    """A body in chunked transfer coding, whole; raises BadRequest."""
    parts, size = [], 0
    while True:
        try:
            length = int((await reader.readline()).split(b";")[0].strip(), 16)
        except ValueError:
            raise BadRequest(400) from None
        size += length
        if size > BODY_LIMIT:
            raise BadRequest(413)
        parts.append(await reader.readexactly(length))
        await reader.readline()
        if length == 0:
            return b"".join(parts)


async def read_body(reader: asyncio.StreamReader, headers: dict[bytes, bytes]) -> bytes:
    """The whole body of the request whose headers these are; raises BadRequest."""
    if b"chunked" in headers.get(b"transfer-encoding", b"").lower():
        return await read_chunked(reader)
    try:
        length = int(headers.get(b"content-length", b"0"))
    except ValueError:
        raise BadRequest(400) from None
    if length > BODY_LIMIT:
        raise BadRequest(413)
    return await reader.readexactly(length) if length else b""


def head_bytes(status: int, headers: list[tuple[bytes, bytes]], *, chunked: bool, keep: bool) -> bytes:
    """The head of an answer, with date, server, length coding and connection."""
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
    lines = [f"HTTP/1.1 {status} {phrase}".encode()]
    lines += [name + b": " + value for name, value in headers]
    lines.append(b"date: " + formatdate(usegmt=True).encode())
    lines.append(b"server: sandbox")
    if chunked:
        lines.append(b"transfer-encoding: chunked")
    lines.append(b"connection: keep-alive" if keep else b"connection: close")
    return b"\r\n".join(lines) + b"\r\n\r\n"


class Exchange:
    """One request and its answer on a connection; gives ASGI its receive and send."""

    def __init__(self, writer: asyncio.StreamWriter, body: bytes, method: str, keep: bool) -> None:
        self.writer, self.body, self.method, self.keep = writer, body, method, keep
        self.gone = asyncio.Event()
        self.given = self.started = self.done = self.chunked = False
        self.status = 200
        self.headers: list[tuple[bytes, bytes]] = []

    async def receive(self) -> dict[str, Any]:
        """First the whole body, then, when the reader leaves, ``http.disconnect``."""
        if not self.given:
            self.given = True
            return {"type": "http.request", "body": self.body, "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, event: dict[str, Any]) -> None:
        """Write one event of the answer; the head travels together with the first piece of the body."""
        if event["type"] == "sandbox.hang_up":
            self.writer.transport.abort()
            self.started = self.done = True
            self.keep = False
        elif event["type"] == "http.response.start":
            self.status, self.headers = event["status"], list(event.get("headers", ()))
        elif event["type"] == "http.response.body":
            await self._send_body(event.get("body", b""), bool(event.get("more_body")))

    async def _send_body(self, piece: bytes, more: bool) -> None:
        if self.gone.is_set() or self.writer.is_closing():
            raise Gone
        out = b"" if self.started else self._head(piece, more)
        if self.method != "HEAD" and (piece or not more):
            out += self._framed(piece, more)
        self.done = not more
        self.writer.write(out)
        await self.writer.drain()

    def _head(self, piece: bytes, more: bool) -> bytes:
        self.started = True
        known = any(name.lower() == b"content-length" for name, _ in self.headers)
        if not known and not more:
            self.headers.append((b"content-length", str(len(piece)).encode()))
        self.chunked = not known and more
        return head_bytes(self.status, self.headers, chunked=self.chunked, keep=self.keep)

    def _framed(self, piece: bytes, more: bool) -> bytes:
        if not self.chunked:
            return piece
        framed = f"{len(piece):x}\r\n".encode() + piece + b"\r\n" if piece else b""
        return framed if more else framed + b"0\r\n\r\n"


def scope_of(method: str, target: bytes, headers: list, writer: asyncio.StreamWriter) -> dict[str, Any]:
    """The ASGI scope of one request."""
    path, _, query = target.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote_to_bytes(path).decode("utf-8", "replace"),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": headers,
        "client": writer.get_extra_info("peername"),
        "server": writer.get_extra_info("sockname"),
    }


async def serve_connection(
    application: Application, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer requests on one connection until either side closes it."""
    try:
        while await serve_one(application, reader, writer):
            pass
    except BadRequest as bad:
        writer.write(head_bytes(bad.status, [(b"content-length", b"0")], chunked=False, keep=False))
    except (Gone, ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass
    finally:
        with contextlib.suppress(Exception):
            writer.close()


async def serve_one(
    application: Application, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> bool:
    """One request and its answer; true when the connection may carry another."""
    head = (await reader.readuntil(b"\r\n\r\n"))[:-4]
    method, target, pairs = parse_head(head)
    headers = dict(pairs)
    if headers.get(b"expect", b"").lower() == b"100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = await read_body(reader, headers)
    keep = headers.get(b"connection", b"").lower() != b"close"
    exchange = Exchange(writer, body, method, keep)
    watch = asyncio.create_task(watch_reader(reader, exchange))
    try:
        await application(scope_of(method, target, pairs, writer), exchange.receive, exchange.send)
    finally:
        watch.cancel()
    return exchange.keep and exchange.done and not exchange.gone.is_set()


async def watch_reader(reader: asyncio.StreamReader, exchange: Exchange) -> None:
    """Notice, while an answer is being written, that the reader has gone away."""
    while not reader.at_eof():
        await asyncio.sleep(0.5)
    exchange.gone.set()


async def listen(application: Application, hosts: list[str], port: int) -> asyncio.Server:
    """Start listening; the caller keeps the server and closes it."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # At the end every open connection is cancelled: that is no error, and nothing to write home about.
        with contextlib.suppress(asyncio.CancelledError):
            await serve_connection(application, reader, writer)

    return await asyncio.start_server(connected, hosts, port, limit=HEAD_LIMIT, backlog=512)
