from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel


class TriagePolicy(TenantModel):
    """Whether an organization's verdicts learn from its corrections, and how far they have."""

    is_on = models.BooleanField(default=True)
    # Corrections that the last lesson saw: the same number teaches nothing new.
    seen = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="triage_policy_once")]


class TriageCorrection(TenantModel):
    """What a colleague said a message is. Of its words nothing is kept: only which of our rules had seen something."""

    message = TenantForeignKey("tickets.Message", db_index=False)
    # service (1 or 0) or kind, in the words of the labels.
    aspect = models.CharField(max_length=8)
    judged = models.CharField(max_length=24)
    said = models.CharField(max_length=24)
    # Names of our traits, none of them a customer's word, and the sums of the shipped weights.
    traits = ArrayField(models.CharField(max_length=80), default=list)
    sums = models.JSONField(default=dict)
    by = TenantForeignKey(Membership, db_index=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        # The last word on a message counts.
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "message", "aspect"], name="triage_correction_once"
            )
        ]


class TriageVersion(TenantModel):
    """Offsets learnt from an organization's corrections, and how they did on those held back."""

    number = models.PositiveIntegerField()
    offsets = models.JSONField(default=dict)
    learnt_from = models.PositiveIntegerField()
    held_back = models.PositiveIntegerField()
    # Of those held back, how many each has right: the shipped weights alone, and with these offsets.
    right_before = models.PositiveIntegerField()
    right_after = models.PositiveIntegerField()
    is_in_force = models.BooleanField(default=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="triage_version_number"),
            models.UniqueConstraint(
                fields=["organization"], name="triage_version_in_force", condition=Q(is_in_force=True)
            ),
        ]


class AttentionChange(TenantModel):
    """A colleague said that a message asks for attention after all, or that a case asks for none; undone exactly."""

    is_needed = models.BooleanField()
    # What was corrected: the message itself, or the first words of the case that was put aside.
    message = TenantForeignKey("tickets.Message", null=True, db_index=False)
    ticket = TenantForeignKey("tickets.Ticket", db_index=False)
    by = TenantForeignKey(Membership, db_index=False)
    at = models.DateTimeField(db_default=Now())
    reason = models.CharField(max_length=200, blank=True)
    # Keys and facts as they were, and the facts right after: undoing is refused when they have changed since.
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = TenantForeignKey(Membership, null=True, db_index=False)

    class Meta:
        indexes = [
            # Cases put aside, newest first.
            models.Index(
                fields=["organization", "-id"],
                name="attention_put_aside",
                condition=Q(is_needed=False, undone_at__isnull=True),
            ),
            models.Index(fields=["organization", "ticket", "-id"], name="attention_of_ticket"),
        ]


class NoiseSample(TenantModel):
    """A message judged to need no attention that a supervisor looks at again: two of a hundred, drawn by their ids."""

    message = TenantForeignKey("tickets.Message", db_index=False)
    day = models.DateField()
    reviewed_by = TenantForeignKey(Membership, null=True, db_index=False)
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "message"], name="noise_sample_once")]
        indexes = [
            models.Index(
                fields=["organization", "day"],
                name="noise_sample_open",
                condition=Q(reviewed_at__isnull=True),
            )
        ]
