"""The outbox at work (decisions 8): send what was claimed, record what came of it.

Nothing external happens inside a transaction.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from channels_social.domain.leases import Claim, Desk, claim_next, start, sweep_leases
from channels_social.domain.outcomes import mark_refused, mark_sent
from channels_social.domain.parcels import Parcel, files_of, hand_over
from channels_social.domain.refreshing import client_for, record_trace, token_of
from channels_social.enums import ActionKind, ActionState
from channels_social.models import OutboundAction, SocialAccount
from channels_social.networks.base import Client, NetworkError, Outgoing, Receipt
from helpdesk.secrets.crypto import CannotOpen
from helpdesk.tenancy.context import tenant

__all__ = ["Claim", "Desk", "claim_next", "deliver", "outgoing", "sweep_leases", "to_find"]
logger = logging.getLogger(__name__)
# Refusals that prove, after an unknown attempt, that it did arrive.
PROOFS = {"duplicate", "private_reply_used"}
# So many of a thread's answers are looked at, to tell the same words said twice apart; not all that ever left.
KNOWN, NEAR = 100, 20_000
NO_FILES = Parcel()


def deliver(claim: Claim, desk: Desk) -> str:
    """Send a claimed action and record what came of it; the state it ended in."""
    with tenant(claim.organization_id):
        action = OutboundAction.objects.select_related("account").get(pk=claim.action_id)
        refusal = desk.refuse(action)
        if refusal is not None:
            return _finish(claim, desk, NetworkError("refused", *refusal))
    try:
        client = client_for(action.account)
    except NetworkError as error:
        return _finish(claim, desk, error)
    except CannotOpen as error:  # its key is gone: only connecting the account again helps
        return _finish(claim, desk, NetworkError("auth", "token_unreadable", str(error)))
    client, parcel = _pack(client, action)
    if isinstance(parcel, NetworkError):
        return _finish(claim, desk, parcel, client)
    if not start(claim, action):
        return str(OutboundAction.objects.filter(pk=claim.action_id).values_list("state", flat=True).first())
    outcome = _send(client, action, parcel)
    if isinstance(outcome, NetworkError) and outcome.verdict == "auth":
        # A refused token did nothing: with another one the answer may leave at once, if there is one.
        fresh = _with_a_new_token(action)
        if isinstance(fresh, NetworkError):
            outcome = fresh
        elif fresh is not None:
            client, outcome = fresh, _send(fresh, action, parcel)
    if isinstance(outcome, NetworkError) and outcome.code in PROOFS and action.requeued:
        # The network says it already has it: the attempt that was unknown did arrive.
        with tenant(claim.organization_id):
            search = to_find(action)
        outcome = _find(client, search)
    return _finish(claim, desk, outcome, client)


def _pack(client: Client, action: OutboundAction) -> tuple[Client, Parcel | NetworkError]:
    """The files of an action, handed over; and the client, another one if its token had died."""
    try:
        files = files_of(action)
    except NetworkError as error:
        return client, error
    parcel = hand_over(client, files, outgoing(action, Parcel(files)))
    if isinstance(parcel, NetworkError) and parcel.verdict == "auth":
        fresh = _with_a_new_token(action)
        if isinstance(fresh, NetworkError):
            return client, fresh
        if fresh is not None:
            return fresh, hand_over(fresh, files, outgoing(action, Parcel(files)))
    return client, parcel


def _send(client: Client, action: OutboundAction, parcel: Parcel) -> Receipt | NetworkError:
    try:
        return client.send(outgoing(action, parcel))
    except NetworkError as error:
        return error
    except Exception as error:  # the bytes may have left: only reading back can tell
        logger.exception("action %s: %s", action.pk, type(error).__name__)
        return NetworkError("unknown", type(error).__name__)


def _with_a_new_token(action: OutboundAction) -> Client | NetworkError | None:
    """A client with another token than the refused one; None when there is no other, or why there is none."""
    dead = token_of(action.account)
    try:
        fresh = client_for(action.account, dead_token=dead)
    except NetworkError as error:
        return error
    return None if token_of(action.account) == dead else fresh


def _find(client: Client, search: Outgoing) -> Receipt:
    """What is known to be there, with its id where it can be read."""
    try:
        return client.find_sent(search) or Receipt()
    except NetworkError:
        return Receipt()


def to_find(action: OutboundAction) -> Outgoing:
    """What to look for when reading the network back: since the first attempt, and nobody else's. In ``tenant``."""
    others = OutboundAction.objects.filter(
        organization_id=action.organization_id,
        account_id=action.account_id,
        thread_key=action.thread_key,
        pk__gt=action.pk - NEAR,
    ).exclude(external_id="")
    known = list(others.exclude(pk=action.pk).order_by("-id").values_list("external_id", flat=True)[:KNOWN])
    first = action.options.get("first_started_at")
    return replace(
        outgoing(action),
        options={**action.options, "known_ids": known},
        started_at=datetime.fromisoformat(first) if first else action.request_started_at,
    )


def outgoing(action: OutboundAction, parcel: Parcel = NO_FILES) -> Outgoing:
    """The action in the network's words."""
    return Outgoing(
        kind=ActionKind(action.kind),
        target_id=action.target_id,
        text=action.text,
        client_token=action.client_token,
        options=action.options,
        thread_key=action.thread_key,
        started_at=action.request_started_at,
        files=parcel.files,
        uploaded=parcel.uploaded,
    )


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
            mark_refused(action, account, outcome)
        else:
            return action.state  # somebody else's turn by now
        desk.told(action, outcome if isinstance(outcome, Receipt) else None)
        return action.state
