"""How many calls a key may make in a minute; counted in Redis, told in the headers of every answer."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

import redis
from django.conf import settings

from helpdesk.push import client
from tickets.api.problems import Problem

logger = logging.getLogger(__name__)
MINUTE = 60


class TooMany(Problem):
    """The key has had its calls of this minute; ``wait`` says for how many seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(429, "too_many")
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Budget:
    """What is left of this minute."""

    limit: int
    remaining: int
    reset: int

    @property
    def headers(self) -> dict[str, str]:
        """As the RateLimit draft of the IETF names them."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(self.remaining, 0)),
            "RateLimit-Reset": str(self.reset),
        }


def spend(organization_id: int, token_id: int, *, now: float | None = None) -> Budget:
    """Count one call. When Redis is away nobody is stopped: the limit is a courtesy, the data is not at stake."""
    moment = time.time() if now is None else now
    minute, limit = int(moment // MINUTE), settings.API_PER_MINUTE
    reset = MINUTE - int(moment % MINUTE)
    key = f"cf:{settings.INSTANCE}:api:{organization_id}:{token_id}:{minute}"
    try:
        pipe = client().pipeline()
        pipe.incr(key)
        pipe.expire(key, 2 * MINUTE)
        count = int(pipe.execute()[0])
    except redis.RedisError as error:
        logger.warning("the API counts no calls: %s", type(error).__name__)
        count = 0
    return Budget(limit, limit - count, reset)
