from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from channels_social.enums import FindingState, Network
from channels_social.models.account import SocialAccount
from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel


class SavedSearch(TenantModel):
    """Words an account listens for beside its mentions. Its stream of polls is ``search:<id>``."""

    account = TenantForeignKey(SocialAccount, db_index=False)
    name = models.CharField(max_length=60)
    include = ArrayField(models.CharField(max_length=80))
    exclude = ArrayField(models.CharField(max_length=80), default=list)
    # ISO 639-1; empty for any language.
    language = models.CharField(max_length=5, blank=True)
    is_active = models.BooleanField(default=True)
    # What the network said against it; empty while it is well.
    problem = models.CharField(max_length=300, blank=True)
    created_by = TenantForeignKey(Membership, null=True, db_index=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "account", "name"], name="saved_search_name")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> str:
        """The name of its poll cursor."""
        return f"search:{self.pk}"


class Finding(TenantModel):
    """A post a search found that speaks to nobody of ours: no message until somebody makes it one."""

    account = TenantForeignKey(SocialAccount, db_index=False)
    search = TenantForeignKey(SavedSearch, null=True, db_index=False)
    network = models.CharField(max_length=10, choices=Network)
    external_id = models.CharField(max_length=64)
    author_id = models.CharField(max_length=64)
    author_name = models.CharField(max_length=160, blank=True)
    author_handle = models.CharField(max_length=80, blank=True)
    text = models.TextField()
    said_at = models.DateTimeField()
    found_at = models.DateTimeField(db_default=Now())
    # The entry as the network sent it, secrets cut, sealed: intake parses it when a case is opened.
    payload = models.BinaryField()
    state = models.CharField(max_length=10, choices=FindingState, default=FindingState.NEW)
    decided_by = TenantForeignKey(Membership, null=True, db_index=False)
    decided_at = models.DateTimeField(null=True)
    # Opaque to this app: the desk's message it became.
    message_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "network", "external_id"], name="finding_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in FindingState]),
                name="finding_state_known",
            ),
        ]
        indexes = [models.Index(fields=["organization", "state", "-id"], name="finding_newest")]


class AccountBudget(TenantModel):
    """What an account may spend a calendar month (UTC), in millionths of a dollar, and what was told of it."""

    account = TenantForeignKey(SocialAccount, db_index=False)
    monthly_micros = models.BigIntegerField()
    # The first day of the month of which ``told_percent`` (50, 80 or 100) was the last alert.
    told_month = models.DateField(null=True)
    told_percent = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "account"], name="account_budget_once"),
            models.CheckConstraint(
                condition=models.Q(monthly_micros__gte=0), name="account_budget_not_negative"
            ),
        ]
