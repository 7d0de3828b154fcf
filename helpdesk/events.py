"""The stream of events of one organization: one Redis subscription a process, fanned out to its consoles.

Authenticated once, in a thread; no database work while it streams; checked again every few minutes.
"""

from __future__ import annotations

import asyncio
import json
import logging
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import replace
from http.cookies import SimpleCookie
from itertools import chain
from typing import Any
from urllib.parse import parse_qs

import redis.asyncio
from django.conf import settings

from helpdesk.push import beat, channel_of, channel_of_all, last_seq
from helpdesk.tenancy.audience import Listener, sees
from helpdesk.tenancy.counters import tabs_of
from helpdesk.tenancy.permissions import Mode, Permission

logger = logging.getLogger(__name__)
BEAT = 15.0
RECHECK = 300.0
QUEUE = 256
GONE = b"event: gone\ndata: {}\n\n"


# What says that frames were lost: what changed is fetched, and who may see what, which may be among it, asked anew.
LOST = ({"event": "rights", "data": "{}"}, {"event": "refresh", "data": "{}"})


class Hub:
    """One subscription of this process; a bounded queue per console. Overflow asks the console to refetch."""

    def __init__(self) -> None:
        self.listeners: dict[str, set[asyncio.Queue[dict[str, Any]]]] = {}
        self._pubsub: Any = None
        self._task: asyncio.Task[None] | None = None
        # Of two who change the subscription at once, one would undo the other, or connect beside it.
        self._changing = asyncio.Lock()

    async def join(self, channel: str) -> asyncio.Queue[dict[str, Any]]:
        """A queue of what is told on this channel from now on. Redis being away is no trouble of who joins."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(QUEUE)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen())
        async with self._changing:
            is_new = channel not in self.listeners
            self.listeners.setdefault(channel, set()).add(queue)
            if is_new and self._pubsub is not None:
                with suppress(redis.asyncio.RedisError, OSError):  # who listens is subscribed when it is back
                    await self._pubsub.subscribe(channel)
        return queue

    async def leave(self, channel: str, queue: asyncio.Queue[dict[str, Any]]) -> None:
        """Tell this queue nothing more."""
        async with self._changing:
            listeners = self.listeners.get(channel, set())
            listeners.discard(queue)
            if not listeners and self.listeners.pop(channel, None) is not None and self._pubsub is not None:
                with suppress(redis.asyncio.RedisError, OSError):
                    await self._pubsub.unsubscribe(channel)

    async def _listen(self) -> None:
        """Read the subscription; when Redis goes, come back and let every console refetch."""
        while True:
            try:
                async with redis.asyncio.Redis.from_url(settings.REDIS_URL) as client:
                    await self._read(client.pubsub(ignore_subscribe_messages=True))
            except (redis.asyncio.RedisError, OSError):
                logger.debug("the subscription broke")
            except Exception:  # nobody would hear anything any more
                logger.exception("the subscription broke")
            await asyncio.sleep(0.5)

    async def _read(self, pubsub: Any) -> None:
        try:
            async with self._changing:
                await pubsub.subscribe(channel_of_all(), *self.listeners)
                self._pubsub = pubsub
            for frame in LOST:
                self._deliver(channel_of_all(), frame)
            async for message in pubsub.listen():
                self._deliver(message["channel"].decode(), json.loads(message["data"]))
        finally:
            self._pubsub = None
            await pubsub.aclose()

    def _deliver(self, channel: str, frame: dict[str, Any]) -> None:
        to_all = channel == channel_of_all()
        queues = chain(*self.listeners.values()) if to_all else self.listeners.get(channel, ())
        for queue in queues:
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                for lost in LOST:
                    queue.put_nowait(lost)
            else:
                queue.put_nowait(frame)


_hub = Hub()


async def stream(scope: dict[str, Any], receive: Any, send: Any, *, slug: str, pool: Executor) -> None:
    """Serve ``/<org>/events/``: 404 for whoever may not listen."""
    loop = asyncio.get_running_loop()
    cookies = _cookies(scope)
    grant = await loop.run_in_executor(pool, _authenticate, cookies, slug)
    if grant is None:
        await send(
            {"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]}
        )
        await send({"type": "http.response.body", "body": b""})
        return
    asked = _page_language(scope)
    listener = replace(grant, language=asked) if asked else grant
    channel = channel_of(listener.organization_id)
    queue = await _hub.join(channel)
    gone = asyncio.create_task(_gone(receive))
    try:
        await _start(send, await loop.run_in_executor(pool, last_seq, listener.organization_id))
        checked = beaten = loop.time()
        await loop.run_in_executor(pool, beat, listener.organization_id, listener.member_id)
        while not gone.done():
            frames = await _next(queue, gone)
            if loop.time() - beaten > BEAT:
                beaten = loop.time()
                await loop.run_in_executor(pool, beat, listener.organization_id, listener.member_id)
            # Somebody's rights changed, or long enough has passed: who may still listen, and to what?
            is_changed = any(frame["event"] == "rights" for frame in frames)
            if loop.time() - checked > RECHECK or is_changed:
                checked = loop.time()
                again = await loop.run_in_executor(pool, _authenticate, cookies, slug)
                if again is None:
                    # Taken away now, not worn out: what lies open on that screen goes too.
                    if is_changed:
                        await send({"type": "http.response.body", "body": GONE, "more_body": True})
                    break
                listener = replace(again, language=listener.language)
            body = _encode(frames, listener)
            await send({"type": "http.response.body", "body": body, "more_body": True})
        if not gone.done():
            await send({"type": "http.response.body", "body": b""})
    except (OSError, RuntimeError):
        logger.debug("a console left")
    finally:
        gone.cancel()
        await _hub.leave(channel, queue)


async def _start(send: Any, seq: int) -> None:
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    hello = f'retry: 1000\nid: {seq}\nevent: hello\ndata: {{"seq":{seq}}}\n\n'
    await send({"type": "http.response.body", "body": hello.encode(), "more_body": True})


async def _next(queue: asyncio.Queue[dict[str, Any]], gone: asyncio.Task[None]) -> list[dict[str, Any]]:
    """Whatever waits, or nothing after a heartbeat's time."""
    waiting = asyncio.ensure_future(queue.get())
    await asyncio.wait({waiting, gone}, timeout=BEAT, return_when=asyncio.FIRST_COMPLETED)
    if not waiting.done():
        waiting.cancel()
        return []
    frames = [waiting.result()]
    while not queue.empty():
        frames.append(queue.get_nowait())
    return frames


