from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from channels_social.enums import AccountMode, AccountState, Network, Purpose
from helpdesk.tenancy.models import TenantForeignKey, TenantModel


class SocialAccount(TenantModel):
    """One handle or page of an organization, with its sealed credentials and what it may do."""

    network = models.CharField(max_length=10, choices=Network)
    external_id = models.CharField(max_length=64)
    handle = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=10, choices=Purpose, default=Purpose.SUPPORT)
    mode = models.CharField(_("modo"), max_length=10, choices=AccountMode, default=AccountMode.FULL)
    state = models.CharField(max_length=16, choices=AccountState, default=AccountState.LIVE)
    state_reason = models.CharField(max_length=200, blank=True)
    state_since = models.DateTimeField(db_default=Now())
    # Consecutive refusals of the token; a network's own outage must not disconnect anybody (channels F33).
    refusals = models.PositiveSmallIntegerField(default=0)
    # A JSON object sealed by helpdesk.secrets: access_token, refresh_token, scopes.
    credentials = models.BinaryField(null=True)
    # Who gave it, as a keyed digest of the network's id for them; taking their permission back finds it (Facebook).
    authorized_by = models.CharField(max_length=64, blank=True, db_default="")
    authorized_at = models.DateTimeField(null=True)
    token_expires_at = models.DateTimeField(null=True)
    # What the network lets this account do: {"follow": true, "dm": true, "long_posts": false, …}.
    capabilities = models.JSONField(default=dict)
    last_event_at = models.DateTimeField(null=True)
    # Nothing leaves before this instant: the network said "not now" for the whole account.
    paused_until = models.DateTimeField(null=True)
    # Since when far too much has come in at once, and from whom when it is one sender (a mail bomb).
    flooded_at = models.DateTimeField(null=True)
    flooded_by = models.CharField(max_length=254, blank=True, db_default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            # Global on purpose: a handle belongs to one organization (a listed exception, decisions 13).
            models.UniqueConstraint(fields=["network", "external_id"], name="account_external_id"),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}" if self.handle else self.name

    @property
    def is_live(self) -> bool:
        return self.state == AccountState.LIVE

    @property
    def may_write(self) -> bool:
        """Whether anything may leave from here now."""
        return self.is_live and self.mode == AccountMode.FULL


class PollCursor(TenantModel):
    """How far one stream of an account has been read. Moved only after the rows are stored."""

    account = TenantForeignKey(SocialAccount, db_index=False)
    stream = models.CharField(max_length=20)
    cursor = models.CharField(max_length=64, blank=True)
    next_poll_at = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    last_polled_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    # Set when older rows can no longer be reached: something may have been missed since then.
    gap_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "account", "stream"], name="poll_cursor_stream")
        ]
        indexes = [models.Index(fields=["next_poll_at"], name="poll_cursor_due")]


class RateLimit(TenantModel):
    """What the headers of the last answer said about one endpoint of one account."""

    account = TenantForeignKey(SocialAccount, db_index=False)
    endpoint = models.CharField(max_length=80)
    limit = models.IntegerField(null=True)
    remaining = models.IntegerField(null=True)
    reset_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "account", "endpoint"], name="rate_limit_endpoint"
            )
        ]


class CreditSpend(TenantModel):
    """What an account spent on one day for one kind of use, in millionths of a US dollar."""

    account = TenantForeignKey(SocialAccount, db_index=False)
    day = models.DateField()
    kind = models.CharField(max_length=30)
    count = models.BigIntegerField(default=0)
    micros = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "account", "day", "kind"], name="credit_spend_day"
            )
        ]
