"""Connecting, pausing and reviving accounts. Credentials are sealed here and opened only to be used."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import transaction

from channels_social.enums import AccountMode, AccountState
from channels_social.models import PollCursor, SocialAccount
from channels_social.networks import registry
from helpdesk import audit, clock
from helpdesk.secrets.crypto import vault

# One refusal may be the network's own outage (channels F33): this many in a row are a dead token.
REFUSALS_BEFORE_PAUSE = 2


@transaction.atomic
def connect_account(
    *,
    organization_id: int,
    network: str,
    external_id: str,
    name: str,
    credentials: dict[str, Any],
    handle: str = "",
    expires_at: datetime | None = None,
    capabilities: dict[str, Any] | None = None,
    mode: str = AccountMode.FULL,
    authorized_by: str = "",
    actor_id: int | None = None,
) -> SocialAccount:
    """Connect or reconnect an account of this organization; its held answers may leave again.

    ``authorized_by``: who lends it, as ``leaving.digest_of_person`` remembers them.
    Inside ``tenant``. Raises ``IntegrityError`` when another organization holds the account.
    """
    given = {"authorized_by": authorized_by, "authorized_at": clock.now() if authorized_by else None}
    account, is_new = SocialAccount.objects.update_or_create(
        organization_id=organization_id,
        network=network,
        external_id=external_id,
        defaults=given
        | {
            "handle": handle,
            "name": name,
            "credentials": seal(credentials),
            "token_expires_at": expires_at,
            "capabilities": capabilities or registry.get(network).default_capabilities,
            "state": AccountState.LIVE,
            "state_reason": "",
            "state_since": clock.now(),
            "refusals": 0,
            "paused_until": None,
        },
        create_defaults=given
        | {
            "handle": handle,
            "name": name,
            "mode": mode,
            "credentials": seal(credentials),
            "token_expires_at": expires_at,
            "capabilities": capabilities or registry.get(network).default_capabilities,
        },
    )
    for stream in registry.get(network).streams:
        PollCursor.objects.get_or_create(organization_id=organization_id, account=account, stream=stream)
    release_held(account)
    audit.record(
        organization_id,
        "account.connected" if is_new else "account.reconnected",
        actor_id=actor_id,
        account=account.pk,
        network=network,
    )
    return account


def seal(credentials: dict[str, Any]) -> bytes:
    """The credentials as sealed JSON."""
    return vault().seal(json.dumps(credentials))


def credentials_of(account: SocialAccount) -> dict[str, Any]:
    """The opened credentials; an empty dict for an account without any."""
    if account.credentials is None:
        return {}
    return json.loads(vault().open(bytes(account.credentials)))


@transaction.atomic
def pause_account(account: SocialAccount, *, state: str, reason: str) -> None:
    """Stop one account, and only it: its queued answers are held, not failed. Inside ``tenant``."""
    from channels_social.models import OutboundAction  # keeps the import order of the room readable

    changed = (
        SocialAccount.objects.filter(pk=account.pk)
        .exclude(state=state)
        .update(state=state, state_reason=reason[:200], state_since=clock.now())
    )
    OutboundAction.objects.filter(
        organization_id=account.organization_id, account=account, state__in=["queued", "retrying"]
    ).update(state="held")
    if changed:
        audit.record(account.organization_id, "account.paused", account=account.pk, state=state)
    account.state, account.state_reason = state, reason


def release_held(account: SocialAccount) -> int:
    """Let the held answers of a live account leave; how many there were."""
    from channels_social.models import OutboundAction

    return OutboundAction.objects.filter(
        organization_id=account.organization_id, account=account, state="held"
    ).update(state="queued")
