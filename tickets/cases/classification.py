"""What a case was typified as: one row each time, the last one stands."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from protocols.models import TreeNode, TreeVersion
from tickets.cases.models import Ticket


class Classification(TenantModel):
    """Motive, product, root cause and result of a case, in the version of the tree they were chosen from."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    version = TenantForeignKey(TreeVersion, db_index=False)
    motive = TenantForeignKey(TreeNode, db_index=False)
    product = TenantForeignKey(TreeNode, null=True, db_index=False)
    cause = TenantForeignKey(TreeNode, null=True, db_index=False)
    result = TenantForeignKey(TreeNode, null=True, db_index=False)
    # Null when the machine did it (demo data, an import).
    by = TenantForeignKey(Membership, null=True, db_index=False)
    at = models.DateTimeField(db_default=Now())
    # 1 to 3: it was that suggestion; 0: found in the list.
    rank = models.PositiveSmallIntegerField(default=0)
    is_current = models.BooleanField(default=True)
    # What the case said then, as stems without figures nor the customer's name: what suggestions learn from.
    stems = ArrayField(models.CharField(max_length=24), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "ticket"], name="classification_current", condition=Q(is_current=True)
            )
        ]
        indexes = [
            models.Index(fields=["organization", "ticket", "-id"], name="classification_history"),
            # The last thirty days, and what was said lately: both read from the newest on.
            models.Index(
                fields=["organization", "-at"],
                name="classification_recent",
                condition=Q(is_current=True),
                include=["motive"],
            ),
        ]
