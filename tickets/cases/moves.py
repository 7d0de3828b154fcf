from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from tickets.cases.models import Ticket


class MoveKind(models.TextChoices):
    JOIN = "join", _("Unión")
    SPLIT = "split", _("Separación")


class CaseMove(TenantModel):
    """Two cases made one, or one made two: exactly which rows moved, so that it can be undone."""

    kind = models.CharField(max_length=5, choices=MoveKind)
    # The case that took the other in, or the one the new case came out of.
    kept = TenantForeignKey(Ticket, db_index=False)
    # The case that was taken in, or the new one.
    other = TenantForeignKey(Ticket, db_index=False)
    # Null where nobody did: two threads turned out to be one.
    by = TenantForeignKey(Membership, null=True, db_index=False)
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    # Keys of the rows that moved, by what they are. No words of anybody.
    moved = models.JSONField(default=dict)
    # The facts of both cases, their clocks and waits as they were before.
    before = models.JSONField(default=dict)
    # What `kept` was right after: undoing is refused when these facts have changed since.
    after = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = TenantForeignKey(Membership, null=True, db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kept=models.F("other")), name="move_of_two"),
            # A case is in one other case at a time.
            models.UniqueConstraint(
                fields=["organization", "other"],
                name="move_joined_once",
                condition=Q(kind="join", undone_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["organization", "kept", "-id"], name="move_of_kept")]
