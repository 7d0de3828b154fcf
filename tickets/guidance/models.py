"""A protocol in a case: which version is followed, what is done of it, what was granted, who was given notice."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from protocols.models import ProtocolVersion
from tickets.cases.models import Conversation, Message, Ticket


class CaseProtocol(TenantModel):
    """The version a case follows, with the steps that are done; left only for a reason."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    version = TenantForeignKey(ProtocolVersion, db_index=False)
    # Key of the motive it was followed for.
    motive = models.CharField(max_length=60)
    followed_at = models.DateTimeField(db_default=Now())
    followed_by = TenantForeignKey(Membership, null=True, db_index=False)
    # Key of a step → who did it and when: {"s1": {"by": 7, "at": "2026-…"}}.
    done = models.JSONField(default=dict)
    left_at = models.DateTimeField(null=True)
    left_by = TenantForeignKey(Membership, null=True, db_index=False)
    # In the words of who left it; when the motive changed, that says so (``left_code``).
    left_code = models.CharField(max_length=8, blank=True, db_default="")
    left_reason = models.CharField(max_length=240, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "ticket"], name="case_protocol_one", condition=Q(left_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | ~Q(left_code=""), name="case_protocol_left_why"
            ),
            models.CheckConstraint(
                condition=~Q(left_code="reason") | ~Q(left_reason=""), name="case_protocol_left_words"
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "ticket", "-id"], name="case_protocol_ticket"),
            models.Index(fields=["organization", "version"], name="case_protocol_version"),
        ]


class Grant(TenantModel):
    """Something granted to a customer within somebody's attributions. Append-only."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    version = TenantForeignKey(ProtocolVersion, db_index=False)
    # Of the attribution: its key in that version and what it was called.
    key = models.CharField(max_length=20)
    name = models.CharField(max_length=80)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    unit = models.CharField(max_length=20)
    note = models.CharField(max_length=200, blank=True)
    by = TenantForeignKey(Membership, db_index=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="grant_above_zero")]
        indexes = [models.Index(fields=["organization", "ticket"], name="grant_ticket")]


class PrivacyNotice(TenantModel):
    """That a thread was given the privacy notice, and with which message: once each."""

    conversation = TenantForeignKey(Conversation, db_index=False)
    message = TenantForeignKey(Message, db_index=False)
    country = models.CharField(max_length=2)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "conversation"], name="privacy_notice_once")
        ]
