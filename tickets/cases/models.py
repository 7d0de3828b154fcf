from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from channels_social.enums import ActionState, ConversationKind, Network
from channels_social.models import Media, OutboundAction, SocialAccount
from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from helpdesk.tenancy.tokens import SpeakingToken
from protocols.models import TemplateVersion
from tickets.customers.models import Customer, Identity
from tickets.enums import OPEN_STATES, Direction, PqrKind, Priority, TicketState


class Telling(models.TextChoices):
    """How far telling a customer their radicado has come."""

    PENDING = "pending", _("Por avisar")
    QUEUED = "queued", _("Avisándole")
    TOLD = "told", _("Avisado")
    NOT_TOLD = "not_told", _("Sin avisar")
    OFF = "off", _("No se avisa")


class Ticket(TenantModel):
    """One matter of one customer (on screen: *caso*). What the queue shows is kept on the row."""

    number = models.BigIntegerField()
    # Given when filed, per organization and year, gap-free; told to the customer; never freed or re-used.
    # Or the number of the organization's own PQR system.
    radicado = models.CharField(max_length=40, null=True)
    customer = TenantForeignKey(Customer, db_index=False)
    state = models.CharField(max_length=18, choices=TicketState, default=TicketState.NEW)
    kind = models.CharField(max_length=14, choices=PqrKind, blank=True)
    suggested_kind = models.CharField(max_length=14, choices=PqrKind, blank=True)
    kind_reasons = ArrayField(models.CharField(max_length=80), default=list)
    # Null while the kind is only suggested by rules.
    kind_corrected_by = TenantForeignKey(Membership, null=True, db_index=False)
    priority = models.CharField(max_length=10, choices=Priority, default=Priority.MEDIUM)
    priority_reasons = ArrayField(models.CharField(max_length=80), default=list)
    assignee = TenantForeignKey(Membership, null=True, db_index=False)
    # The account that answers for it: where it began, a support account before a brand's. Scope goes by it.
    account = TenantForeignKey(SocialAccount, null=True, db_index=False)
    # Seen by named people only (CaseAccess): not in others' lists, search, counts and pushes.
    is_reserved = models.BooleanField(default=False, db_default=False)
    # An earlier case of the same matter, past its reopening window.
    previous = TenantForeignKey("Ticket", null=True, db_index=False)
    # The case that took this one in; whoever asks for this number finds that one.
    joined_into = TenantForeignKey("Ticket", null=True, db_index=False)

    opened_at = models.DateTimeField()
    # Our first and last answers that were really sent.
    first_sent_at = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)
    # What customers said until then is answered: when the last of those answers was written. It leaves seconds later,
    # or hours; what is said in between nobody has read.
    answered_until = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    # How often it went from one colleague to another; each time with a note.
    transfers = models.PositiveSmallIntegerField(default=0, db_default=0)

    # For the row: the last thing said and where.
    last_text = models.CharField(max_length=200, blank=True)
    last_at = models.DateTimeField()
    channel = models.CharField(max_length=12, choices=ConversationKind)
    # The last thing a customer said here that asks for an answer.
    last_asked_at = models.DateTimeField(null=True)
    # The oldest customer's message nobody has answered; null when nothing waits.
    unanswered_since = models.DateTimeField(null=True)
    unanswered_count = models.PositiveSmallIntegerField(default=0)
    next_deadline_at = models.DateTimeField(null=True)
    next_clock_kind = models.CharField(max_length=16, blank=True)
    is_overdue = models.BooleanField(default=False)
    # next_deadline_at, or the far future: what the queue is ordered by.
    queue_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="ticket_number"),
            models.UniqueConstraint(
                fields=["organization", "radicado"],
                name="ticket_radicado",
                condition=Q(radicado__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "queue_at", "id"],
                name="ticket_queue",
                condition=Q(state__in=[state.value for state in OPEN_STATES]),
            ),
            models.Index(
                fields=["organization", "assignee", "queue_at", "id"],
                name="ticket_mine",
                condition=Q(state__in=[state.value for state in OPEN_STATES], assignee__isnull=False),
            ),
            models.Index(
                fields=["organization", "unanswered_since", "id"],
                name="ticket_unanswered",
                condition=Q(state__in=[state.value for state in OPEN_STATES], unanswered_since__isnull=False),
            ),
            models.Index(fields=["organization", "customer", "-id"], name="ticket_customer"),
            # What somebody sees who is limited to some accounts.
            models.Index(
                fields=["organization", "account", "queue_at", "id"],
                name="ticket_account",
                condition=Q(state__in=[state.value for state in OPEN_STATES]),
            ),
            models.Index(
                fields=["organization", "account", "unanswered_since", "id"],
                name="ticket_account_unanswered",
                condition=Q(state__in=[state.value for state in OPEN_STATES], unanswered_since__isnull=False),
            ),
            # Few cases are late at once: without this the view reads every open case to find them.
            models.Index(
                fields=["organization", "queue_at", "id"],
                name="ticket_overdue",
                condition=Q(state__in=[state.value for state in OPEN_STATES], is_overdue=True),
            ),
            models.Index(
                fields=["organization", "-resolved_at", "-id"],
                name="ticket_resolved",
                condition=Q(state="resolved"),
            ),
            # Asked and never answered: filed when their business day is over, if their kind says so.
            models.Index(
                fields=["organization", "kind", "opened_at"],
                name="ticket_unfiled",
                condition=Q(
                    state__in=[state.value for state in OPEN_STATES],
                    radicado__isnull=True,
                    first_sent_at__isnull=True,
                ),
            ),
            models.Index(
                fields=["organization", "joined_into"],
                name="ticket_joined",
                condition=Q(joined_into__isnull=False),
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class Filing(TenantModel):
    """A case that is a PQR by rule of its kind: the radicado and what it was filed as."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    radicado = models.CharField(max_length=40)
    # As it was filed; what the kind became since is on the case, and how in the audit.
    kind = models.CharField(max_length=14, choices=PqrKind)
    # The legal clock counts from receipt of the first message, never from the click.
    received_at = models.DateTimeField()
    filed_at = models.DateTimeField(db_default=Now())
    # Why: `receipt`, `same_day` (not answered on its day), `kind` (corrected), `request` (by hand).
    cause = models.CharField(max_length=10, db_default="receipt", default="receipt")
    filed_by = TenantForeignKey(Membership, null=True, db_index=False)
    is_external = models.BooleanField(db_default=False, default=False)
    # Telling the customer: what is still to be done, and why it was not.
    telling = models.CharField(
        max_length=8, choices=Telling, db_default=Telling.PENDING, default=Telling.PENDING
    )
    telling_code = models.CharField(max_length=40, blank=True, db_default="")
    told_message = TenantForeignKey("Message", null=True, db_index=False)
    # When the words that told it were really sent.
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "radicado"], name="filing_radicado"),
        ]
        indexes = [
            # A case that took others in has their radicados too: all of them stay valid.
            models.Index(fields=["organization", "ticket"], name="filing_of_ticket"),
            models.Index(fields=["id"], name="filing_to_tell", condition=Q(telling="pending")),
        ]


class Counter(TenantModel):
    """The last number given: cases (year 0) and radicados (one row a year, in the organization's zone)."""

    year = models.PositiveSmallIntegerField()
    n = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "year"], name="counter_year")]


