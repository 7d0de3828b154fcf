from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel


class CustomerTier(TenantModel):
    """A level of customers that an organization treats apart, by the name it gave it."""

    name = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="customer_tier_name")]

    def __str__(self) -> str:
        return self.name


class SlaPolicy(TenantModel):
    """What is owed for a priority, in minutes; null where nothing is owed.

    The row of a priority without account, kind or tier is the general one; of those that narrow it the narrowest
    holds. ``version`` grows with each change, and a clock remembers the one that made it.
    """

    priority = models.CharField(max_length=10)
    # Of a social account, which this room does not know: the desk adds the foreign key.
    account_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=14, blank=True, db_default="")
    tier = TenantForeignKey(CustomerTier, null=True, db_index=False)
    # Wall time all around the clock (critical), instead of the calendar's business time.
    is_wall_time = models.BooleanField(default=False)
    first_response = models.PositiveIntegerField(null=True)
    next_response = models.PositiveIntegerField(null=True)
    update = models.PositiveIntegerField(null=True)
    resolution = models.PositiveIntegerField(null=True)
    is_active = models.BooleanField(default=True, db_default=True)
    version = models.PositiveIntegerField(default=1, db_default=1)
    changed_by = TenantForeignKey(Membership, null=True, db_index=False)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "priority", "account_id", "kind", "tier"],
                name="sla_policy_scope",
                nulls_distinct=False,
            )
        ]

    @property
    def is_general(self) -> bool:
        """Whether it holds for every case of its priority that no narrower one is for."""
        return self.account_id is None and not self.kind and self.tier_id is None
