from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from channels_social.models import SocialAccount
from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from tickets.cases.models import Message, Ticket
from tickets.incidents.enums import AnswerStage, IncidentState, LinkCause, NoticeStage


class Incident(TenantModel):
    """Something that fails for many at once (on screen: *novedad del servicio*). Needs no case."""

    number = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=IncidentState, default=IncidentState.OPEN)
    title = models.CharField(max_length=120)
    # What is happening and what is done about it: required to publish.
    situation = models.TextField(blank=True)
    measures = models.TextField(blank=True)
    # The sentence everybody answers with; it stands in every composer while the incident is open.
    statement = models.TextField(blank=True)
    # When it will be over; or, "still not estimated", when the next notice comes.
    estimated_at = models.DateTimeField(null=True)
    next_notice_at = models.DateTimeField(null=True)
    # What is done so that it does not happen again: required to close.
    prevention = models.TextField(blank=True)
    # Planned: it is said before it begins.
    starts_at = models.DateTimeField(db_default=Now())
    # Of a proposal: which account's cases were alike, how many, and the words they share. No customer's sentence.
    account = TenantForeignKey(SocialAccount, null=True, db_index=False)
    words = ArrayField(models.CharField(max_length=40), default=list)
    seen = models.PositiveIntegerField(default=0)
    # Since when nothing more was added to the proposal.
    seen_at = models.DateTimeField(null=True)
    # Null: the watch over spikes proposed it.
    proposed_by = TenantForeignKey(Membership, null=True, db_index=False)
    declared_by = TenantForeignKey(Membership, null=True, db_index=False)
    declared_at = models.DateTimeField(null=True)
    closed_by = TenantForeignKey(Membership, null=True, db_index=False)
    closed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    # Grows with every change: of two supervisors the second is told.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="incident_number"),
            models.CheckConstraint(
                condition=~Q(state=IncidentState.CLOSED) | (~Q(prevention="") & Q(closed_at__isnull=False)),
                name="incident_closed_with_prevention",
            ),
            models.CheckConstraint(
                condition=Q(state=IncidentState.PROPOSED)
                | Q(state=IncidentState.DISMISSED)
                | Q(declared_at__isnull=False),
                name="incident_declared",
            ),
            models.CheckConstraint(
                condition=~Q(state=IncidentState.OPEN)
                | Q(estimated_at__isnull=False)
                | Q(next_notice_at__isnull=False),
                name="incident_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "-id"],
                name="incident_live",
                condition=Q(state__in=["proposed", "open"]),
            ),
            models.Index(
                fields=["next_notice_at"],
                name="incident_next_notice",
                condition=Q(state="open", next_notice_at__isnull=False),
            ),
        ]


class IncidentNotice(TenantModel):
    """The public notice of an incident, in the words somebody else approved; one stands at a time."""

    incident = TenantForeignKey(Incident, db_index=False)
    stage = models.CharField(max_length=9, choices=NoticeStage, default=NoticeStage.PENDING)
    title = models.CharField(max_length=120)
    situation = models.TextField()
    measures = models.TextField()
    estimated_at = models.DateTimeField(null=True)
    next_notice_at = models.DateTimeField(null=True)
    written_by = TenantForeignKey(Membership, db_index=False)
    written_at = models.DateTimeField(db_default=Now())
    decided_by = TenantForeignKey(Membership, null=True, db_index=False)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "incident"],
                name="incident_notice_one_published",
                condition=Q(stage="published"),
            ),
            models.UniqueConstraint(
                fields=["organization", "incident"],
                name="incident_notice_one_pending",
                condition=Q(stage="pending"),
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("written_by")),
                name="incident_notice_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(stage=NoticeStage.PUBLISHED)
                | (Q(decided_at__isnull=False) & ~Q(situation="") & ~Q(measures="")),
                name="incident_notice_approved",
            ),
        ]
        indexes = [
            # What the public pages show.
            models.Index(
                fields=["organization", "-decided_at"],
                name="incident_notice_public",
                condition=Q(stage="published"),
            ),
            models.Index(fields=["written_at"], name="incident_notice_waits", condition=Q(stage="pending")),
            models.Index(fields=["organization", "incident", "-id"], name="incident_notice_history"),
        ]


class IncidentCase(TenantModel):
    """A case that hangs from an incident; for a likeness, the words it shares with it."""

    incident = TenantForeignKey(Incident, db_index=False)
    ticket = TenantForeignKey(Ticket, db_index=False)
    cause = models.CharField(max_length=8, choices=LinkCause)
    words = ArrayField(models.CharField(max_length=40), default=list)
    # Null: the watch over spikes.
    linked_by = TenantForeignKey(Membership, null=True, db_index=False)
    linked_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "incident", "ticket"], name="incident_case_once")
        ]
        indexes = [models.Index(fields=["organization", "ticket"], name="incident_case_ticket")]


class AnswerBatch(TenantModel):
    """The same answer to many cases of an incident, each in its own words for name and number."""

    incident = TenantForeignKey(Incident, db_index=False)
    text = models.TextField()
    made_by = TenantForeignKey(Membership, db_index=False)
    made_at = models.DateTimeField(db_default=Now())
    # The composer's token: pressing twice is answering once.
    token = models.CharField(max_length=48)
    stopped_by = TenantForeignKey(Membership, null=True, db_index=False)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "token"], name="answer_batch_once"),
        ]
        indexes = [models.Index(fields=["organization", "incident", "-id"], name="answer_batch_incident")]


class BatchedAnswer(TenantModel):
    """One case of a batch. The row is the queue of what is still to be handed to the outbox."""

    batch = TenantForeignKey(AnswerBatch, db_index=False)
    ticket = TenantForeignKey(Ticket, db_index=False)
    stage = models.CharField(max_length=9, choices=AnswerStage, default=AnswerStage.WAITING)
    message = TenantForeignKey(Message, null=True, db_index=False)
    # Why it was left out: a code of `replies.sentences`, or ours.
    code = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "batch", "ticket"], name="batched_answer_once")
        ]
        indexes = [models.Index(fields=["id"], name="batched_answer_waits", condition=Q(stage="waiting"))]


class CaseFlow(TenantModel):
    """How many cases an account opened in a half hour: what a spike is measured against."""

    account = TenantForeignKey(SocialAccount, db_index=False)
    starts_at = models.DateTimeField()
    opened = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "starts_at", "account"], name="case_flow_half_hour"
            )
        ]


class SpikeWatch(TenantModel):
    """How far an organization's new cases were looked at, and who is looking now."""

    last_ticket_id = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="spike_watch_one")]
