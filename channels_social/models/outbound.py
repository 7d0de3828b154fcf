from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from channels_social.enums import UNFINISHED, ActionKind, ActionState, Lane
from channels_social.models.account import SocialAccount
from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel


class OutboundAction(TenantModel):
    """Anything we do on a network. The row is the queue; a Celery message is only a doorbell."""

    account = TenantForeignKey(SocialAccount, db_index=False)
    kind = models.CharField(max_length=16, choices=ActionKind)
    state = models.CharField(max_length=20, choices=ActionState, default=ActionState.QUEUED)
    lane = models.CharField(max_length=16, choices=Lane, default=Lane.INDIVIDUAL)
    # Gives "undo" its seconds, and a retry its moment.
    not_before = models.DateTimeField(db_default=Now())
    # One action at a time per thread: only its oldest unfinished one may be claimed.
    thread_key = models.CharField(max_length=160)
    # The network's id of what we answer (post, comment) or whom we write to (user, PSID).
    target_id = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    # {"exclude": [...], "part": 2, "after": <action id>, "hidden": true, "human_agent": true, …}
    options = models.JSONField(default=dict)
    # Given by the composer: the same press of a button is the same action.
    client_token = models.CharField(max_length=64)
    # Opaque to this app: the desk's message, told when the state changes.
    subject_id = models.BigIntegerField(null=True)
    created_by = TenantForeignKey(Membership, null=True, db_index=False)
    approved_by = TenantForeignKey(Membership, null=True, db_index=False)
    created_at = models.DateTimeField(db_default=Now())

    attempt_id = models.UUIDField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    # Committed immediately before the bytes leave: an expired lease with it is "unknown", never "queued".
    request_started_at = models.DateTimeField(null=True)
    # Reads that did not find it; the second, a gap later, lets the same action be queued once more.
    absences = models.PositiveSmallIntegerField(default=0)
    requeued = models.PositiveSmallIntegerField(default=0)

    external_id = models.CharField(max_length=120, blank=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    failure_code = models.CharField(max_length=40, blank=True)
    failure_detail = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "client_token"], name="outbound_client_token"),
            # Per account one send in flight.
            models.UniqueConstraint(
                fields=["organization", "account"],
                name="outbound_one_in_flight",
                condition=models.Q(state="sending"),
            ),
            # The network accepts one private reply per comment, ever.
            models.UniqueConstraint(
                fields=["organization", "account", "target_id"],
                name="outbound_one_private_reply",
                condition=models.Q(kind="private_reply") & ~models.Q(state__in=["failed", "cancelled"]),
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in ActionState]),
                name="outbound_state_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="sent") | models.Q(sent_at__isnull=False),
                name="outbound_sent_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lane", "not_before"],
                name="outbound_due",
                condition=models.Q(state__in=["queued", "retrying"]),
            ),
            models.Index(
                fields=["lease_until"],
                name="outbound_lease",
                condition=models.Q(state__in=["sending", "unknown"]),
            ),
            models.Index(
                fields=["organization", "thread_key", "id"],
                name="outbound_thread",
                condition=models.Q(state__in=[state.value for state in UNFINISHED]),
            ),
            models.Index(
                fields=["organization", "account", "external_id"],
                name="outbound_external",
                condition=~models.Q(external_id=""),
            ),
            models.Index(fields=["organization", "subject_id"], name="outbound_subject"),
            # What left lately: how fast answers leave and are written.
            models.Index(
                fields=["organization", "sent_at"], name="outbound_sent", condition=models.Q(state="sent")
            ),
        ]
