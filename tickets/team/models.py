from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel


class Invitation(TenantModel):
    """The link a person was invited with. Only the newest opens, once, until it expires; the row holds no secret:
    the link is signed and names the row and its ``version``, which every sending moves on."""

    member = TenantForeignKey(Membership, db_index=False)
    version = models.PositiveIntegerField(default=1)
    sent_at = models.DateTimeField(db_default=Now())
    sent_by = TenantForeignKey(Membership, null=True, db_index=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "member"], name="invitation_one"),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True), name="invitation_one_end"
            ),
        ]


class Shift(TenantModel):
    """When a person works, every week, in the organization's time. One that ends before it starts passes midnight."""

    member = TenantForeignKey(Membership, db_index=False)
    # Monday is 0.
    weekday = models.PositiveSmallIntegerField()
    starts_at = models.TimeField()
    ends_at = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="shift_weekday"),
            models.CheckConstraint(condition=~Q(starts_at=F("ends_at")), name="shift_lasts"),
            models.UniqueConstraint(
                fields=["organization", "member", "weekday", "starts_at"], name="shift_once"
            ),
        ]


class MemberPhoto(TenantModel):
    """A colleague's picture, small and without what a camera writes into it (place, time, device)."""

    member = TenantForeignKey(Membership, db_index=False)
    body = models.BinaryField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "member"], name="member_photo_one"),
        ]


class PracticeAnswer(TenantModel):
    """What somebody in practice wrote for a past case. It goes nowhere: a colleague says what they think of it.

    The case is named and not copied; the row points at it without a key, because it hangs nothing on it.
    """

    member = TenantForeignKey(Membership, db_index=False)
    ticket_id = models.BigIntegerField()
    text = models.TextField()
    at = models.DateTimeField(db_default=Now())
    feedback = models.TextField(blank=True)
    feedback_by = TenantForeignKey(Membership, null=True, db_index=False)
    feedback_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "member", "ticket_id"], name="practice_answer_once"
            ),
            models.CheckConstraint(
                condition=Q(feedback_by__isnull=True) | ~Q(feedback_by=F("member")),
                name="practice_two_people",
            ),
        ]
