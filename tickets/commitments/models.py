from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from tickets.cases.models import Message, Ticket
from tickets.commitments.enums import CommitmentState


class Commitment(TenantModel):
    """A date promised to the customer: who, what, until when, and by which message they know of it.

    What is broken stays broken: a trigger of the database lets nobody change or delete it (migration 0020).
    """

    ticket = TenantForeignKey(Ticket, db_index=False)
    what = models.CharField(max_length=200)
    due_at = models.DateTimeField()
    # Who answers for it; nobody when another system promised.
    owner = TenantForeignKey(Membership, null=True, db_index=False)
    made_by = TenantForeignKey(Membership, null=True, db_index=False)
    made_at = models.DateTimeField(db_default=Now())
    message = TenantForeignKey(Message, null=True, db_index=False)
    # Since when the customer knows of it; before that nothing is owed.
    told_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=CommitmentState, default=CommitmentState.OPEN)
    # When it stopped being open.
    settled_at = models.DateTimeField(null=True)
    # How it was kept, in the words of whoever says so, when no answer of ours shows it.
    proof = models.CharField(max_length=200, blank=True)
    # The one that it takes the place of, if the customer is told in time.
    replaces = TenantForeignKey("self", null=True, db_index=False)
    # Broken, and since then nothing more is owed for it: done late, or promised anew.
    made_good_at = models.DateTimeField(null=True)
    # Minutes before the due date of the last warning that was given.
    warned = models.PositiveSmallIntegerField(null=True)
    # When the sweep must look at it next.
    next_at = models.DateTimeField(null=True)
    # The other system's number that the date came with.
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=CommitmentState.OPEN, settled_at__isnull=True)
                | (~Q(state=CommitmentState.OPEN) & Q(settled_at__isnull=False)),
                name="commitment_settled",
            ),
            # Kept is kept in time; renegotiated is told before it fell due; only what is past is broken.
            models.CheckConstraint(
                condition=~Q(state__in=[CommitmentState.KEPT, CommitmentState.RENEGOTIATED])
                | Q(settled_at__lte=F("due_at")),
                name="commitment_in_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=CommitmentState.BROKEN) | Q(settled_at__gte=F("due_at")),
                name="commitment_broken_after",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="commitment_due", condition=Q(next_at__isnull=False)),
            models.Index(fields=["organization", "ticket", "due_at"], name="commitment_ticket"),
            # What is owed, or broken and still owed; and what was kept: the board asks for today's.
            models.Index(
                fields=["organization", "due_at"],
                name="commitment_owed",
                condition=Q(state="open") | Q(state="broken", made_good_at__isnull=True),
            ),
            models.Index(
                fields=["organization", "settled_at"], name="commitment_kept", condition=Q(state="kept")
            ),
            models.Index(
                fields=["organization", "message"],
                name="commitment_message",
                condition=Q(message__isnull=False),
            ),
        ]
