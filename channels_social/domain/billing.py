"""What pushed events cost. Counted beside the webhook in Redis, written to the account's rows by the clock."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import redis
from django.conf import settings
from django.db import connection

from channels_social.models import SocialAccount
from channels_social.networks import registry
from channels_social.networks.base import Entry
from helpdesk import clock, push
from helpdesk.tenancy.context import tenant

logger = logging.getLogger(__name__)

# A little over two UTC days: yesterday is settled once more after midnight.
REMEMBER_S = 180_000
# The count of a day only grows; should Redis have forgotten some of it, the row keeps what it knew.
SETTLE = """
INSERT INTO channels_social_creditspend (organization_id, account_id, day, kind, count, micros)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (organization_id, account_id, day, kind) DO UPDATE
SET count = greatest(channels_social_creditspend.count, excluded.count),
    micros = greatest(channels_social_creditspend.micros, excluded.micros)
"""


def note_pushed(deliveries: Iterable[tuple[str, Sequence[Entry]]]) -> None:
    """Remember what deliveries (network, entries) cost, each thing once a day. Raises ``redis.RedisError``."""
    ids: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for network, entries in deliveries:
        prices = registry.get(network).push_prices
        for entry in entries:
            if entry.kind in prices:
                ids[network, entry.account_external_id, prices[entry.kind][0]].append(entry.external_id)
    if not ids:
        return
    day = clock.now().date()
    pipe = push.client().pipeline(transaction=False)
    for (network, account, kind), numbers in ids.items():
        pipe.sadd(_key(network, day, account, kind), *numbers)
        pipe.expire(_key(network, day, account, kind), REMEMBER_S)
        pipe.sadd(_index(network, day), f"{account}:{kind}")
        pipe.expire(_index(network, day), REMEMBER_S)
    pipe.execute()


def settle_pushed() -> int:
    """Write today's and yesterday's counts to the accounts; how many rows. As the worker."""
    today = clock.now().date()
    written = 0
    try:
        for network in registry.NETWORKS:
            for day in (today - timedelta(days=1), today):
                written += _settle_day(network, day)
    except redis.RedisError as error:
        logger.warning("pushed events are counted later: %s", type(error).__name__)
    return written


def _settle_day(network: str, day: date) -> int:
    micros = dict(registry.get(network).push_prices.values())
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for member in push.client().smembers(_index(network, day)):
        account, _, kind = member.decode().rpartition(":")
        found[account].append((kind, push.client().scard(_key(network, day, account, kind))))
    accounts = SocialAccount.objects.filter(network=network, external_id__in=found)
    return sum(_write(account, day, found[account.external_id], micros) for account in accounts)


def _write(
    account: SocialAccount, day: date, counts: Iterable[tuple[str, int]], micros: dict[str, int]
) -> int:
    rows = [
        (account.organization_id, account.pk, day, kind, count, count * micros[kind])
        for kind, count in counts
        if kind in micros
    ]
    with tenant(account.organization_id), connection.cursor() as cursor:
        cursor.executemany(SETTLE, rows)
    return len(rows)


def _key(network: str, day: date, account: str, kind: str) -> str:
    return f"cf:{settings.INSTANCE}:pushed:{network}:{day:%Y%m%d}:{account}:{kind}"


def _index(network: str, day: date) -> str:
    return f"cf:{settings.INSTANCE}:pushed:{network}:{day:%Y%m%d}"
