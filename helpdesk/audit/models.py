from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from helpdesk.tenancy.tokens import SpeakingToken


class AuditEvent(TenantModel):
    """Who did what, when. Append-only: ids, field names and codes, never words of customers."""

    at = models.DateTimeField(db_default=Now())
    action = models.CharField(max_length=60)
    actor = TenantForeignKey(Membership, null=True, db_index=False)
    # The key of the API that did it, when no person did; the database knows (``tenancy.tokens.SpeakingToken``).
    token_id = models.BigIntegerField(null=True, db_default=SpeakingToken())
    # The case it belongs to. No foreign key: the desk is above this room, and the line outlives the row.
    ticket_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(
                fields=["organization", "ticket_id", "id"],
                name="audit_ticket",
                condition=models.Q(ticket_id__isnull=False),
            ),
            # Lines about configuration: what an admin reads.
            models.Index(
                fields=["organization", "-id"],
                name="audit_configuration",
                condition=models.Q(ticket_id__isnull=True),
            ),
        ]
