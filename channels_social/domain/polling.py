"""Polls: the source of truth; webhooks only make it fast. Rows first, then the cursor, in one transaction."""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now

from channels_social.domain.accounts import REFUSALS_BEFORE_PAUSE, pause_account
from channels_social.domain.doorbell import ring
from channels_social.domain.receiving import store
from channels_social.domain.refreshing import client_for, record_trace, token_of
from channels_social.enums import AccountState
from channels_social.models import PollCursor, SocialAccount
from channels_social.networks.base import Client, Limit, NetworkError, Page, Trace
from helpdesk import clock
from helpdesk.tenancy.context import tenant

logger = logging.getLogger(__name__)

# A poll that walks many pages on a slow day; after this another worker may take the stream.
BACK_OFF_S = 15
LONGEST_S = 900
# What the network's verdict "account" means for the account's state, by code.
STATES = {"out_of_credit": AccountState.OUT_OF_CREDIT}

# One stream per account at a time: a second one would only race it for the same limits.
CLAIM = """
WITH due AS (
    SELECT c.id FROM channels_social_pollcursor c
    JOIN channels_social_socialaccount a ON a.organization_id = c.organization_id AND a.id = c.account_id
    JOIN helpdesk_organization g ON g.id = c.organization_id AND g.closed_at IS NULL
    WHERE c.next_poll_at <= now() AND (c.lease_until IS NULL OR c.lease_until < now()) AND a.state = 'live'
      AND NOT EXISTS (SELECT 1 FROM channels_social_pollcursor o
                      WHERE o.organization_id = c.organization_id AND o.account_id = c.account_id
                        AND o.id <> c.id
                        AND (o.lease_until > now()
                             OR (o.next_poll_at, o.id) < (c.next_poll_at, c.id)
                                AND o.next_poll_at <= now()))
    ORDER BY c.next_poll_at LIMIT %s FOR UPDATE OF c SKIP LOCKED
)
UPDATE channels_social_pollcursor SET lease_until = now() + %s FROM due
WHERE channels_social_pollcursor.id = due.id
RETURNING channels_social_pollcursor.organization_id, channels_social_pollcursor.id,
    split_part(channels_social_pollcursor.stream, ':', 1)
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A leased stream of an account."""

    organization_id: int
    cursor_id: int
    # What kind of stream: a saved ``search`` is read by ``domain.searching``, ``again`` by ``domain.rereading``.
    kind: str = ""


