from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from helpdesk.tenancy.models import TenantForeignKey, TenantModel
from protocols.models import Calendar
from tickets.cases.models import Ticket
from tickets.enums import ClockKind


class Clock(TenantModel):
    """A rule applied to one case: a stored instant, and the parts that explain it."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    kind = models.CharField(max_length=16, choices=ClockKind)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    # What made it: {"policy": "medium", "minutes": 120, "calendar": 3, "wall": false}.
    why = models.JSONField(default=dict)
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    met_at = models.DateTimeField(null=True)
    # Waiting on the customer: the time left when it stopped.
    paused_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "ticket", "kind"],
                name="clock_one_running",
                condition=Q(met_at__isnull=True, cancelled_at__isnull=True),
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="clock_due",
                condition=Q(
                    met_at__isnull=True,
                    cancelled_at__isnull=True,
                    breached_at__isnull=True,
                    paused_at__isnull=True,
                ),
            ),
            models.Index(
                fields=["warn_at"],
                name="clock_warn",
                condition=Q(
                    met_at__isnull=True,
                    cancelled_at__isnull=True,
                    breached_at__isnull=True,
                    paused_at__isnull=True,
                    warned_at__isnull=True,
                ),
            ),
            models.Index(fields=["organization", "ticket"], name="clock_ticket"),
        ]


class Wait(TenantModel):
    """A pause: who we wait for and why, from when until when. Durations stay explainable."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    reason = models.CharField(max_length=20)
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "ticket"], name="wait_one_open", condition=Q(ended_at__isnull=True)
            )
        ]


class ClockRecount(TenantModel):
    """The open clocks of a calendar are counted anew, a batch at a time; the row is the queue and its own progress."""

    calendar = TenantForeignKey(Calendar, db_index=False)
    # Why: another week, other holidays, another calendar for an account … (codes of `recompute.py`).
    cause = models.CharField(max_length=20)
    asked_at = models.DateTimeField(db_default=Now())
    # Until here all was looked at.
    reached = models.BigIntegerField(default=0)
    # Of how many when it began; of those looked at, how many fall due at another instant now.
    total = models.PositiveIntegerField(null=True)
    seen = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    # A process may count with former rules for some seconds: what it started is looked at once more after this.
    settles_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="recount_waiting", condition=Q(settles_at__isnull=False)),
            models.Index(fields=["organization", "calendar", "-id"], name="recount_last"),
        ]
