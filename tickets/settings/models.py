from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from channels_social.models import SocialAccount
from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from helpdesk.tenancy.permissions import Role
from protocols.models import Calendar


class AccountPolicy(TenantModel):
    """What joins an account with its calendar and its voice."""

    account = TenantForeignKey(SocialAccount, db_index=False)
    calendar = TenantForeignKey(Calendar, db_index=False)
    voice = models.CharField(max_length=6, choices=[("usted", "usted"), ("tu", "tú"), ("vos", "vos")])
    # Of a brand account: whom it sends people to, and the sentence that says so ({cuenta}, {nombre}).
    hands_to = TenantForeignKey(SocialAccount, null=True, db_index=False)
    hand_over_text = models.CharField(max_length=240, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "account"], name="account_policy_once")
        ]


class TeamChange(TenantModel):
    """A change of somebody's role, permissions or scope that waits for a second person (mode 2 of the matrix)."""

    member = TenantForeignKey(Membership, db_index=False)
    role = models.CharField(max_length=12, choices=Role)
    permissions = models.JSONField(default=list)
    modes = models.JSONField(default=dict)
    is_limited = models.BooleanField(default=False)
    accounts = ArrayField(models.BigIntegerField(), default=list)
    state = models.CharField(max_length=8, default="pending")
    asked_by = TenantForeignKey(Membership, db_index=False)
    asked_at = models.DateTimeField(db_default=Now())
    decided_by = TenantForeignKey(Membership, null=True, db_index=False)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "member"],
                name="team_change_one_pending",
                condition=models.Q(state="pending"),
            ),
            # Neither who asked nor whom it is about.
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(state="done")
                | (~models.Q(decided_by=models.F("asked_by")) & ~models.Q(decided_by=models.F("member"))),
                name="team_change_two_people",
            ),
        ]
