"""The outbox at work (decisions 8): claim, start, send, record; what an expired lease means.

Nothing external happens inside a transaction. ``request_started_at`` is committed right before the bytes
leave: a lease that expires without it goes back to the queue, one with it is **unknown** and is read back
from the network, never sent again blindly.
"""

from __future__ import annotations

import logging
import random
import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from channels_social.domain.accounts import REFUSALS_BEFORE_PAUSE, pause_account
from channels_social.domain.refreshing import client_for, record_trace, token_of
from channels_social.enums import AccountState, ActionKind, ActionState
from channels_social.models import OutboundAction, SocialAccount
from channels_social.networks.base import Client, NetworkError, Outgoing, Receipt
from helpdesk import clock
from helpdesk.secrets.crypto import CannotOpen
from helpdesk.tenancy.context import tenant

logger = logging.getLogger(__name__)
RETRY_SECONDS = 30
# Refusals that prove, after an unknown attempt, that it did arrive.
PROOFS = {"duplicate", "private_reply_used"}
# So many of a thread's answers are looked at, to tell the same words said twice apart.
KNOWN = 100


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
WHERE a.state IN ('queued', 'retrying') AND a.not_before <= now()
  AND s.state = 'live' AND s.mode = 'full' AND (s.paused_until IS NULL OR s.paused_until <= now())
  AND NOT EXISTS (SELECT 1 FROM channels_social_outboundaction f
                  WHERE f.organization_id = a.organization_id AND f.account_id = a.account_id
                    AND f.state = 'sending')
  AND NOT EXISTS (SELECT 1 FROM channels_social_outboundaction o
                  WHERE o.organization_id = a.organization_id AND o.thread_key = a.thread_key AND o.id < a.id
                    AND o.state IN ('queued', 'held', 'sending', 'retrying', 'unknown'))
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


def deliver(claim: Claim, desk: Desk) -> str:
    """Send a claimed action and record what came of it; the state it ended in."""
    with tenant(claim.organization_id):
        action = OutboundAction.objects.select_related("account").get(pk=claim.action_id)
        refusal = desk.refuse(action)
        if refusal is not None:
            return _finish(claim, desk, NetworkError("refused", *refusal))
        search = to_find(action)
    try:
        client = client_for(action.account)
    except NetworkError as error:
        return _finish(claim, desk, error)
    except CannotOpen as error:  # its key is gone: only connecting the account again helps
        return _finish(claim, desk, NetworkError("auth", "token_unreadable", str(error)))
    if not _start(claim, action):
        return str(OutboundAction.objects.filter(pk=claim.action_id).values_list("state", flat=True).first())
    outcome = _send(client, action)
    if isinstance(outcome, NetworkError) and outcome.verdict == "auth":
        client, outcome = _send_with_a_new_token(action, client, outcome)
    if isinstance(outcome, NetworkError) and outcome.code in PROOFS and action.requeued:
        # The network says it already has it: the attempt that was unknown did arrive.
        outcome = _find(client, search)
    return _finish(claim, desk, outcome, client)


def _send(client: Client, action: OutboundAction) -> Receipt | NetworkError:
    try:
        return client.send(outgoing(action))
    except NetworkError as error:
        return error
    except Exception as error:  # the bytes may have left: only reading back can tell
        logger.exception("action %s: %s", action.pk, type(error).__name__)
        return NetworkError("unknown", type(error).__name__)


def _send_with_a_new_token(
    action: OutboundAction, client: Client, refused: NetworkError
) -> tuple[Client, Receipt | NetworkError]:
    """A refused token did nothing: with another one the answer may leave at once, if there is one."""
    dead = token_of(action.account)
    try:
        fresh = client_for(action.account, dead_token=dead)
    except NetworkError as error:
        return client, error
    if token_of(action.account) == dead:
        return client, refused
    return fresh, _send(fresh, action)


def _find(client: Client, search: Outgoing) -> Receipt:
    """What is known to be there, with its id where it can be read."""
    try:
        return client.find_sent(search) or Receipt()
    except NetworkError:
        return Receipt()


def to_find(action: OutboundAction) -> Outgoing:
    """What to look for when reading the network back: since the first attempt, and nobody else's. In ``tenant``."""
    others = OutboundAction.objects.filter(
        organization_id=action.organization_id, account_id=action.account_id, thread_key=action.thread_key
    ).exclude(external_id="")
    known = list(others.exclude(pk=action.pk).order_by("-id").values_list("external_id", flat=True)[:KNOWN])
    first = action.options.get("first_started_at")
    return replace(
        outgoing(action),
        options={**action.options, "known_ids": known},
        started_at=datetime.fromisoformat(first) if first else action.request_started_at,
    )


