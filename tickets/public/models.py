"""One-time links by which the public site asks the customer of a case for data."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from tickets.cases.models import Message, Ticket


class SecureLink(TenantModel):
    """A form for one person, once: the data a protocol needs, sealed as they arrive. The link is a digest here."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    digest = models.CharField(max_length=43)
    # What is asked for, in the protocol's words.
    labels = models.JSONField(default=list)
    asked_by = TenantForeignKey(Membership, db_index=False)
    asked_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    # A JSON list of what was given, in the order of ``labels``, sealed; and as everybody may see it.
    sealed = models.BinaryField(null=True)
    masked = models.JSONField(default=list)
    message = TenantForeignKey(Message, null=True, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "digest"], name="secure_link_digest"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(revoked_at__isnull=True), name="secure_link_one_end"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(sealed__isnull=False), name="secure_link_sealed"
            ),
        ]
        indexes = [models.Index(fields=["organization", "ticket"], name="secure_link_ticket")]
