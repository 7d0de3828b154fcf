from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel


class Calendar(TenantModel):
    """When an organization attends: weekly hours in its zone, minus holidays."""

    name = models.CharField(max_length=80)
    timezone = models.CharField(max_length=40)
    is_always_open = models.BooleanField(default=False)
    # Grows with every change: what two admins write at once is told apart by it, and what a clock was counted with.
    version = models.PositiveIntegerField(default=1, db_default=1)
    saved_at = models.DateTimeField(null=True)
    saved_by = TenantForeignKey(Membership, null=True, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "name"], name="calendar_name")]

    def __str__(self) -> str:
        return self.name


class OpeningHours(TenantModel):
    """One interval of one weekday (0 is Monday); several a day leave room for lunch."""

    calendar = TenantForeignKey(Calendar, db_index=False)
    weekday = models.PositiveSmallIntegerField()
    opens_at = models.TimeField()
    closes_at = models.TimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "calendar", "weekday", "opens_at"], name="opening_hours_once"
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_hours_weekday"),
            models.CheckConstraint(condition=Q(opens_at__lt=F("closes_at")), name="opening_hours_order"),
        ]


class Holiday(TenantModel):
    calendar = TenantForeignKey(Calendar, db_index=False)
    day = models.DateField()
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "calendar", "day"], name="holiday_once")
        ]


class OneOff(TenantModel):
    """A stretch of one date that opens or closes whatever the week says; a closure wins over an opening."""

    calendar = TenantForeignKey(Calendar, db_index=False)
    day = models.DateField()
    begins_at = models.TimeField()
    ends_at = models.TimeField()
    is_open = models.BooleanField()
    name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "calendar", "day", "is_open", "begins_at"], name="one_off_once"
            ),
            models.CheckConstraint(condition=Q(begins_at__lt=F("ends_at")), name="one_off_order"),
        ]
