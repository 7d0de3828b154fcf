"""What changed, on its way to the announcer: a list in Redis. Lost with Redis, as every push is."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import NamedTuple

import redis
from django.conf import settings

from helpdesk import push

logger = logging.getLogger(__name__)
# Without an announcer nothing is kept for long, nor without end: consoles look again when they join their stream.
KEPT_S, MOST = 60, 5000
A_LOOK = 100
# To Redis nothing at all would be for ever.
A_MOMENT = 0.001


class Change(NamedTuple):
    """Cases of an organization to be shown anew, and ``(ticket, message)`` pairs."""

    organization_id: int
    tickets: list[int]
    messages: list[tuple[int, int]]


def hand_over(organization_id: int, tickets: Sequence[int], messages: Sequence[tuple[int, int]]) -> None:
    """Ask the announcer to show this. Never raises: what changed has changed."""
    try:
        pipe = push.client().pipeline(transaction=False)
        pipe.rpush(_key(), json.dumps([organization_id, list(tickets), list(messages)]))
        pipe.ltrim(_key(), -MOST, -1).expire(_key(), KEPT_S).execute()
    except redis.RedisError as error:
        logger.warning("the announcer is away: %s", type(error).__name__)


def handed_over(patience: float) -> list[Change]:
    """What was handed over, oldest first, one change per organization; waits up to ``patience`` seconds for it.

    Raises ``redis.RedisError``.
    """
    found = push.client().blmpop(max(patience, A_MOMENT), 1, _key(), direction="LEFT", count=A_LOOK)
    changes: dict[int, Change] = {}
    for line in found[1] if found else ():
        organization_id, tickets, messages = json.loads(line)
        change = changes.setdefault(organization_id, Change(organization_id, [], []))
        change.tickets.extend(tickets)
        change.messages.extend((ticket, message) for ticket, message in messages)
    return [
        Change(one.organization_id, list(dict.fromkeys(one.tickets)), list(dict.fromkeys(one.messages)))
        for one in changes.values()
    ]


def _key() -> str:
    return f"cf:{settings.INSTANCE}:announce"
