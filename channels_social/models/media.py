from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from channels_social.enums import MediaState
from channels_social.models.account import SocialAccount
from helpdesk.tenancy.models import TenantForeignKey, TenantModel


class Media(TenantModel):
    """A file a network holds for a short while; our copy, typed by its content."""

    account = TenantForeignKey(SocialAccount, db_index=False)
    # The network's key of the file: the same photo in two deliveries is one row.
    source_key = models.CharField(max_length=160)
    source_url = models.TextField()
    state = models.CharField(max_length=10, choices=MediaState, default=MediaState.PENDING)
    reason = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=12, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    content_type = models.CharField(max_length=80, blank=True)
    size = models.BigIntegerField(null=True)
    name = models.CharField(max_length=120, blank=True)
    file = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "account", "source_key"], name="media_source_key")
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], name="media_pending", condition=models.Q(state="pending")
            )
        ]
