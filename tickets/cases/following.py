from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from helpdesk.tenancy.models import TenantForeignKey, TenantModel
from tickets.cases.models import Ticket


class CaseSecret(TenantModel):
    """With this and the number, whoever filed the case follows it. Only its keyed digest is kept."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    digest = models.CharField(max_length=43)
    created_at = models.DateTimeField(db_default=Now())
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "digest"], name="case_secret_digest")]
        indexes = [models.Index(fields=["organization", "ticket"], name="case_secret_ticket")]
