"""Telling a worker to look, now. Rows are the queues: a bell that is lost costs one beat of the clock."""

from __future__ import annotations

import logging
import time

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
}
# While a bell hangs, further rings are free. It falls by itself, should the task never clear it.
HANGS_MS = 2000
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
