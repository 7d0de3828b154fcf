"""Roots nobody has seen are asked from their network; what waited for them goes back in line.

Budgeted and outside transactions. Asked once: what hangs from something gone, or from something that does
not concern the desk, goes back as ``provisional`` and is taken in without its root.
"""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from dataclasses import dataclass

from django.db import connection, transaction

from channels_social.domain.doorbell import ring
from channels_social.domain.receiving import store
from channels_social.domain.refreshing import client_for, record_trace
from channels_social.models import SocialAccount
from channels_social.networks.base import Entry, NetworkError
from helpdesk.tenancy.context import tenant

logger = logging.getLogger(__name__)
AT_ONCE = 100
ASKED, PROVISIONAL = "asked", "provisional"

# ``needs`` becomes null: that is the claim. Should this worker die, ``wait_until`` lets the event go on.
CLAIM = """
WITH mine AS (
    SELECT id, needs FROM channels_social_inboundevent
    WHERE state = 'waiting' AND needs IS NOT NULL AND reason <> 'asked' AND wait_until > now()
    ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE channels_social_inboundevent e SET needs = NULL FROM mine WHERE e.id = mine.id
RETURNING e.organization_id, e.account_id, e.id, mine.needs
"""
# Waited long enough, or asked already and still without a root: taken in as it is.
GIVE_UP = """
UPDATE channels_social_inboundevent
SET state = 'pending', reason = 'provisional', needs = NULL, wait_until = NULL
WHERE state = 'waiting' AND (wait_until <= now() OR (reason = 'asked' AND needs IS NOT NULL))
"""
BACK = """
UPDATE channels_social_inboundevent SET state = 'pending', reason = %s, needs = NULL, wait_until = NULL
WHERE organization_id = %s AND id = ANY(%s) AND state = 'waiting'
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that waits, and the external ids it waits for."""

    organization_id: int
    account_id: int
    event_id: int
    needs: tuple[str, ...]


def claim_waiting(limit: int = 500) -> list[Waiting]:
    """Take events whose roots nobody asked for yet, of any organization; as the worker."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, [limit])
        return [Waiting(row[0], row[1], row[2], tuple(_listed(row[3]))) for row in cursor.fetchall()]


def resolve_waiting(limit: int = 500) -> int:
    """Ask for the roots of what waits, account by account; how many events go back in line."""
    by_account: dict[tuple[int, int], list[Waiting]] = defaultdict(list)
    for one in claim_waiting(limit):
        by_account[one.organization_id, one.account_id].append(one)
    back = sum(_resolve(*key, events) for key, events in sorted(by_account.items()))
    back += give_up()
    if back:
        ring("inbox")
    return back


def give_up() -> int:
    """Send on what has waited long enough, without its root; as the worker."""
    with connection.cursor() as cursor:
        cursor.execute(GIVE_UP)
        return cursor.rowcount


def _resolve(organization_id: int, account_id: int, events: list[Waiting]) -> int:
    with tenant(organization_id):
        account = SocialAccount.objects.get(organization_id=organization_id, pk=account_id)
    wanted = list(dict.fromkeys(need for event in events for need in event.needs))
    found: list[Entry] = []
    failed = not account.is_live
    try:
        if account.is_live:
            client = client_for(account)
            for start in range(0, len(wanted), AT_ONCE):
                found += client.look_up(wanted[start : start + AT_ONCE])
            with tenant(organization_id):
                record_trace(account, client.trace)
    except NetworkError as error:
        logger.info("roots of account %s: %s %s", account_id, error.verdict, error.code)
        failed = True
    return _go_on(account, events, found, failed=failed)


def _go_on(account: SocialAccount, events: list[Waiting], found: list[Entry], *, failed: bool) -> int:
    """Store what was found, then let the events go: roots and waiting ones meet in one batch."""
    here = {entry.external_id for entry in found} | {_alias(entry) for entry in found}
    asked = [event.event_id for event in events if here.issuperset(event.needs)]
    rest = [event.event_id for event in events if not here.issuperset(event.needs)]
    with tenant(account.organization_id), connection.cursor() as cursor:
        store(found, source="resolve", network=account.network)
        cursor.execute(BACK, [ASKED, account.organization_id, asked])
        if not failed:
            # Gone, or not for our eyes: waiting longer brings nothing.
            cursor.execute(BACK, [PROVISIONAL, account.organization_id, rest])
    return len(asked) + (0 if failed else len(rest))


def _alias(entry: Entry) -> str:
    """An edited post is asked for by one id and answers with its first."""
    post = entry.payload.get("post")
    return str(post.get("id")) if isinstance(post, dict) else entry.external_id


def _listed(value: object) -> list[str]:
    needs = json.loads(value) if isinstance(value, str) else value
    return [str(one) for one in needs] if isinstance(needs, list) else []
