"""A small HTTP server that shows the gallery's pages under the real content security policy, with a stream.

It stands in for nothing that is tested elsewhere: here the page's own scripts and styles are on trial.
"""

from __future__ import annotations

import json
import mimetypes
import queue
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from csp.utils import build_policy
from django.contrib.staticfiles import finders
from django.utils import translation

from helpdesk.ui.storage import ENTRIES
from tests.ui import gallery

EVENTS = "/frailejon/events/"


class Stand:
    """The server: ``push`` sends a frame to every stream, ``asked`` is what was requested."""

    def __init__(self, bundled: bool = False) -> None:
        self.bundled = bundled
        self.streams: list[queue.Queue[str | None]] = []
        self.opened = 0
        self.asked: list[tuple[str, str, dict[str, list[str]]]] = []
        self.refuse = ""
        self._id = 0
        stand = self

        class Handler(_Handler):
            desk = stand

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://localhost:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def push(self, event: str, **data: Any) -> None:
        """One frame, as the door writes it."""
        self._id += 1
        for stream in self.streams:
            stream.put(f"id: {self._id}\nevent: {event}\ndata: {json.dumps(data)}\n\n")

    def hang_up(self) -> None:
        """Every stream breaks off."""
        for stream in self.streams:
            stream.put(None)

    def stop(self) -> None:
        """Close everything."""
        self.hang_up()
        self.server.shutdown()
        self.server.server_close()


class _Handler(BaseHTTPRequestHandler):
    desk: Stand
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        """Silence."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.desk.asked.append(("GET", self.path, {}))
        if path.startswith("/static/"):
            name = re.sub(r"\.[0-9a-f]{12}\.", ".", path.removeprefix("/static/"))
            found = finders.find(name)
            if not found:
                return self._answer(404, b"", "text/plain")
            kind = mimetypes.guess_type(str(found))[0] or "text/plain"
            return self._answer(200, self._static(name, str(found)), kind)
        if path == EVENTS:
            return self._stream()
        if "/novedades/fijadas/" in path:
            return self._answer(200, b"", "text/html")
        return self._page(path, parse_qs(urlsplit(self.path).query))

    def _static(self, name: str, found: str) -> bytes:
        if self.desk.bundled and name in ENTRIES:
            return ENTRIES[name](name, lambda part: Path(str(finders.find(part))).read_text()).encode()
        return Path(found).read_bytes()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"] or 0)).decode()
        fields = parse_qs(body, keep_blank_values=True)
        self.desk.asked.append(("POST", self.path, fields))
        if self.desk.refuse:
            text = fields.get("text", [""])[0]
            composer = gallery.composer(text=text, errors=[self.desk.refuse])
            return self._html(gallery.console(**gallery.case_context(composer=composer)), 422)
        return self._html(gallery.console(**gallery.case_context()))

    def _page(self, path: str, query: dict[str, list[str]]) -> None:
        case = gallery.case_context() if "/cases/" in path else {}
        theme = (re.search(r"theme=(\w+)", self.headers.get("cookie", "")) or ["", ""])[1]
        with translation.override(query.get("lang", ["es"])[0]):
            self._html(gallery.console(theme=theme, empty="empty" in query, **case))

    def _html(self, html: str, status: int = 200) -> None:
        html = re.sub(r'data-events="[^"]*"', f'data-events="{EVENTS}"', html)
        self._answer(status, html.encode(), "text/html; charset=utf-8")

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.send_header("content-security-policy", build_policy(nonce="n"))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        frames: queue.Queue[str | None] = queue.Queue()
        self.desk.streams.append(frames)
        self.desk.opened += 1
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            self.wfile.write(b"retry: 100\n\n: hello\n\n")
            while (frame := frames.get()) is not None:
                self.wfile.write(frame.encode())
        except OSError:
            pass
        finally:
            self.desk.streams.remove(frames)
