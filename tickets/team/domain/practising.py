"""Practice: an answer to a past case that goes nowhere, and what a colleague thinks of it. Inside ``tenant``."""

from __future__ import annotations

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership
from helpdesk.text import clean
from tickets.team.models import PracticeAnswer


class NotPractised(Exception):
    """``code``: ``empty``, ``own`` (feedback to oneself)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def practise(member: Membership, *, ticket_id: int, text: str) -> PracticeAnswer:
    """Keep what they would have answered; once for a case. Nothing is queued. Raises :class:`NotPractised`."""
    words = clean(text).strip()[:4000]
    if not words:
        raise NotPractised("empty")
    row, is_new = PracticeAnswer.objects.get_or_create(
        organization_id=member.organization_id, member=member, ticket_id=ticket_id, defaults={"text": words}
    )
    if is_new:
        audit.record(member.organization_id, "practice.answered", actor_id=member.pk, practice=row.pk)
    return row


@transaction.atomic
def give_feedback(practice: PracticeAnswer, *, text: str, by: Membership) -> None:
    """Say what one thinks of it; the last word stands. Raises :class:`NotPractised`."""
    words = clean(text).strip()[:2000]
    if by.pk == practice.member_id:
        raise NotPractised("own")
    if not words:
        raise NotPractised("empty")
    PracticeAnswer.objects.filter(pk=practice.pk).update(
        feedback=words, feedback_by=by, feedback_at=clock.now()
    )
    audit.record(
        practice.organization_id, "practice.feedback", actor_id=by.pk, practice=practice.pk,
        member=practice.member_id,
    )  # fmt: skip
