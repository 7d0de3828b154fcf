from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from helpdesk.tenancy.models import TenantForeignKey, TenantModel
from protocols.models import Calendar
from tickets.insights.enums import Cut, Edition


class Lanes(models.Field):
    """A whole number of any length, of which every eight digits are a counter; the database adds them up."""

    def db_type(self, connection: Any) -> str:
        return "numeric"


class DayFigure(TenantModel):
    """The figures of one day of the organization, of one account, taken apart by one thing.

    No references: a figure of a closed month outlives the account, the colleague or the motive it was about. Durations
    are histograms in one number each (``rules/histogram.py``), so that ``sum()`` adds them up.
    """

    day = models.DateField()
    # 0: without an account.
    account = models.BigIntegerField(default=0)
    cut = models.CharField(max_length=8, choices=Cut)
    # What it is: a kind, a priority, or the id of a motive, an area or a membership. Empty: none of them.
    key = models.CharField(max_length=20, blank=True)
    edition = models.PositiveSmallIntegerField(choices=Edition, default=Edition.IN_FORCE)

    messages = models.IntegerField(default=0)
    noise = models.IntegerField(default=0)
    reiterations = models.IntegerField(default=0)
    opened = models.IntegerField(default=0)
    reopened = models.IntegerField(default=0)
    transfers = models.IntegerField(default=0)
    first_met = models.IntegerField(default=0)
    first_late = models.IntegerField(default=0)
    next_met = models.IntegerField(default=0)
    next_late = models.IntegerField(default=0)
    solved_met = models.IntegerField(default=0)
    solved_late = models.IntegerField(default=0)
    legal_met = models.IntegerField(default=0)
    legal_late = models.IntegerField(default=0)
    kept = models.IntegerField(default=0)
    broken = models.IntegerField(default=0)
    renegotiated = models.IntegerField(default=0)
    asked = models.IntegerField(default=0)
    scored = models.IntegerField(default=0)
    satisfied = models.IntegerField(default=0)
    # Millionths of a US dollar, as the networks charge them.
    micros = models.BigIntegerField(default=0)
    # Messages by hour of the day; and durations, wall time and business time.
    hours = Lanes(default=0)
    first_wall = Lanes(default=0)
    first_open = Lanes(default=0)
    next_wall = Lanes(default=0)
    next_open = Lanes(default=0)
    solved_wall = Lanes(default=0)
    solved_open = Lanes(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "cut", "edition", "day", "account", "key"], name="day_figure_once"
            )
        ]
        indexes = [
            # Days of closed months that are different now: few.
            models.Index(
                fields=["organization", "day"],
                name="day_figure_adjusted",
                condition=Q(edition=Edition.ADJUSTED),
            )
        ]


class FigureMark(TenantModel):
    """Something changed that figures depend on: on an instant, on a day, everywhere in a case; or everywhere.

    Written by triggers, by statement; a sweep takes the rows away with what it counts anew, in one transaction.
    """

    # To the quarter of an hour: every zone of the world begins its days on one.
    at = models.DateTimeField(null=True)
    day = models.DateField(null=True)
    ticket_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organization"], name="figure_mark_of")]


class FigureState(TenantModel):
    """Which months of an organization are closed. Its row is the lock of the sweep."""

    # From the first day of this month, which was the first that had anything in it when it was closed; what is older
    # came later, and is in force as it is counted.
    closed_from = models.DateField(null=True)
    # The first day that is not closed yet.
    closed_until = models.DateField()
    swept_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="figure_state_once")]

    def is_closed(self, day: date) -> bool:
        """Whether a day's figures are frozen."""
        return self.closed_from is not None and self.closed_from <= day < self.closed_until


class OpenHours(TenantModel):
    """A stretch in which a calendar was open, with the open seconds before it: business time is two look-ups.

    What is past stays as it was when the calendar is changed.
    """

    calendar = TenantForeignKey(Calendar, db_index=False)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    # Open seconds since the first stretch.
    before = models.BigIntegerField()
    # Of the calendar that said so.
    version = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "calendar", "opens_at"], name="open_hours_once"),
            models.CheckConstraint(condition=Q(closes_at__gt=models.F("opens_at")), name="open_hours_order"),
        ]
