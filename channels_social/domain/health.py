"""What the clock does for accounts: those the network stopped are asked about, strangers' deliveries forgotten."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import connection, transaction

from channels_social.domain.accounts import release_held
from channels_social.domain.refreshing import client_for
from channels_social.enums import AccountState
from channels_social.models import SocialAccount
from channels_social.networks.base import NetworkError
from helpdesk import audit, clock
from helpdesk.tenancy.context import tenant

logger = logging.getLogger(__name__)

# Credits are bought and blocks lifted by people: asking more often only spends.
ASK_EVERY = timedelta(minutes=30)
KEEP_UNKNOWN = timedelta(hours=24)


def claim_stopped() -> tuple[int, int] | None:
    """Lease an account without credit or blocked whose time to be asked about has come; as the worker."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "WITH due AS (SELECT id FROM channels_social_socialaccount "
            "WHERE state IN ('out_of_credit', 'blocked') AND greatest(state_since, paused_until) < now() - %s "
            "ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) "
            "UPDATE channels_social_socialaccount a SET paused_until = now() FROM due WHERE a.id = due.id "
            "RETURNING a.organization_id, a.id",
            [ASK_EVERY],
        )
        row: tuple[int, int] | None = cursor.fetchone()
        return row


def revive(organization_id: int, account_id: int) -> bool:
    """Ask whether the network speaks with the account again; if so its held answers leave."""
    with tenant(organization_id):
        account = SocialAccount.objects.get(organization_id=organization_id, pk=account_id)
    try:
        client_for(account).check()
    except NetworkError as error:
        logger.info("account %s still stopped: %s %s", account_id, error.verdict, error.code)
        return False
    with tenant(organization_id):
        mine = SocialAccount.objects.filter(
            organization_id=organization_id,
            pk=account_id,
            state__in=[AccountState.OUT_OF_CREDIT, AccountState.BLOCKED],
        )
        if not mine.update(state=AccountState.LIVE, state_reason="", state_since=clock.now()):
            return False
        release_held(account)
        audit.record(organization_id, "account.revived", account=account_id)
    return True


def forget_unknown() -> int:
    """Delete deliveries for accounts nobody connected after 24 hours; how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM channels_social_unknowndelivery WHERE received_at < now() - %s", [KEEP_UNKNOWN]
        )
        return cursor.rowcount
