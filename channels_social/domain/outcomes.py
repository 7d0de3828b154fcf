"""What an attempt came to, written on the action and on its account. Inside ``tenant``, the action locked."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from channels_social.domain.accounts import REFUSALS_BEFORE_PAUSE, pause_account
from channels_social.enums import AccountState, ActionState
from channels_social.models import OutboundAction, SocialAccount
from channels_social.networks.base import NetworkError, Receipt
from helpdesk import clock

RETRY_SECONDS = 30


def mark_sent(action: OutboundAction, receipt: Receipt, *, at: datetime | None = None) -> None:
    """The action is proven: on the network, with its id where there is one; ``at``: since when, if not now."""
    action.state, action.sent_at = ActionState.SENT, at or clock.now()
    action.external_id = receipt.external_id
    action.lease_until, action.failure_code, action.failure_detail = None, "", ""
    action.save()


def mark_refused(action: OutboundAction, account: SocialAccount, error: NetworkError) -> None:
    """The attempt did not succeed: the state its verdict means."""
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
