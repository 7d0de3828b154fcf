"""Who may see one case besides everybody: named people, whoever opened it with a reason, an area's people."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from channels_social.models import SocialAccount
from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from tickets.cases.models import Ticket


class AccessKind(models.TextChoices):
    NAMED = "named", _("Nombrada en el caso reservado")
    OPENED = "opened", _("Lo abrió con motivo")
    AREA = "area", _("De un área consultada")


class CaseAccess(TenantModel):
    """A person who sees a case, whatever their scope; the row-level policy of cases reads it."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    member = TenantForeignKey(Membership, db_index=False)
    kind = models.CharField(max_length=6, choices=AccessKind)
    given_by = TenantForeignKey(Membership, null=True, db_index=False)
    given_at = models.DateTimeField(db_default=Now())
    # Null: until it is taken away.
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "ticket", "member", "kind"], name="case_access_once"
            )
        ]
        indexes = [models.Index(fields=["organization", "member", "ticket"], name="case_access_member")]


class MemberAccount(TenantModel):
    """An account whose cases a limited member sees (``Membership.is_limited``)."""

    member = TenantForeignKey(Membership, db_index=False)
    account = TenantForeignKey(SocialAccount, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "member", "account"], name="member_account_once")
        ]


class PetitionState(models.TextChoices):
    PENDING = "pending", _("Espera")
    DONE = "done", _("Aprobada")
    REFUSED = "refused", _("No aprobada")


class Petition(TenantModel):
    """Something about a case that one person asks for and another does (modes A, asks and 2 of the matrix)."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    action = models.CharField(max_length=20)
    # Ids and codes of what is asked, never words of customers.
    data = models.JSONField(default=dict)
    reason = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=PetitionState, default=PetitionState.PENDING)
    asked_by = TenantForeignKey(Membership, db_index=False)
    asked_at = models.DateTimeField(db_default=Now())
    decided_by = TenantForeignKey(Membership, null=True, db_index=False)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("asked_by")),
                name="petition_two_people",
            )
        ]
        indexes = [
            models.Index(
                fields=["organization", "ticket"],
                name="petition_pending",
                condition=models.Q(state="pending"),
            )
        ]
