"""Pages of public sites that are the same for everybody, kept by the door in its own memory.

A page is kept with the version of its site that was read before anything it shows, and served only while that is
still the version: the database moves it in the transaction of every change (``helpdesk.site.watching``), and every
request asks for it. Requests that wait at the same time share one question, which is asked after all of them came,
so nobody is served what was old when they asked. The key holds the organization; nothing of a visitor is in a page.
"""

from __future__ import annotations

import asyncio
import gzip
import logging
import re
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.http.request import split_domain_port, validate_host

if TYPE_CHECKING:
    from helpdesk.site.visitors import Kept

logger = logging.getLogger(__name__)
MOST_BYTES = 16 * 1024 * 1024
_PATH = re.compile(r"^/ayuda/(?P<slug>[-a-zA-Z0-9_]{1,40})/")
_DROPPED = {b"content-length", b"vary", b"etag"}
Headers = list[tuple[bytes, bytes]]


class Key(NamedTuple):
    """What a page depends on besides its site's version."""

    slug: str
    path: str
    language: str
    theme: str
    is_secure: bool


class Page(NamedTuple):
    """A page as it is sent, plain and compressed."""

    version: int
    until: float
    etag: bytes
    headers: Headers
    body: bytes
    packed: bytes


class Pages:
    """The pages of this process, the longest unused going first."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most, self._size = most, 0
        self._pages: OrderedDict[Key, Page] = OrderedDict()

    def find(self, key: Key, version: int) -> Page | None:
        """The page of that version, while what it says of the time holds."""
        page = self._pages.get(key)
        if page is None:
            return None
        if page.version != version or page.until <= time.time():
            self._drop(key)
            return None
        self._pages.move_to_end(key)
        return page

    def keep(self, key: Key, kept: Kept, headers: Headers, body: bytes) -> None:
        """Keep what Django answered, unless it is for one visitor alone."""
        if kept.slug != key.slug or any(name == b"set-cookie" for name, _value in headers):
            return
        etag = b'"' + sha256(body).hexdigest()[:24].encode() + b'"'
        until = kept.until.timestamp() if kept.until else float("inf")
        sent = [(name, value) for name, value in headers if name not in _DROPPED]
        sent += [(b"vary", b"Cookie, Accept-Encoding"), (b"etag", etag)]
        self._drop(key)
        page = Page(kept.version, until, etag, sent, body, gzip.compress(body, 6, mtime=0))
        self._pages[key] = page
        self._size += _weight(page)
        while self._size > self._most and len(self._pages) > 1:
            self._drop(next(iter(self._pages)))

    def _drop(self, key: Key) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self._size -= _weight(page)


class Versions:
    """The versions of sites, asked for by many at once with one question."""

    def __init__(self) -> None:
        self._waiting: list[tuple[str, asyncio.Future[int | None]]] = []
        self._task: asyncio.Task[None] | None = None
        # A thread and a connection of its own: a kept page never waits for pages that are being made.
        self._thread: ThreadPoolExecutor | None = None

    async def of(self, slug: str) -> int | None:
        """The version shown now; None where nothing is published, or when that cannot be known."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[int | None] = loop.create_future()
        self._waiting.append((slug, future))
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._ask())
        return await future

    async def _ask(self) -> None:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="site-versions")
        while self._waiting:
            asked, self._waiting = self._waiting, []
            slugs = sorted({slug for slug, _future in asked})
            found = await asyncio.get_running_loop().run_in_executor(self._thread, read_versions, slugs)
            for slug, future in asked:
                if not future.done():
                    future.set_result(found.get(slug))


def read_versions(slugs: list[str]) -> dict[str, int]:
    """What is published of these and in which version; nothing when the database is away."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT slug, version FROM helpdesk_site_versions(%s)", [slugs])
            return dict(cursor.fetchall())
    except Exception as error:  # Django itself answers then, and says what is wrong
        logger.warning("versions of sites: %s", type(error).__name__)
        connection.close()
        return {}


pages = Pages()
versions = Versions()


def key_of(scope: dict[str, Any]) -> Key | None:
    """What this request would be answered with from what is kept; None for what is never kept."""
    match = _PATH.match(scope["path"])
    if match is None or scope["query_string"] or scope["method"] not in ("GET", "HEAD"):
        return None
    host, cookie, proto = "", "", ""
    for name, value in scope["headers"]:
        if name == b"host":
            host = value.decode("latin1")
        elif name == b"cookie":
            cookie = f"{cookie}; {value.decode('latin1')}" if cookie else value.decode("latin1")
        elif name == b"x-forwarded-proto":
            proto = value.decode("latin1")
    is_secure = scope.get("scheme") == "https" or (settings.SECURE and proto == "https")
    if not _may_serve(host, match["slug"]) or (settings.SECURE_SSL_REDIRECT and not is_secure):
        return None
    theme, language = _cookies()
    said, spoken = theme.search(cookie), language.search(cookie)
    return Key(match["slug"], scope["path"], spoken[1] if spoken else "", said[1] if said else "", is_secure)


@lru_cache(maxsize=512)
def _may_serve(host: str, slug: str) -> bool:
    """Whether that host shows that site: the house's own, or the domain of the organization and of no other."""
    domain, _port = split_domain_port(host)
    owner = settings.PUBLIC_DOMAINS.get(domain)
    if owner is not None:
        return owner == slug
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


@lru_cache(maxsize=1)
def _cookies() -> tuple[re.Pattern[str], re.Pattern[str]]:
    languages = "|".join(code for code, _name in settings.LANGUAGES)
    return (
        re.compile(r"(?:^|; ?)theme=(light|dark)(?:;|$)"),
        re.compile(rf"(?:^|; ?){re.escape(settings.LANGUAGE_COOKIE_NAME)}=({languages})(?:;|$)"),
    )


async def send_page(page: Page, scope: dict[str, Any], send: Any) -> None:
    """Send it, or that the visitor has it already."""
    known, takes_packed = b"", False
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            known = value
        elif name == b"accept-encoding":
            takes_packed = b"gzip" in value
    if page.etag in known:
        await send({"type": "http.response.start", "status": 304, "headers": page.headers})
        await send({"type": "http.response.body", "body": b""})
        return
    body = page.packed if takes_packed else page.body
    headers = [*page.headers, (b"content-length", str(len(body)).encode())]
    if takes_packed:
        headers.append((b"content-encoding", b"gzip"))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _weight(page: Page) -> int:
    return len(page.body) + len(page.packed) + 1024
