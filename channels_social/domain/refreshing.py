"""A client for an account, its token fresh, and what the client learned written to the account's rows."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import connection

from channels_social.domain.accounts import credentials_of, pause_account, seal
from channels_social.enums import AccountState
from channels_social.models import RateLimit, SocialAccount
from channels_social.networks import registry
from channels_social.networks.base import Client, NetworkError, Spend, Trace
from helpdesk import clock, push
from helpdesk.tenancy.context import tenant

logger = logging.getLogger(__name__)

# X's access tokens live two hours; one with less than this left is exchanged before it is used.
EARLY = timedelta(minutes=10)
# A little over a UTC day: what was read today is remembered so that it is charged once.
REMEMBER_S = 90_000

SPEND = """
INSERT INTO channels_social_creditspend (organization_id, account_id, day, kind, count, micros)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (organization_id, account_id, day, kind) DO UPDATE
SET count = channels_social_creditspend.count + excluded.count,
    micros = channels_social_creditspend.micros + excluded.micros
"""


def client_for(account: SocialAccount, *, dead_token: str = "") -> Client:
    """A client that speaks as this account, for one task; its token is refreshed first when it must be.

    ``dead_token``: an access token the network has just refused; another one is got. Not inside a
    transaction. Raises :class:`NetworkError`: ``auth`` when the grant is dead (the account is paused by
    then), ``later`` when the network could not be asked.
    """
    network = registry.get(account.network)
    credentials = credentials_of(account)
    if _is_stale(account, credentials, dead_token):
        credentials = refresh(account, dead_token=dead_token)
    return network.client(
        external_id=account.external_id, credentials=credentials, capabilities=account.capabilities
    )


def token_of(account: SocialAccount) -> str:
    """The access token as it is now, to name it as ``dead_token`` later."""
    return str(credentials_of(account).get("access_token") or "")


def _is_stale(account: SocialAccount, credentials: dict[str, Any], dead_token: str) -> bool:
    if not credentials.get("refresh_token"):
        return False
    if dead_token:
        return credentials.get("access_token") == dead_token
    return account.token_expires_at is not None and account.token_expires_at - clock.now() < EARLY


def refresh(account: SocialAccount, *, dead_token: str = "") -> dict[str, Any]:
    """Exchange the account's tokens; the credentials that hold now. Raises :class:`NetworkError`.

    The HTTP call happens inside the row lock on purpose, the only one of the house that does: a refresh
    token works once, and presenting it twice kills every token of the grant (channels F32). Whoever waits
    for the lock finds the new pair; the pair is committed before anybody can use it.
    """
    refused: NetworkError | None = None
    with tenant(account.organization_id):
        row = SocialAccount.objects.select_for_update().get(
            organization_id=account.organization_id, pk=account.pk
        )
        credentials = credentials_of(row)
        if not _is_stale(row, credentials, dead_token):
            return credentials
        try:
            credentials, expires_at = registry.get(row.network).refresh(credentials)
            row.credentials, row.token_expires_at = seal(credentials), expires_at
            row.save(update_fields=["credentials", "token_expires_at"])
        except NetworkError as error:
            refused = error
            if error.verdict == "auth":
                pause_account(row, state=AccountState.NEEDS_REAUTH, reason=error.code)
    if refused is not None:
        verdict = "auth" if refused.verdict == "auth" else "later"
        raise NetworkError(verdict, "refresh_failed", refused.code, refused.retry_at)
    account.credentials, account.token_expires_at = row.credentials, row.token_expires_at
    return credentials


def record_trace(account: SocialAccount, trace: Trace) -> None:
    """Write limits and credits to the account's rows, once. Inside ``tenant``."""
    limits, trace.limits = list(trace.limits.values()), {}
    spends, trace.spends = trace.spends, []
    now = clock.now()
    RateLimit.objects.bulk_create(
        [
            RateLimit(
                organization_id=account.organization_id,
                account=account,
                endpoint=limit.endpoint,
                limit=limit.limit,
                remaining=limit.remaining,
                reset_at=limit.reset_at,
                seen_at=now,
            )
            for limit in sorted(limits, key=lambda limit: limit.endpoint)
        ],
        update_conflicts=True,
        unique_fields=["organization", "account", "endpoint"],
        update_fields=["limit", "remaining", "reset_at", "seen_at"],
    )
    _record_spends(account, spends)
    learned, trace.learned = trace.learned, {}
    if learned:
        account.capabilities = account.capabilities | learned
        SocialAccount.objects.filter(organization_id=account.organization_id, pk=account.pk).update(
            capabilities=account.capabilities
        )


def _record_spends(account: SocialAccount, spends: list[Spend]) -> None:
    counts: Counter[str] = Counter()
    micros: Counter[str] = Counter()
    day = clock.now().date()
    for spend in spends:
        count = _first_today(account, spend, day.isoformat())
        counts[spend.kind] += count
        micros[spend.kind] += spend.micros // max(spend.count, 1) * count
    rows = [(account.organization_id, account.pk, day, kind, counts[kind], micros[kind]) for kind in counts]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(SPEND, [row for row in sorted(rows) if row[4]])


def _first_today(account: SocialAccount, spend: Spend, day: str) -> int:
    """How many of these are charged: what was read before on the same UTC day is free.

    Without Redis everything counts again: a bill that is too high warns, one too low hides.
    """
    if not spend.resources:
        return spend.count
    key = f"cf:{settings.INSTANCE}:read:{account.pk}:{spend.kind}:{day}"
    try:
        pipe = push.client().pipeline(transaction=False)
        pipe.sadd(key, *spend.resources)
        pipe.expire(key, REMEMBER_S)
        return int(pipe.execute()[0])
    except redis.RedisError as error:
        logger.warning("reads of today are counted again: %s", type(error).__name__)
        return spend.count
