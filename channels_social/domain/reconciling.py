"""Unknown sends, read back from the network: found is sent; absent twice, a gap apart, is queued once more."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from channels_social.domain.delivery import Desk, to_find
from channels_social.domain.outcomes import mark_sent
from channels_social.domain.refreshing import client_for, record_trace
from channels_social.enums import ActionState
from channels_social.models import OutboundAction
from channels_social.networks.base import NetworkError, Receipt
from helpdesk import clock
from helpdesk.tenancy.context import tenant

logger = logging.getLogger(__name__)
READS = 2


def claim_unknown() -> tuple[int, int, uuid.UUID] | None:
    """Lease the next unknown action whose time to be read back has come; as the worker, with no tenant."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.organization_id, a.id, a.attempt_id FROM channels_social_outboundaction a "
            "JOIN channels_social_socialaccount s ON s.organization_id = a.organization_id AND s.id = a.account_id "
            "WHERE a.state = 'unknown' AND a.lease_until < now() AND s.state = 'live' "
            "ORDER BY a.lease_until LIMIT 1 FOR UPDATE OF a SKIP LOCKED"
        )
        row = cursor.fetchone()
        if row is not None:
            cursor.execute(
                "UPDATE channels_social_outboundaction SET lease_until = now() + %s WHERE id = %s",
                [timedelta(seconds=settings.OUTBOX_LEASE), row[1]],
            )
        return row


def reconcile(organization_id: int, action_id: int, desk: Desk) -> str:
    """Read the network back for one unknown action; the state it ends in."""
    with tenant(organization_id):
        action = OutboundAction.objects.select_related("account").get(pk=action_id)
        search = to_find(action)
    found: Receipt | None = None
    was_read, is_proof = False, True
    try:
        client = client_for(action.account)
        found = client.find_sent(search)
        was_read = True
    except NetworkError as error:
        logger.warning("action %s could not be read back: %s", action_id, error)
        # The network was read, and that it is not there proves nothing.
        is_proof = error.verdict != "person"
    with tenant(organization_id):
        desk.lock(action)
        action = OutboundAction.objects.select_for_update().get(pk=action_id)
        if was_read:
            record_trace(action.account, client.trace)
        if action.state != ActionState.UNKNOWN:
            return action.state
        if found is not None:
            # It has been there since the attempt; what was asked after that is not answered by it.
            mark_sent(action, found, at=action.request_started_at)
        else:
            _absent(action, was_read or not is_proof, is_proof=is_proof)
        desk.told(action, found)
        return action.state


def _absent(action: OutboundAction, was_read: bool, *, is_proof: bool) -> None:
    action.absences += 1 if was_read else 0
    action.lease_until = clock.now() + timedelta(seconds=settings.OUTBOX_RECONCILE_GAP)
    if action.absences >= READS:
        action.absences, action.lease_until = 0, None
        if not is_proof:
            action.failure_code = "cannot_tell"
        elif action.requeued == 0:
            action.requeued = 1
            # Should it show up late after all, it is looked for from here on.
            if action.request_started_at is not None:
                first = action.request_started_at.isoformat()
                action.options = {"first_started_at": first, **action.options}
            action.state, action.request_started_at = ActionState.QUEUED, None
        else:
            # A second unknown waits for a person.
            action.failure_code = "unknown_twice"
    action.save()
