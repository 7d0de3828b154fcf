from __future__ import annotations

from django.db import models

from helpdesk.tenancy.models import TenantModel


class SlaPolicy(TenantModel):
    """What is owed for a priority, in minutes; null where nothing is owed."""

    priority = models.CharField(max_length=10)
    # Wall time all around the clock (critical), instead of the calendar's business time.
    is_wall_time = models.BooleanField(default=False)
    first_response = models.PositiveIntegerField(null=True)
    next_response = models.PositiveIntegerField(null=True)
    update = models.PositiveIntegerField(null=True)
    resolution = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "priority"], name="sla_policy_priority")
        ]