def claim_due(limit: int = 1) -> list[Claim]:
    """Lease streams that are due, of any organization, at most one per account; as the worker."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, [limit, timedelta(seconds=settings.POLL_LEASE)])
        return [Claim(*row) for row in cursor.fetchall()]


def poll_one(claim: Claim) -> int:
    """Read one stream to its end and store it; how many entries were new. Outside any transaction."""
    with tenant(claim.organization_id):
        stream = PollCursor.objects.select_related("account").get(
            organization_id=claim.organization_id, pk=claim.cursor_id
        )
    account = stream.account
    trace = Trace()
    try:
        page, trace = _read(account, stream)
    except NetworkError as error:
        _put_off(stream, account, error, trace)
        return 0
    except Exception:
        # A body nobody foresaw must not be read again at full speed.
        logger.exception("poll %s of account %s", stream.stream, account.pk)
        _put_off(stream, account, NetworkError("later", "not_understood"), trace)
        return 0
    fresh = _keep(stream, account, page, trace)
    if fresh:
        ring("inbox")
    if page.has_more:
        ring("poll")
    return fresh


def _read(account: SocialAccount, stream: PollCursor) -> tuple[Page, Trace]:
    """The page, read a second time when only the access token had died."""
    client = client_for(account)
    try:
        return client.poll(stream.stream, stream.cursor), client.trace
    except NetworkError as error:
        if error.verdict == "auth":
            client = _revived(account, client, error)
            return client.poll(stream.stream, stream.cursor), client.trace
        _remember(account, client)
        raise


def _revived(account: SocialAccount, client: Client, error: NetworkError) -> Client:
    """A client with a new token after a refusal; raises the refusal again when there is none to be had."""
    dead = token_of(account)
    fresh = client_for(account, dead_token=dead)
    if token_of(account) != dead:
        return fresh
    confirm_refusal(account, client, error)
    raise error


def confirm_refusal(account: SocialAccount, client: Client, error: NetworkError) -> None:
    """Count a refusal of the token that ``users/me`` confirms; enough of them in a row pause the account.

    One refusal may be the network's own outage (channels F33); what is not confirmed counts as nothing.
    """
    try:
        client.check()
    except NetworkError as second:
        if second.verdict != "auth":
            return
    else:
        return
    with tenant(account.organization_id):
        mine = SocialAccount.objects.filter(organization_id=account.organization_id, pk=account.pk)
        mine.update(refusals=F("refusals") + 1)
        account.refresh_from_db(fields=["refusals", "state"])
        if account.refusals >= REFUSALS_BEFORE_PAUSE and account.is_live:
            pause_account(account, state=AccountState.NEEDS_REAUTH, reason=error.code)


def _keep(stream: PollCursor, account: SocialAccount, page: Page, trace: Trace) -> int:
    limits = list(trace.limits.values())
    with tenant(account.organization_id):
        found = store(page.entries, source="poll", network=account.network)
        fresh = found.get(account.organization_id, 0)
        record_trace(account, trace)
        now = clock.now()
        PollCursor.objects.filter(organization_id=stream.organization_id, pk=stream.pk).update(
            cursor=page.cursor,
            failures=0,
            lease_until=None,
            last_polled_at=now,
            next_poll_at=now if page.has_more else now + pace(limits, now),
            gap_since=Coalesce(F("gap_since"), Now()) if page.has_gap else F("gap_since"),
        )
        seen = {"last_event_at": now} if fresh else {}
        if seen or account.refusals:
            mine = SocialAccount.objects.filter(organization_id=account.organization_id, pk=account.pk)
            mine.update(refusals=0, **seen)
    return fresh


def pace(limits: list[Limit], now: datetime) -> timedelta:
    """How long to wait until the next poll: the setting, or longer where limits are nearly used up.

    What is left of a window is spread over the time until it opens again.
    """
    seconds = float(settings.POLL_EVERY)
    for limit in limits:
        if limit.remaining is None:
            continue
        if limit.reset_at is not None:
            left = max((limit.reset_at - now).total_seconds(), 0.0)
            seconds = max(seconds, left / max(limit.remaining, 1))
        elif limit.limit and limit.remaining / limit.limit <= 0.25:
            seconds = max(seconds, 4.0 * settings.POLL_EVERY)
    return timedelta(seconds=min(seconds, LONGEST_S) * random.uniform(0.95, 1.05))


def back_off(failures: int) -> timedelta:
    """How long to wait after this many failures in a row and one more: twice as long each time, a quarter of an hour
    at the most."""
    return timedelta(seconds=min(BACK_OFF_S * 2 ** min(failures, 8), LONGEST_S) * random.uniform(0.8, 1.2))


def _put_off(stream: PollCursor, account: SocialAccount, error: NetworkError, trace: Trace) -> None:
    """Give the lease back and wait: until the network's own time, or twice as long as last time."""
    logger.info("poll %s of account %s: %s %s", stream.stream, account.pk, error.verdict, error.code)
    at = clock.now() + back_off(stream.failures)
    if error.retry_at is not None:
        at = max(error.retry_at, clock.now()) + timedelta(seconds=random.uniform(1, 5))
    with tenant(account.organization_id):
        record_trace(account, trace)
        PollCursor.objects.filter(organization_id=stream.organization_id, pk=stream.pk).update(
            failures=F("failures") + 1, lease_until=None, next_poll_at=at
        )
        if error.verdict == "account":
            state = STATES.get(error.code, AccountState.BLOCKED)
            pause_account(account, state=state, reason=error.detail or error.code)


def _remember(account: SocialAccount, client: Client) -> None:
    with tenant(account.organization_id):
        record_trace(account, client.trace)