def outgoing(action: OutboundAction) -> Outgoing:
    """The action in the network's words."""
    return Outgoing(
        kind=ActionKind(action.kind),
        target_id=action.target_id,
        text=action.text,
        client_token=action.client_token,
        options=action.options,
        thread_key=action.thread_key,
        started_at=action.request_started_at,
    )


def _start(claim: Claim, action: OutboundAction) -> bool:
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


def _finish(claim: Claim, desk: Desk, outcome: Receipt | NetworkError, client: Client | None = None) -> str:
    with tenant(claim.organization_id):
        action = OutboundAction.objects.get(pk=claim.action_id)
        desk.lock(action)
        action = OutboundAction.objects.select_for_update().get(pk=claim.action_id)
        account = SocialAccount.objects.get(pk=action.account_id)
        if client is not None:
            record_trace(account, client.trace)
        if action.state == ActionState.SENT:
            # An echo was faster than the answer; only the answer says whom a private reply reached.
            if isinstance(outcome, Receipt) and outcome.recipient_id:
                desk.told(action, outcome)
            return action.state
        if isinstance(outcome, Receipt):
            # A late receipt always wins, whatever the lease made of the row meanwhile.
            mark_sent(action, outcome)
            SocialAccount.objects.filter(pk=account.pk, refusals__gt=0).update(refusals=0)
        elif action.attempt_id == claim.attempt_id and action.state == ActionState.SENDING:
            _record(action, account, outcome)
        desk.told(action, outcome if isinstance(outcome, Receipt) else None)
        return action.state


def mark_sent(action: OutboundAction, receipt: Receipt, *, at: datetime | None = None) -> None:
    """The action is proven: on the network, with its id where there is one; ``at``: since when, if not now."""
    action.state, action.sent_at = ActionState.SENT, at or clock.now()
    action.external_id = receipt.external_id
    action.lease_until, action.failure_code, action.failure_detail = None, "", ""
    action.save()


def _record(action: OutboundAction, account: SocialAccount, error: NetworkError) -> None:
    action.failure_code, action.failure_detail = error.code[:40], error.detail[:300]
    action.lease_until = None
    match error.verdict:
        case "refused":
            action.state = ActionState.FAILED
        case "sent":
            mark_sent(action, Receipt())
            return
        case "later":
            action.state = ActionState.RETRYING
            action.not_before = _retry_at(error, action.attempts)
            if error.retry_at is not None:
                SocialAccount.objects.filter(pk=account.pk).update(paused_until=action.not_before)
        case "auth":
            _refused_token(action, account, error)
        case "account":
            action.state = ActionState.HELD
            state = AccountState.OUT_OF_CREDIT if error.code == "out_of_credit" else AccountState.BLOCKED
            pause_account(account, state=state, reason=error.detail)
        case _:
            action.state = ActionState.UNKNOWN
            action.lease_until = clock.now() + timedelta(seconds=settings.OUTBOX_RECONCILE_GAP)
    if action.state == ActionState.RETRYING and not account.is_live:
        action.state = ActionState.HELD  # paused meanwhile, by a poll or by the network's own word
    action.save()


def _refused_token(action: OutboundAction, account: SocialAccount, error: NetworkError) -> None:
    """A network's own outage also answers 401: only refusals in a row are a dead token."""
    SocialAccount.objects.filter(pk=account.pk).update(refusals=F("refusals") + 1)
    account.refresh_from_db()
    if account.refusals >= REFUSALS_BEFORE_PAUSE:
        action.state = ActionState.HELD
        pause_account(account, state=AccountState.NEEDS_REAUTH, reason=error.detail)
    else:
        action.state = ActionState.RETRYING
        action.not_before = clock.now() + timedelta(seconds=5)


def _retry_at(error: NetworkError, attempts: int) -> datetime:
    jitter = timedelta(seconds=random.uniform(0.5, 2))
    if error.retry_at is not None:
        return error.retry_at + jitter
    return clock.now() + timedelta(seconds=min(RETRY_SECONDS * 2 ** max(attempts - 1, 0), 900)) + jitter


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
