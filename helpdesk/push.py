"""Sends frames to the consoles of an organization. Rendered once per change and language, then pushed."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from functools import cache
from typing import Any

import redis
from django.conf import settings

logger = logging.getLogger(__name__)


# Numbers and frames in one step: two who publish at once do not cross.
_PUBLISH = """
local last = redis.call('incrby', KEYS[1], #ARGV)
for place, told in ipairs(ARGV) do
  redis.call('publish', KEYS[2], '{"id":' .. string.format('%.0f', last - #ARGV + place) .. ',' .. told)
end
"""


def channel_of(organization_id: int) -> str:
    """The Redis channel of an organization."""
    return f"cf:{settings.INSTANCE}:push:{organization_id}"


def channel_of_all() -> str:
    """The channel every stream of every organization hears."""
    return f"cf:{settings.INSTANCE}:push:all"


def have_all_look_again() -> None:
    """Ask every console of the house to fetch what it shows: something they were to be told may have been lost."""
    try:
        client().publish(channel_of_all(), json.dumps({"event": "refresh", "data": "{}"}))
    except redis.RedisError as error:
        logger.warning("push is away: %s", type(error).__name__)


def publish(organization_id: int, frames: Sequence[tuple[Any, ...]]) -> None:
    """Send ``(event, data)`` frames; ``data`` is a JSON text, or one per language as ``{"es": …}``.

    ``{"es": …, "es:m": …}`` says besides what they read who see personal data masked. A third member of the
    tuple says whose eyes it is for (``helpdesk.tenancy.audience``); without it, everybody's.

    Push is an accelerator: when Redis is away nothing fails, and consoles refetch when it is back.
    """
    if not frames:
        return
    channel = channel_of(organization_id)
    try:
        client().eval(_PUBLISH, 2, f"{channel}:seq", channel, *(_told(*frame) for frame in frames))
    except redis.RedisError as error:
        logger.warning("push is away: %s", type(error).__name__)


def _told(event: str, data: Any, audience: Any = None) -> str:
    """A frame without its number: a JSON object that lacks its beginning."""
    told = {"event": event, "data": data} | ({} if audience is None else {"for": audience})
    return json.dumps(told, separators=(",", ":"))[1:]


def last_seq(organization_id: int) -> int:
    """The number of the organization's last frame; 0 when Redis is away."""
    try:
        return int(client().get(f"{channel_of(organization_id)}:seq") or 0)
    except redis.RedisError:
        return 0


# A stream beats every fifteen seconds: three missed beats are nobody.
HERE_S = 60


def here_key(organization_id: int) -> str:
    """The sorted set of who has a console open, by the last beat of its stream."""
    return f"cf:{settings.INSTANCE}:here:{organization_id}"


def here(organization_id: int) -> list[int] | None:
    """The members with a console open; None when that cannot be known."""
    try:
        found = client().zrangebyscore(here_key(organization_id), time.time() - HERE_S, "+inf")
        return [int(one) for one in found]
    except redis.RedisError:
        return None


def beat(organization_id: int, member_id: int) -> None:
    """A console of this member is open."""
    try:
        client().zadd(here_key(organization_id), {str(member_id): time.time()})
    except redis.RedisError:
        logger.debug("push is away")


def leave(organization_id: int, member_id: int) -> None:
    """This member's consoles are closed, whatever their streams said last."""
    try:
        client().zrem(here_key(organization_id), str(member_id))
    except redis.RedisError:
        logger.debug("push is away")


@cache
def client() -> redis.Redis:
    """This process's pool of connections to Redis."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=1)
