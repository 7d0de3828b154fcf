"""Leases of the outbox (decisions 8): who may send what, and what it means when a lease runs out.

A claim is committed before anything is asked of a network, ``request_started_at`` right before the bytes leave:
a lease that expires without it goes back to the queue, one with it is **unknown** and is read back, never sent
again blindly.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from channels_social.enums import ActionState
from channels_social.models import OutboundAction
from channels_social.networks.base import Receipt
from helpdesk import clock
from helpdesk.tenancy.context import tenant


@dataclass(frozen=True, slots=True)
class Claim:
    """A leased action."""

    organization_id: int
    action_id: int
    attempt_id: uuid.UUID


class Desk(Protocol):
    """All that this room knows of the desk: it is asked before, and told after. Both inside ``tenant``."""

    def refuse(self, action: OutboundAction) -> tuple[str, str] | None:
        """A reason (code, detail) not to send after all: the window closed meanwhile. May set options."""

    def lock(self, action: OutboundAction) -> None:
        """Lock what ``told`` will change, before the action is locked: everybody locks in that order."""

    def told(self, action: OutboundAction, receipt: Receipt | None) -> None:
        """The action's state has changed, in this transaction."""


CLAIM = """
SELECT a.organization_id, a.id
FROM channels_social_outboundaction a
JOIN channels_social_socialaccount s ON s.organization_id = a.organization_id AND s.id = a.account_id
JOIN helpdesk_organization g ON g.id = a.organization_id AND g.closed_at IS NULL
WHERE a.state IN ('queued', 'retrying') AND a.not_before <= now()
  AND s.state = 'live' AND s.mode = 'full' AND (s.paused_until IS NULL OR s.paused_until <= now())
  AND NOT EXISTS (SELECT 1 FROM channels_social_outboundaction f
                  WHERE f.organization_id = a.organization_id AND f.account_id = a.account_id
                    AND f.state = 'sending')
  AND NOT EXISTS (SELECT 1 FROM channels_social_outboundaction o
                  WHERE o.organization_id = a.organization_id AND o.thread_key = a.thread_key AND o.id < a.id
                    -- What the system says by itself never holds an answer back, and what goes to many at once holds
                    -- none back that goes to one.
                    AND (o.lane < '5_courtesy' OR a.lane = '5_courtesy')
                    AND (o.lane <> '3_bulk' OR a.lane >= '3_bulk')
                    AND o.state IN ('queued', 'held', 'sending', 'retrying', 'unknown'))
  -- The last fifth of what a network allows until its window ends is for people: what goes out in bulk or by itself
  -- waits for the next window. Direct messages and posts have limits of their own.
  AND (a.lane < '3_bulk' OR NOT EXISTS (
      SELECT 1 FROM channels_social_ratelimit r
      WHERE r.organization_id = a.organization_id AND r.account_id = a.account_id AND r.endpoint LIKE 'POST %'
        AND (r.endpoint LIKE '%/dm@_%' ESCAPE '@') = (a.kind IN ('direct_message', 'private_reply'))
        AND r.reset_at > now() AND r.remaining * 5 <= r.limit))
ORDER BY a.lane, a.not_before, a.id LIMIT 1 FOR UPDATE OF a SKIP LOCKED
"""


def claim_next() -> Claim | None:
    """Lease the next action that may leave, of any organization; as the worker, with no tenant."""
    attempt = uuid.uuid4()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(CLAIM)
            row = cursor.fetchone()
            if row is None:
                return None
            cursor.execute(
                "UPDATE channels_social_outboundaction SET state = 'sending', attempt_id = %s, "
                "attempts = attempts + 1, request_started_at = NULL, lease_until = now() + %s WHERE id = %s",
                [attempt, timedelta(seconds=settings.OUTBOX_LEASE), row[1]],
            )
    except IntegrityError:
        return None  # another worker has just taken this account's turn
    return Claim(row[0], row[1], attempt)


def start(claim: Claim, action: OutboundAction) -> bool:
    """Commit that the bytes leave now. False when the lease was lost meanwhile: then nothing may leave."""
    now = clock.now()
    with tenant(claim.organization_id):
        mine = OutboundAction.objects.filter(
            pk=claim.action_id, attempt_id=claim.attempt_id, state=ActionState.SENDING
        ).update(
            request_started_at=now,
            lease_until=now + timedelta(seconds=settings.OUTBOX_LEASE),
            options=action.options,
        )
    action.request_started_at = now
    return bool(mine)


def sweep_leases(desk: Desk) -> int:
    """Give every expired lease its meaning; how many there were. As the worker, with no tenant."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT organization_id, id FROM channels_social_outboundaction "
            "WHERE state = 'sending' AND lease_until < now() LIMIT 200"
        )
        expired = cursor.fetchall()
    for organization_id, action_id in expired:
        with tenant(organization_id):
            _end_lease(action_id, desk)
    return len(expired)


def _end_lease(action_id: int, desk: Desk) -> None:
    action = OutboundAction.objects.get(pk=action_id)
    desk.lock(action)
    action = (
        OutboundAction.objects.select_for_update(of=("self",)).select_related("account").get(pk=action_id)
    )
    if action.state != ActionState.SENDING or (action.lease_until or clock.now()) >= clock.now():
        return
    if action.request_started_at is None:
        action.state = ActionState.QUEUED if action.account.is_live else ActionState.HELD
        action.lease_until = None
    else:
        action.state = ActionState.UNKNOWN
        action.lease_until = clock.now() + timedelta(seconds=settings.OUTBOX_RECONCILE_GAP)
    action.save()
    desk.told(action, None)
