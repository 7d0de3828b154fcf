from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from protocols.models import Calendar, SlaPolicy
from tickets.cases.models import Message, Ticket
from tickets.enums import ClockKind, Priority


class Clock(TenantModel):
    """A rule applied to one case: a stored instant, and the parts that explain it."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    kind = models.CharField(max_length=16, choices=ClockKind)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    # Its warnings in order; the next one still to be given, and how many were: one index range finds them.
    alarms = ArrayField(models.DateTimeField(), default=list, db_default=[])
    warn_at = models.DateTimeField(null=True)
    warned = models.PositiveSmallIntegerField(default=0, db_default=0)
    # What made it: {"policy": 7, "version": 2, "priority": "medium", "minutes": 120, "calendar": 3,
    # "wall": false, "waited": 3600}; the last in seconds of the time it counts.
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
                    warn_at__isnull=False,
                ),
            ),
            models.Index(fields=["organization", "ticket"], name="clock_ticket"),
            # The terms of the law that end today, for the board.
            models.Index(
                fields=["organization", "due_at"],
                name="clock_legal",
                condition=Q(kind="legal", met_at__isnull=True, cancelled_at__isnull=True),
            ),
        ]


class Wait(TenantModel):
    """A pause: who we wait for and why, from when until when. Durations stay explainable."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    reason = models.CharField(max_length=20)
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    # Of a wait for the customer: when the next step is due (one reminder, then closing), and what was done.
    next_at = models.DateTimeField(null=True)
    close_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    # `no_answer` when it ended because they never did; `desisted` when they never completed a petition.
    outcome = models.CharField(max_length=10, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "ticket"], name="wait_one_open", condition=Q(ended_at__isnull=True)
            )
        ]
        indexes = [
            models.Index(
                fields=["next_at"],
                name="wait_next",
                condition=Q(ended_at__isnull=True, next_at__isnull=False),
            )
        ]


class Proof(models.TextChoices):
    """What shows that the customer was notified (domain.md 2 d; care.md finding 2)."""

    WAITING = "waiting", _("Todavía no ha salido")
    SENT = "sent", _("Enviada por un canal privado")
    CONSTANCY = "constancy", _("Constancia de un supervisor")


class DefinitiveAnswer(TenantModel):
    """The *respuesta de fondo* of a filed case: which words, and what proves that the customer was notified."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    message = TenantForeignKey(Message, null=True, db_index=False)
    proof = models.CharField(max_length=10, choices=Proof, default=Proof.WAITING)
    marked_by = TenantForeignKey(Membership, db_index=False)
    marked_at = models.DateTimeField(db_default=Now())
    # When it was notified: the legal clock stops then.
    notified_at = models.DateTimeField(null=True)
    # How, in a supervisor's words, where no channel of ours proves it; never a customer's.
    constancy = models.CharField(max_length=400, blank=True)
    constancy_by = TenantForeignKey(Membership, null=True, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "message"], name="definitive_answer_of_message"),
            models.CheckConstraint(
                condition=Q(proof=Proof.WAITING, notified_at__isnull=True)
                | (~Q(proof=Proof.WAITING) & Q(notified_at__isnull=False)),
                name="definitive_answer_proof",
            ),
            models.CheckConstraint(
                condition=~Q(proof=Proof.CONSTANCY) | Q(constancy_by__isnull=False),
                name="definitive_answer_constancy",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "ticket"], name="definitive_answer_ticket"),
            # What was notified lately: some days later the customer is asked whether it stayed solved.
            models.Index(
                fields=["organization", "notified_at"],
                name="definitive_answer_notified",
                condition=Q(notified_at__isnull=False),
            ),
        ]


class TermExtension(TenantModel):
    """More time for a legal term: with its reason, before it was over, and once."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    clock = TenantForeignKey(Clock, db_index=False)
    reason = models.CharField(max_length=300)
    former_due_at = models.DateTimeField()
    due_at = models.DateTimeField()
    given_by = TenantForeignKey(Membership, db_index=False)
    given_at = models.DateTimeField(db_default=Now())
    # The words that told the customer.
    told_message = TenantForeignKey(Message, null=True, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "clock"], name="term_extension_once"),
            models.CheckConstraint(
                condition=Q(due_at__gt=models.F("former_due_at")), name="term_extension_more"
            ),
        ]
        indexes = [models.Index(fields=["organization", "ticket"], name="term_extension_ticket")]


class ClockRecount(TenantModel):
    """Open clocks are counted anew, a batch at a time; the row is the queue and its own progress.

    Those of a calendar; or, without one, those of the cases of a priority, by the policy that changed.
    """

    calendar = TenantForeignKey(Calendar, null=True, db_index=False)
    policy = TenantForeignKey(SlaPolicy, null=True, db_index=False)
    priority = models.CharField(max_length=10, choices=Priority, blank=True, default="", db_default="")
    # Of the calendar or the policy that changed.
    version = models.PositiveIntegerField(default=0, db_default=0)
    # Why: another week, another calendar for an account, a policy (codes of `recompute.py`).
    cause = models.CharField(max_length=20)
    asked_by = TenantForeignKey(Membership, null=True, db_index=False)
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
