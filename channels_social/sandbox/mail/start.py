"""The two servers on their ports: beside the sandbox, or in a thread of a test."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Coroutine
from typing import Any

from channels_social.sandbox.mail import imap, smtp
from channels_social.sandbox.mail.post import Post

# A line of base64 a mailer forgot to break.
LONGEST_LINE = 16 * 1024 * 1024
Session = Callable[[Post, asyncio.StreamReader, asyncio.StreamWriter], Any]


async def listen(
    post: Post, host: str, smtp_port: int, imap_port: int, *, tls: ssl.SSLContext | None = None
) -> tuple[asyncio.Server, asyncio.Server]:
    """Both servers, listening. Port 0 takes a free one. Raises ``OSError`` when a port is taken."""

    def speak(session: Session) -> Callable[..., Coroutine[Any, Any, None]]:
        async def run(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await session(post, reader, writer).run()

        return run

    first = await asyncio.start_server(speak(smtp.Session), host, smtp_port, limit=LONGEST_LINE, ssl=tls)
    second = await asyncio.start_server(speak(imap.Session), host, imap_port, limit=LONGEST_LINE, ssl=tls)
    return first, second


class Running:
    """A mail server in a thread of this process, for tests: ``with Running() as server``."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.post, self.tls = Post(), tls
        self.host, self.smtp_port, self.imap_port = "127.0.0.1", 0, 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        servers = self._loop.run_until_complete(listen(self.post, self.host, 0, 0, tls=self.tls))
        self.smtp_port, self.imap_port = (one.sockets[0].getsockname()[1] for one in servers)
        self._ready.set()
        self._loop.run_forever()
        for one in servers:
            one.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def __enter__(self) -> Running:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_error: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
