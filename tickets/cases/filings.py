from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from tickets.cases.models import Ticket
from tickets.cases.rules import FilingWhen
from tickets.enums import PqrKind


class Numbers(models.TextChoices):
    OURS = "ours", _("Los números los da Circunflejo")
    THEIRS = "theirs", _("Los números los da el sistema de PQR de la empresa")


class FilingRule(TenantModel):
    """What an organization decided about filing a kind; without a row the default of the kind holds."""

    kind = models.CharField(max_length=14, choices=PqrKind)
    when = models.CharField(max_length=10, choices=FilingWhen)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind"], name="filing_rule_kind"),
            models.CheckConstraint(
                condition=Q(when__in=[when.value for when in FilingWhen]), name="filing_rule_when"
            ),
        ]


class FilingPolicy(TenantModel):
    """Where radicados come from and how customers are told; blank sentences are the house's own."""

    numbers = models.CharField(max_length=6, choices=Numbers, default=Numbers.OURS)
    # Whether customers are told their radicado by the channel they wrote in.
    tells = models.BooleanField(default=True)
    # Where there is no private channel: in public, with nothing about the person.
    tells_in_public = models.BooleanField(default=True)
    private_sentence = models.CharField(max_length=400, blank=True)
    public_sentence = models.CharField(max_length=240, blank=True)
    joined_sentence = models.CharField(max_length=240, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="filing_policy_one")]


class System(models.TextChoices):
    """Where else a case has a number."""

    SAC = "sac", _("SAC")
    CRM = "crm", _("CRM")
    SFC = "sfc", _("Superfinanciera (SFC)")
    PIR = "pir", _("Equipaje (PIR)")
    CUN = "cun", _("Código único (CUN)")
    TUTELA = "tutela", _("Tutela")
    DEFENSOR = "defensor", _("Defensor del consumidor")
    OTHER = "other", _("Otro")


class Reference(TenantModel):
    """A number the case has in another system."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    system = models.CharField(max_length=10, choices=System)
    number = models.CharField(max_length=60)
    # Folded: what it is looked up by, and unique by, within its system.
    number_key = models.CharField(max_length=60)
    state = models.CharField(max_length=60, blank=True)
    due_on = models.DateField(null=True)
    by = TenantForeignKey(Membership, null=True, db_index=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            # The number first: the search box asks by number alone.
            models.UniqueConstraint(fields=["organization", "number_key", "system"], name="reference_number"),
            models.CheckConstraint(condition=~Q(number_key=""), name="reference_has_number"),
        ]
        indexes = [models.Index(fields=["organization", "ticket"], name="reference_ticket")]
