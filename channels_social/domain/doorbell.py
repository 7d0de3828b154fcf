"""Telling a worker to look, now. Rows are the queues: a bell that is lost costs one beat of the clock."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import lru_cache

import redis
from celery import current_app
from django.conf import settings

from helpdesk import push

logger = logging.getLogger(__name__)

# Bell → the task that looks, and the worker it runs in.
TASKS = {
    "inbox": ("tickets.take_in", "inbox"),
    "net": ("tickets.net_deliver", "net"),
    "resolve": ("channels.net_resolve", "net"),
    "fetch": ("channels.net_fetch", "net"),
    "poll": ("channels.net_poll", "net"),
    "webhooks": ("tickets.net_tell_webhooks", "net"),
    "alarms": ("tickets.net_alarms", "net"),
    "recount": ("tickets.net_recount", "net"),
    "questions": ("tickets.net_group_asked", "net"),
    "batches": ("tickets.net_batches", "net"),
}
# While a bell hangs, further rings are free. It falls by itself, should the task never clear it.
HANGS_MS = 2000
# The ringer's pause: the first ring leaves at once, a burst of them two hundred times a second.
BREATH_S = 0.005
MOST_WAITING = 5000
QUIET_S = 60.0
_last_complaint = 0.0


def ring(bell: str) -> None:
    """Ask for a look at this queue, once however often it is rung. Never raises: a sweep rings too."""
    task, queue = TASKS[bell]
    try:
        if push.client().set(_key(bell), b"1", nx=True, px=HANGS_MS):
            # Without retry: a webhook must not wait for a broker that is away.
            current_app.send_task(task, queue=queue, retry=False, ignore_result=True)
    except Exception as error:  # redis, kombu and the socket each have their own
        _complain(error)


def ring_soon(bell: str) -> None:
    """``ring`` from a thread of its own: for the webhook, where a round trip to Redis costs half an answer.

    No ring is lost while the process lives: the thread looks again after everything it was told.
    """
    _ringer().tell(bell)


def soon(call: Callable[[], None]) -> None:
    """Something small to do beside an answer, in the same thread; forgotten when too much waits."""
    _ringer().do(call)


class _Ringer(threading.Thread):
    """Rings for this process; what is told meanwhile is one ring."""

    def __init__(self) -> None:
        super().__init__(name="doorbell", daemon=True)
        self._bells: set[str] = set()
        self._calls: deque[Callable[[], None]] = deque(maxlen=MOST_WAITING)
        self._something = threading.Event()

    def tell(self, bell: str) -> None:
        self._bells.add(bell)
        self._something.set()

    def do(self, call: Callable[[], None]) -> None:
        self._calls.append(call)
        self._something.set()

    def run(self) -> None:
        while True:
            self._something.wait()
            self._something.clear()
            while self._bells:
                ring(self._bells.pop())
            while self._calls and not self._bells:
                _quietly(self._calls.popleft())
            time.sleep(BREATH_S)
            if self._calls:
                self._something.set()


def _quietly(call: Callable[[], None]) -> None:
    try:
        call()
    except Exception as error:
        _complain(error)


@lru_cache(maxsize=1)
def _ringer_of(process_id: int) -> _Ringer:
    ringer = _Ringer()
    ringer.start()
    return ringer


def _ringer() -> _Ringer:
    # By process: a thread does not survive a fork.
    return _ringer_of(os.getpid())


def answer(bell: str) -> None:
    """Called by the task first: what is stored from now on may ring again."""
    try:
        push.client().delete(_key(bell))
    except redis.RedisError as error:
        _complain(error)


def _key(bell: str) -> str:
    return f"cf:{settings.INSTANCE}:bell:{bell}"


def _complain(error: Exception) -> None:
    global _last_complaint
    now = time.monotonic()
    if now - _last_complaint > QUIET_S:
        _last_complaint = now
        logger.warning("the doorbell is silent (%s); the clock still looks", type(error).__name__)
