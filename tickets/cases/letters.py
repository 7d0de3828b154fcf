from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from helpdesk.tenancy.models import TenantForeignKey, TenantModel
from tickets.cases.models import Message


class Letter(TenantModel):
    """What a mail has and other messages have not: its own name, what it answers, what was trimmed of it."""

    message = TenantForeignKey(Message, db_index=False)
    # RFC 5322 Message-ID, without brackets: what answers refer to.
    mail_id = models.CharField(max_length=250)
    subject = models.CharField(max_length=300, blank=True)
    mail_references = ArrayField(models.CharField(max_length=250), default=list)
    # The quoted tail and the signature: trimmed from the words, kept to be looked at.
    rest = models.TextField(blank=True)
    recipients = ArrayField(models.CharField(max_length=254), default=list)
    reply_to = models.CharField(max_length=254, blank=True)
    # Why it is owed no answer: auto_reply, bounce, list, own, flood.
    auto = models.CharField(max_length=12, blank=True)
    is_forged = models.BooleanField(default=False)
    notice = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "message"], name="letter_once")]
        indexes = [
            models.Index(fields=["organization", "mail_id"], name="letter_mail_id", condition=~Q(mail_id=""))
        ]
