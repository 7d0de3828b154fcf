from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from tickets.cases.models import Ticket


class KeptApart(TenantModel):
    """A colleague saw another open case of the same person and went on with this one by itself."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    other = TenantForeignKey(Ticket, db_index=False)
    by = TenantForeignKey(Membership, null=True, db_index=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "ticket", "other"], name="kept_apart_once")
        ]
