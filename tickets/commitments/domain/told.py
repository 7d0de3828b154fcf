"""The answer that promised a date has left, or never will. Inside ``tenant``, the case locked."""

from __future__ import annotations

from datetime import datetime

from channels_social.enums import ActionState
from helpdesk import clock
from tickets.cases.models import Message
from tickets.commitments.domain.mirror import mirror
from tickets.commitments.domain.promising import settle, tell
from tickets.commitments.enums import CommitmentState
from tickets.commitments.models import Commitment

# Nobody knows whether an unknown one arrived: the customer may count on it.
TOLD = (ActionState.SENT, ActionState.UNKNOWN)


def answer_told(message: Message, state: str, sent_at: datetime | None) -> bool:
    """Dates an answer promised are owed from the moment it was sent, withdrawn when it never leaves.

    True when something changed: the case's clocks did, and the case itself is still to be placed and saved.
    """
    if message.ticket is None or state not in (*TOLD, ActionState.CANCELLED):
        return False
    waiting = Commitment.objects.filter(
        organization_id=message.organization_id, message=message, state=CommitmentState.OPEN, told_at=None
    )
    found = list(waiting.select_for_update().order_by("id"))
    at = sent_at or clock.now()
    for commitment in found:
        if state in TOLD:
            tell(commitment, at)
        else:
            settle(commitment, CommitmentState.WITHDRAWN, min(clock.now(), commitment.due_at))
    if found:
        mirror(message.ticket)
    return bool(found)
