from __future__ import annotations

from django.db import models

from channels_social.models import SocialAccount
from helpdesk.tenancy.models import TenantForeignKey, TenantModel
from protocols.models import Calendar


class AccountPolicy(TenantModel):
    """What joins an account with its calendar and its voice."""

    account = TenantForeignKey(SocialAccount, db_index=False)
    calendar = TenantForeignKey(Calendar, db_index=False)
    voice = models.CharField(max_length=6, choices=[("usted", "usted"), ("tu", "tú"), ("vos", "vos")])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "account"], name="account_policy_once")
        ]
