from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from helpdesk.tenancy.models import TenantForeignKey, TenantModel
from tickets.cases.models import Ticket


class CaseSecret(TenantModel):
    """With this and the number, whoever filed the case follows it. Only its keyed digest is kept."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    digest = models.CharField(max_length=43)
    # The conversations that whoever has it began here: after a joining, theirs and not the other's.
    threads = ArrayField(models.BigIntegerField(), default=list)
    # Where they asked to be told that there is an answer, sealed; and in which language.
    email = models.BinaryField(null=True)
    language = models.CharField(max_length=5, blank=True, db_default="")
    # An answer stands on the page since then that they were not told of; moved while somebody is telling them.
    tell_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "digest"], name="case_secret_digest"),
            models.CheckConstraint(
                condition=Q(tell_at__isnull=True) | Q(email__isnull=False), name="case_secret_told_where"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "ticket"], name="case_secret_ticket"),
            models.Index(
                fields=["organization", "tell_at"],
                name="case_secret_tell",
                condition=Q(tell_at__isnull=False),
            ),
        ]