async def _gone(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _encode(frames: list[dict[str, Any]], listener: Listener) -> bytes:
    said = "".join(_frame(frame, listener) for frame in frames)
    return (said or ": \n\n").encode()


def _frame(frame: dict[str, Any], listener: Listener) -> str:
    """One SSE frame; each language's text was rendered once, where the change was made."""
    event, data = frame["event"], frame["data"]
    if event == "rights":
        return ""
    if not sees(listener, frame.get("for")):
        # A case they had may have gone to somebody else; whoever has a whole view never saw it.
        if event != "row" or "own" not in listener.scope.split() or frame["for"].get("reserved"):
            return ""
        event, data = "refresh", "{}"
    if event == "counts" and (listener.scope or listener.needs_reason):
        data = _counts(data, listener)
    if not isinstance(data, str):
        masked = data.get(f"{listener.language}:m") if listener.is_masked else None
        data = masked or data[listener.language]
    head = f"id: {frame['id']}\n" if "id" in frame else ""
    return f"{head}event: {event}\ndata: {data}\n\n"


def _counts(data: str, listener: Listener) -> str:
    """The counters of the organization as the tabs of who sees part of it; their own cases are read, not counted."""
    places = [""] if listener.accounts is None else [f"@{pk}" for pk in sorted(listener.accounts)]
    tabs = tabs_of(json.loads(data), places, listener.member_id, listener.scope)
    mine = tabs.pop("mine")
    shown = {} if "own" in listener.scope.split() else tabs
    return json.dumps(shown | {f"mine:{listener.member_id}": mine}, separators=(",", ":"))


def _cookies(scope: dict[str, Any]) -> dict[str, str]:
    jar: SimpleCookie = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            jar.load(value.decode("latin1"))
    return {key: morsel.value for key, morsel in jar.items()}


def _page_language(scope: dict[str, Any]) -> str:
    """The language the page that listens is written in; it may come from the browser, not from a cookie."""
    asked = parse_qs(scope.get("query_string", b"").decode("latin1")).get("lang", [""])[0]
    return asked if asked in dict(settings.LANGUAGES) else ""


def _authenticate(cookies: dict[str, str], slug: str) -> Listener | None:
    """Who this session is at this organization, if they may listen; in a thread of the pages' pool."""
    from importlib import import_module

    from django.contrib.auth import get_user
    from django.db import close_old_connections, transaction

    from helpdesk.http import is_over, member_of
    from helpdesk.tenancy.context import enter

    key = cookies.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    close_old_connections()  # no request of Django's: PostgreSQL may have started anew
    request = type("Request", (), {})()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    if not user.is_authenticated:
        return None
    from tickets.cases.domain.queries.seen import accounts_of

    with transaction.atomic():
        member = member_of(user.pk, slug)
        if member is None or is_over(request.session, member) or not member.can(Permission.SEE_CASES):
            return None
        if member.organization.closed_at is not None:
            return None
        enter(member.organization_id, member_id=member.pk, scope=member.scope)
        accounts = accounts_of(member)
    language = cookies.get(settings.LANGUAGE_COOKIE_NAME) or user.language
    return Listener(
        organization_id=member.organization_id,
        member_id=member.pk,
        scope=member.scope,
        accounts=accounts,
        is_masked=not member.sees_data,
        language=language if language in dict(settings.LANGUAGES) else "es",
        needs_reason=member.mode(Permission.SEE_CASES) == Mode.READ,
    )
