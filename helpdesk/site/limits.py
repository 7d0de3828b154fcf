"""How often one address may do something on a public site: counters in Redis that end by themselves.

While Redis is away nobody is refused: what is guarded has keys that cannot be guessed in a lifetime.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

import redis
from django.conf import settings
from django.http import HttpRequest

from helpdesk import clock
from helpdesk.push import client


def address_of(request: HttpRequest) -> str:
    """Whom to count: the address, of IPv6 the network a household is given (/64)."""
    said = request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(said)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return f"{address.exploded[:19]}::"
    return str(address)


def count(what: str, *, seconds: int, step: int = 1) -> int:
    """How often in this stretch of ``seconds``, this time counted with ``step`` (0 only looks)."""
    name = f"cf:{settings.INSTANCE}:site:{what}:{seconds}:{int(clock.now().timestamp()) // seconds}"
    try:
        if step == 0:
            return int(client().get(name) or 0)
        pipe = client().pipeline()
        pipe.incrby(name, step)
        pipe.expire(name, seconds * 2)
        return int(pipe.execute()[0])
    except redis.RedisError:
        return 0
