from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from channels_social.models import OutboundAction, SocialAccount
from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from tickets.cases.models import Ticket
from tickets.commitments.models import Commitment


class Area(TenantModel):
    """A department that answers by e-mail: nobody there needs to log in (care.md, finding 12)."""

    name = models.CharField(_("nombre"), max_length=80)
    address = models.CharField(_("correo"), max_length=254)
    # Its share of the time that is left until the case is due.
    target_percent = models.PositiveSmallIntegerField(default=50)
    # Business minutes it has when the case owes nothing by any date.
    target_minutes = models.PositiveIntegerField(default=480)
    # It is reminded when so much of its own time is gone, and again when it is over.
    remind_percent = models.PositiveSmallIntegerField(default=75)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(F("organization"), Lower("name"), name="area_name"),
            # A mail from an area must be one area's.
            models.UniqueConstraint(fields=["organization", "address"], name="area_address"),
            models.CheckConstraint(
                condition=Q(target_percent__gte=5, target_percent__lte=95, remind_percent__lte=95),
                name="area_shares",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AreaMember(TenantModel):
    """A colleague who belongs to an area: their own address may answer for it too."""

    area = TenantForeignKey(Area, db_index=False)
    member = TenantForeignKey(Membership, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "area", "member"], name="area_member_once")
        ]


class Consultation(TenantModel):
    """A question about a case to an area, with its own target: answered from a signed page or by mail."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    area = TenantForeignKey(Area, db_index=False)
    account = TenantForeignKey(SocialAccount, db_index=False)
    asked_by = TenantForeignKey(Membership, db_index=False)
    question = models.TextField()
    # What of the case the area may see: never more than this is shown on its page.
    shares_name = models.BooleanField(default=False)
    shared_messages = ArrayField(models.BigIntegerField(), default=list)
    # In the names and subjects of its mails: an answer carries it back.
    code = models.CharField(max_length=16)
    # In the signed link, and nowhere else.
    link_key = models.CharField(max_length=43)
    expires_at = models.DateTimeField()
    asked_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField()
    remind_at = models.DateTimeField()
    # When the sweep must look at it next; null when nothing more will happen by itself.
    next_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    breached_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_via = models.CharField(max_length=4, blank=True)
    cancelled_at = models.DateTimeField(null=True)
    # The date the customer was promised while the area looks into it.
    commitment = TenantForeignKey(Commitment, null=True, db_index=False)
    # The first mail, for how far it is.
    action = TenantForeignKey(OutboundAction, null=True, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "code"], name="consultation_code"),
            models.UniqueConstraint(
                fields=["organization", "ticket", "area"],
                name="consultation_one_open",
                condition=Q(answered_at__isnull=True, cancelled_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], name="consultation_due", condition=Q(next_at__isnull=False)),
            models.Index(fields=["organization", "ticket", "id"], name="consultation_ticket"),
            # What each area owes now.
            models.Index(
                fields=["organization", "area", "due_at"],
                name="consultation_open",
                condition=Q(answered_at__isnull=True, cancelled_at__isnull=True),
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.cancelled_at is None
