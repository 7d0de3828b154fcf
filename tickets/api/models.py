from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from helpdesk.tenancy.tokens import ApiToken


class RepeatableCall(TenantModel):
    """A call that was carried out under an ``Idempotency-Key``: the same one again gets the same answer."""

    token = TenantForeignKey(ApiToken, db_index=False)
    key = models.CharField(max_length=120)
    # Of method, address and body: anything else under the same key is refused.
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    # What was answered. It may hold customers' words: sealed.
    answer = models.BinaryField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "token", "key"], name="repeatable_call_once")
        ]
        indexes = [models.Index(fields=["organization", "at"], name="repeatable_call_at")]


class Event(models.TextChoices):
    """What another system can be told of."""

    TICKET_CREATED = "ticket.created", _("Se abrió un caso")
    TICKET_UPDATED = "ticket.updated", _("Cambió un caso")
    TICKET_RESOLVED = "ticket.resolved", _("Se resolvió un caso")
    MESSAGE_RECEIVED = "message.received", _("Llegó un mensaje")
    MESSAGE_SENT = "message.sent", _("Salió una respuesta")
    FILING_CREATED = "filing.created", _("Se radicó un caso")
    ALARM_RAISED = "alarm.raised", _("Sonó una alarma")
    ALARM_ACKNOWLEDGED = "alarm.acknowledged", _("Alguien atendió una alarma")
    # Never subscribed to: what the test button sends.
    PING = "ping", _("Prueba")


class WebhookSubscription(TenantModel):
    """Where an organization wants to be told, of what. Its deliveries leave one at a time."""

    url = models.CharField(max_length=500)
    events = ArrayField(models.CharField(max_length=20, choices=Event))
    # What deliveries are signed with; sealed.
    secret = models.BinaryField()
    # Whether what people said travels with it.
    with_words = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_by = TenantForeignKey(Membership, null=True, db_index=False)
    token = TenantForeignKey(ApiToken, null=True, db_index=False)
    created_at = models.DateTimeField(db_default=Now())
    # Failures in a row, and when it may be tried again after the last.
    failures = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    # Why it was switched off: the code of the last failure, or nothing when a person did it.
    off_reason = models.CharField(max_length=40, blank=True, db_default="", default="")
    off_detail = models.CharField(max_length=200, blank=True, db_default="", default="")
    off_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organization"], name="webhook_active", condition=Q(is_active=True)),
        ]


class DeliveryState(models.TextChoices):
    PENDING = "pending", _("Por salir")
    DELIVERED = "delivered", _("Entregado")
    FAILED = "failed", _("No se entregó")


class WebhookDelivery(TenantModel):
    """One thing to tell one subscription: written by a trigger in the transaction of what happened. The row is the
    queue. It names rows and never copies their words: the body is made when it leaves."""

    subscription = TenantForeignKey(WebhookSubscription, db_index=False)
    key = models.UUIDField(default=uuid.uuid4)
    event = models.CharField(max_length=20, choices=Event)
    ticket_id = models.BigIntegerField(null=True)
    message_id = models.BigIntegerField(null=True)
    filing_id = models.BigIntegerField(null=True)
    alarm_id = models.BigIntegerField(null=True)
    # Of a case that changed: which fields.
    changed = ArrayField(models.CharField(max_length=20), default=list)
    happened_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now())
    # Of the last attempt: when, what came back, why it was no success.
    tried_at = models.DateTimeField(null=True)
    http_status = models.PositiveSmallIntegerField(null=True)
    took_ms = models.IntegerField(null=True)
    failure = models.CharField(max_length=40, blank=True, db_default="", default="")
    failure_detail = models.CharField(max_length=200, blank=True, db_default="", default="")
    replay_of = TenantForeignKey("WebhookDelivery", null=True, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="webhook_delivery_key")]
        indexes = [
            models.Index(fields=["next_at"], name="webhook_delivery_due", condition=Q(state="pending")),
            models.Index(fields=["organization", "subscription", "-id"], name="webhook_delivery_log"),
        ]