class Conversation(TenantModel):
    """One thread of one person on one network."""

    account = TenantForeignKey(SocialAccount, db_index=False)
    network = models.CharField(max_length=10, choices=Network)
    kind = models.CharField(max_length=12, choices=ConversationKind)
    thread_key = models.CharField(max_length=160)
    customer = TenantForeignKey(Customer, db_index=False)
    identity = TenantForeignKey(Identity, db_index=False)
    # The post or comment the thread hangs from; for private threads the network's conversation id.
    root_external_id = models.CharField(max_length=120, blank=True)
    current_ticket = TenantForeignKey(Ticket, null=True, db_index=False)
    last_customer_at = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)
    # What our next public answer replies to: the customer's last message here.
    last_external_id = models.CharField(max_length=120, blank=True)
    # The root was not known when it was taken in: it may be re-hung.
    is_provisional = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "network", "kind", "thread_key"], name="conversation_thread"
            )
        ]
        indexes = [
            models.Index(fields=["organization", "customer"], name="conversation_customer"),
            models.Index(fields=["organization", "current_ticket"], name="conversation_ticket"),
            models.Index(fields=["organization", "root_external_id"], name="conversation_root"),
        ]

    @property
    def is_public(self) -> bool:
        return ConversationKind(self.kind).is_public


