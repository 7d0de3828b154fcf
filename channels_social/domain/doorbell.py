"""Doorbells: one Celery message wakes a worker for however many rows wait. Losing one loses nothing."""

from __future__ import annotations

import logging

import redis
from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

from helpdesk import push

logger = logging.getLogger(__name__)
TASKS = {
    "inbox": "tickets.take_in",
    "net": "tickets.net_deliver",
    "resolve": "channels.net_resolve",
    "fetch": "channels.net_fetch",
}
# Milliseconds after which a bell that nobody answered may be rung again.
SILENCE = 2000


def ring(queue: str) -> None:
    """Wake whoever looks after ``queue``, unless the bell already rings. Redis away: a sweep will look."""
    try:
        if push.client().set(_key(queue), 1, nx=True, px=SILENCE):
            current_app.send_task(TASKS[queue])
    except (redis.RedisError, OperationalError, OSError) as error:
        logger.warning("bell %s is away: %s", queue, type(error).__name__)


def answer(queue: str) -> None:
    """Whoever was woken takes the bell down before looking, so that what comes later rings again."""
    try:
        push.client().delete(_key(queue))
    except redis.RedisError as error:
        logger.warning("bell %s is away: %s", queue, type(error).__name__)


def _key(queue: str) -> str:
    return f"cf:{settings.INSTANCE}:bell:{queue}"
