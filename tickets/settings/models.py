from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from channels_social.models import SocialAccount
from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from helpdesk.tenancy.permissions import Role
from protocols.models import Calendar


class Notices(models.TextChoices):
    """Where a courtesy notice is given to who writes out of hours."""

    OFF = "off", _("No avisar")
    PRIVATE = "private", _("Solo en privado")
    ALL = "all", _("También en público")


class AccountPolicy(TenantModel):
    """What joins an account with its calendar and its voice."""

    account = TenantForeignKey(SocialAccount, db_index=False)
    calendar = TenantForeignKey(Calendar, db_index=False)
    voice = models.CharField(max_length=6, choices=[("usted", "usted"), ("tu", "tú"), ("vos", "vos")])
    # Of a brand account: whom it sends people to, and the sentence that says so ({cuenta}, {nombre}).
    hands_to = TenantForeignKey(SocialAccount, null=True, db_index=False)
    hand_over_text = models.CharField(max_length=240, blank=True)
    # What the profile of the account says of when we attend: how else to reach us, and what was last published.
    contact_phone = models.CharField(max_length=40, blank=True, db_default="")
    contact_email = models.CharField(max_length=120, blank=True, db_default="")
    published_text = models.CharField(max_length=400, blank=True, db_default="")
    published_at = models.DateTimeField(null=True)
    # One courtesy notice out of hours: nowhere until somebody says so, then in private threads, or in public too.
    notices = models.CharField(max_length=8, choices=Notices, default=Notices.OFF, db_default=Notices.OFF)
    # The notices ran away and stopped by themselves; somebody switches them on again.
    notices_stopped_at = models.DateTimeField(null=True)

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
