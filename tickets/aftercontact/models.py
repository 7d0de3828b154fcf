from __future__ import annotations

from datetime import time

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from tickets.cases.models import Conversation, Message, Ticket


class Score(models.TextChoices):
    """What customers are asked for besides «¿quedó solucionado?»."""

    NONE = "none", _("Ninguna")
    CSAT = "csat", _("Satisfacción, de 1 a 5 (CSAT)")
    NPS = "nps", _("Recomendación, de 0 a 10 (NPS)")


class Contact(models.TextChoices):
    """How far the after-contact of a case is."""

    DUE = "due", _("Pendiente de preguntar")
    ASKED = "asked", _("Preguntado")
    LISTED = "listed", _("Lo pregunta una persona")
    YES = "yes", _("Quedó solucionado")
    NO = "no", _("No quedó solucionado")
    UNCLEAR = "unclear", _("Respuesta no entendida")
    EXPIRED = "expired", _("Sin respuesta")


class AfterContactPolicy(TenantModel):
    """Whether, when and what customers are asked after their answer; the defaults are care.md 5's."""

    is_on = models.BooleanField(default=True, db_default=True)
    days = models.PositiveSmallIntegerField(default=3, db_default=3)
    first_hour = models.TimeField(default=time(9), db_default=time(9))
    last_hour = models.TimeField(default=time(18), db_default=time(18))
    score = models.CharField(max_length=4, choices=Score, default=Score.CSAT, db_default=Score.CSAT)
    # What was answered before this is not asked about: nobody is surprised over a history.
    planned_until = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="after_contact_policy_once"),
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=30), name="after_contact_days"),
            models.CheckConstraint(
                condition=Q(last_hour__gt=models.F("first_hour")), name="after_contact_hours"
            ),
        ]


class AfterContact(TenantModel):
    """The one time a case's customer is asked whether it stayed solved, and what they said."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    state = models.CharField(max_length=8, choices=Contact, default=Contact.DUE, db_default=Contact.DUE)
    # When the answer was given that this is about.
    answered_since = models.DateTimeField()
    due_at = models.DateTimeField()
    # Until then an answer is read; after that nobody waits for one.
    expires_at = models.DateTimeField()
    # Why a person is to ask: a code of ``sentences.py``.
    code = models.CharField(max_length=24, blank=True, default="", db_default="")
    scale = models.CharField(max_length=4, choices=Score, default=Score.NONE, db_default=Score.NONE)
    conversation = TenantForeignKey(Conversation, null=True, db_index=False)
    question = TenantForeignKey(Message, null=True, db_index=False, related_name="+")
    asked_at = models.DateTimeField(null=True)
    answer = TenantForeignKey(Message, null=True, db_index=False, related_name="+")
    answered_at = models.DateTimeField(null=True)
    score = models.PositiveSmallIntegerField(null=True)
    # Who asked, or wrote down what was said, where a person did.
    by = TenantForeignKey(Membership, null=True, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "ticket"], name="after_contact_once"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__lte=10), name="after_contact_score"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="after_contact_due", condition=Q(state="due")),
            models.Index(
                fields=["expires_at"],
                name="after_contact_expires",
                condition=Q(state__in=["asked", "listed"]),
            ),
            # What a message may be the answer to, and what a person looks at.
            models.Index(
                fields=["organization", "conversation"],
                name="after_contact_thread",
                condition=Q(conversation__isnull=False),
            ),
            models.Index(
                fields=["organization", "-due_at"],
                name="after_contact_listed",
                condition=Q(state__in=["listed", "unclear"]),
            ),
        ]
