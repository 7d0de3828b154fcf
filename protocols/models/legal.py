from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel


class TermUnit(models.TextChoices):
    BUSINESS = "business", _("días hábiles")
    CALENDAR = "calendar", _("días corridos")
    MONTHS = "months", _("meses")


class Suspension(models.TextChoices):
    """What the law lets a term stand still for."""

    NOTHING = "nothing", _("Nada lo suspende")
    INCOMPLETE = "incomplete", _("Una petición incompleta, mientras el cliente la completa")
    OFFER = "offer", _("Una propuesta de arreglo, mientras el cliente la acepta")


class LegalTerm(TenantModel):
    """How long the law gives to answer what was filed as a kind, in a country and a sector; from where it is known.

    A row that nobody has verified counts for nothing until an admin accepts it with their name.
    """

    # Of the row it was seeded from; blank for one of the organization's own.
    key = models.CharField(max_length=60, blank=True)
    country = models.CharField(max_length=2)
    # Blank is every sector.
    sector = models.CharField(max_length=12, blank=True)
    kind = models.CharField(max_length=14)
    name = models.CharField(max_length=160)
    days = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=8, choices=TermUnit, default=TermUnit.BUSINESS)
    # How many more days of the same unit an extension may give, once; 0: none.
    extension_days = models.PositiveSmallIntegerField(default=0)
    suspended_by = models.CharField(max_length=12, choices=Suspension, default=Suspension.NOTHING)
    # The day we mean to answer, and the days on which we are warned.
    internal_day = models.PositiveSmallIntegerField()
    alarm_days = ArrayField(models.PositiveSmallIntegerField(), default=list)
    source = models.CharField(max_length=300)
    is_verified = models.BooleanField(default=False)
    reviewed_on = models.DateField(null=True)
    is_active = models.BooleanField(default=False)
    accepted_by = TenantForeignKey(Membership, null=True, db_index=False)
    accepted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "key"], name="legal_term_seed", condition=~Q(key="")
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="legal_term_days"),
            models.CheckConstraint(
                condition=Q(is_verified=True) | Q(is_active=False) | Q(accepted_by__isnull=False),
                name="legal_term_accepted",
            ),
        ]

    def __str__(self) -> str:
        return self.name
