"""Telling a worker to look, now. Rows are the queues: a bell that is lost costs one beat of the clock."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

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
# How long a worker stays at the door for the next ring, and at most.
LINGER_S, STAY_S = 0.1, 1.0
# Hang the bell, unless it hangs; knock, when somebody is there. In one step: who leaves misses no knock.
RING = """
if not redis.call('set', KEYS[1], '1', 'NX', 'PX', ARGV[1]) then return 0 end
if redis.call('exists', KEYS[2]) == 0 then return 1 end
redis.call('rpush', KEYS[3], '1')
return 2
"""
TO_BE_SENT = 1
# The ringer's pause: the first ring leaves at once, a burst of them two hundred times a second.
BREATH_S = 0.005
GATHER_S = 0.1
MOST_WAITING = 5000
QUIET_S = 60.0
_last_complaint = 0.0


def ring(bell: str) -> None:
    """Ask for a look at this queue, once however often it is rung. Never raises: a sweep rings too."""
    task, queue = TASKS[bell]
    try:
        if push.client().eval(RING, 3, *_keys(bell), HANGS_MS) == TO_BE_SENT:
            # Without retry: a webhook must not wait for a broker that is away.
            current_app.send_task(task, queue=queue, retry=False, ignore_result=True)
    except Exception as error:  # redis, kombu and the socket each have their own
        _complain(error)


def ring_soon(bell: str) -> None:
    """``ring`` from a thread of its own: for the webhook, where a round trip to Redis costs half an answer.

    No ring is lost while the process lives: the thread looks again after everything it was told.
    """
    _ringer().tell(bell)


def soon(call: Callable[[Sequence[Any]], None], something: Any) -> None:
    """``call`` with all it was told in a tenth of a second, in the same thread; forgotten when too much waits."""
    _ringer().do(call, something)


class _Ringer(threading.Thread):
    """Rings for this process; what is told meanwhile is one ring, what there is to do is done at once."""

    def __init__(self) -> None:
        super().__init__(name="doorbell", daemon=True)
        self._bells: set[str] = set()
        self._told: deque[tuple[Callable[[Sequence[Any]], None], Any]] = deque(maxlen=MOST_WAITING)
        self._something = threading.Event()

    def tell(self, bell: str) -> None:
        self._bells.add(bell)
        self._something.set()

    def do(self, call: Callable[[Sequence[Any]], None], something: Any) -> None:
        self._told.append((call, something))
        self._something.set()

    def run(self) -> None:
        done = time.monotonic()
        while True:
            self._something.wait(GATHER_S if self._told else None)
            self._something.clear()
            while self._bells:
                ring(self._bells.pop())
            if self._told and time.monotonic() - done >= GATHER_S:
                self._do_all()
                done = time.monotonic()
            time.sleep(BREATH_S)

    def _do_all(self) -> None:
        told: dict[Callable[[Sequence[Any]], None], list[Any]] = {}
        while self._told:
            call, something = self._told.popleft()
            told.setdefault(call, []).append(something)
        for call, things in told.items():
            try:
                call(things)
            except Exception as error:  # redis and the socket each have their own
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
    with _harmless():
        push.client().delete(_keys(bell)[0])


def stay(bell: str, look: Callable[[], object]) -> None:
    """``answer``, ``look``, and again while it rings: who is at the door is told at once, while a task takes its
    five milliseconds. Not longer than a second: other tasks wait."""
    until = time.monotonic() + STAY_S
    key, here, _knocks = _keys(bell)
    with _harmless():
        push.client().pipeline(transaction=False).delete(key).set(here, b"1", px=HANGS_MS).execute()
    try:
        look()
        # Who comes in while one looks is seen at once; their knock then announces nobody new, and somebody may follow.
        while time.monotonic() < until and _hears(bell):
            look()
    finally:
        _leave(bell)


def _hears(bell: str) -> bool:
    key, _here, knocks = _keys(bell)
    with _harmless():
        if push.client().blpop([knocks], timeout=LINGER_S) is not None:
            push.client().delete(key)
            return True
    return False


def _leave(bell: str) -> None:
    """Nobody knocks at a door that was left: who did meanwhile is seen to by a task."""
    key, here, knocks = _keys(bell)
    with _harmless():
        if push.client().pipeline().delete(here).delete(knocks).execute()[1]:
            push.client().delete(key)
            ring(bell)


def _keys(bell: str) -> tuple[str, str, str]:
    """The bell, whether somebody is at the door, and knocks at it."""
    key = f"cf:{settings.INSTANCE}:bell:{bell}"
    return key, f"{key}:here", f"{key}:knocks"


@contextmanager
def _harmless() -> Iterator[None]:
    """Without Redis the clock still looks."""
    try:
        yield
    except redis.RedisError as error:
        _complain(error)


def _complain(error: Exception) -> None:
    global _last_complaint
    now = time.monotonic()
    if now - _last_complaint > QUIET_S:
        _last_complaint = now
        logger.warning("the doorbell is silent (%s); the clock still looks", type(error).__name__)