class Message(TenantModel):
    """Something said, in or out, public or private."""

    conversation = TenantForeignKey(Conversation, db_index=False)
    ticket = TenantForeignKey(Ticket, null=True, db_index=False)
    network = models.CharField(max_length=10, choices=Network)
    # The network's id; for X the first of the edit history. Null until an answer of ours has left.
    external_id = models.CharField(max_length=120, null=True)
    parent_external_id = models.CharField(max_length=120, blank=True)
    direction = models.CharField(max_length=3, choices=Direction)
    is_public = models.BooleanField()
    text = models.TextField(blank=True)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField(db_default=Now())
    author = TenantForeignKey(Membership, null=True, db_index=False)
    # The key of the API that wrote it, when no person did.
    token_id = models.BigIntegerField(null=True, db_default=SpeakingToken())
    # Answered from the network's own app or another tool, not from here.
    is_native = models.BooleanField(default=False)
    needs_attention = models.BooleanField(default=True)
    is_courtesy = models.BooleanField(default=False)
    is_encrypted = models.BooleanField(default=False)
    # Said by the system (the radicado, where a case goes on): it leaves like an answer and is none.
    is_notice = models.BooleanField(default=False, db_default=False)
    # What triage judged, with its reasons in the customer's words; gone when these are deleted.
    verdict = models.JSONField(null=True)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)
    # Of an answer of ours: the outbox action and a copy of its state.
    action = TenantForeignKey(OutboundAction, null=True, db_index=False)
    send_state = models.CharField(max_length=20, choices=ActionState, blank=True)
    # Of an answer that began with a template: which one, and whether it left just as it was proposed.
    template = TenantForeignKey(TemplateVersion, null=True, db_index=False)
    is_unedited = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "network", "external_id"], name="message_external_id"
            )
        ]
        indexes = [
            models.Index(
                fields=["organization", "ticket", "occurred_at", "id"],
                name="message_story",
                condition=Q(ticket__isnull=False),
            ),
            models.Index(fields=["organization", "conversation", "-occurred_at"], name="message_thread"),
            # What needs no attention and hangs from no case: a view of its own.
            models.Index(
                fields=["organization", "-occurred_at", "-id"],
                name="message_noise",
                condition=Q(direction="in", ticket__isnull=True, needs_attention=False),
            ),
            # How often each template is used, and how often untouched.
            models.Index(
                fields=["organization", "template", "is_unedited"],
                name="message_template",
                condition=Q(template__isnull=False),
            ),
            # A stretch of days in a table that is written in their order: some kilobytes, whatever its size.
            BrinIndex(fields=["occurred_at"], name="message_days", autosummarize=True),
        ]


class MessageVersion(TenantModel):
    """Another id or an earlier text of a message: edits on X are new posts, on Facebook new texts."""

    message = TenantForeignKey(Message, db_index=False)
    network = models.CharField(max_length=10, choices=Network)
    external_id = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "network", "external_id", "at"], name="message_version_once"
            )
        ]
        indexes = [models.Index(fields=["organization", "message"], name="message_version_message")]


class Tombstone(TenantModel):
    """A deletion, hiding or edit that arrived before what it is about."""

    network = models.CharField(max_length=10, choices=Network)
    external_id = models.CharField(max_length=120)
    change = models.CharField(max_length=10)
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "network", "external_id", "change"], name="tombstone_once"
            )
        ]


class Attachment(TenantModel):
    """A file of a message."""

    message = TenantForeignKey(Message, db_index=False)
    media = TenantForeignKey(Media, db_index=False)
    # What it shows, for who cannot see it: of a picture that we sent.
    alt = models.CharField(max_length=1000, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "message", "media"], name="attachment_once")
        ]
        indexes = [models.Index(fields=["organization", "media"], name="attachment_media")]


class Note(TenantModel):
    """Something said among colleagues; never leaves."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    author = TenantForeignKey(Membership, null=True, db_index=False)
    token_id = models.BigIntegerField(null=True, db_default=SpeakingToken())
    # Who said it, when it is no colleague who logs in: an area.
    by = models.CharField(max_length=120, blank=True, db_default="")
    text = models.TextField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["organization", "ticket", "at"], name="note_ticket")]


class CountDelta(TenantModel):
    """Steps of the counters on tabs, written by a trigger on the ticket; a sweep folds them.

    Adding rows instead of updating one means that no two transactions wait for each other.
    """

    key = models.CharField(max_length=40)
    delta = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["organization", "key"], name="count_delta_key", include=["delta"])]
