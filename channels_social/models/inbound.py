from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from channels_social.enums import EventSource, EventState, Network
from channels_social.models.account import SocialAccount
from helpdesk.tenancy.models import TenantForeignKey, TenantModel


class InboundEvent(TenantModel):
    """What a network sent, raw, secrets cut, sealed. Its uniqueness saves work; the message's keeps the promise."""

    account = TenantForeignKey(SocialAccount, db_index=False)
    kind = models.CharField(max_length=40)
    external_id = models.CharField(max_length=120)
    # SHA-256, shortened to 128 bits, of the parts that matter, after the cut (decisions 6).
    digest = models.CharField(max_length=32)
    source = models.CharField(max_length=8, choices=EventSource)
    payload = models.BinaryField()
    received_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=12, choices=EventState, default=EventState.PENDING)
    reason = models.CharField(max_length=300, blank=True)
    # While waiting for its root: the external ids asked from the network, and until when we wait.
    needs = models.JSONField(null=True)
    wait_until = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "account", "kind", "external_id", "digest"], name="inbound_event_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["organization", "id"], name="inbound_pending", condition=models.Q(state="pending")
            ),
            models.Index(
                fields=["organization", "wait_until"],
                name="inbound_waiting",
                condition=models.Q(state="waiting"),
            ),
            models.Index(
                fields=["organization", "-id"],
                name="inbound_quarantined",
                condition=models.Q(state="quarantined"),
            ),
        ]


class Inbox(TenantModel):
    """The lease that gives an organization's pending events one writer."""

    lease_until = models.DateTimeField(null=True)
    lease_owner = models.CharField(max_length=60, blank=True)
    last_taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="inbox_organization")]


class UnknownDelivery(models.Model):
    """What arrived for an account nobody connected; global, sealed, kept 24 hours and counted."""

    network = models.CharField(max_length=10, choices=Network)
    account_external_id = models.CharField(max_length=64)
    kind = models.CharField(max_length=40)
    payload = models.BinaryField()
    received_at = models.DateTimeField(db_default=Now(), db_index=True)
