from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from channels_social.models import Media
from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from tickets.cases.models import Ticket


class KeptApart(TenantModel):
    """A colleague saw another open case of the same person and went on with this one by itself."""

    ticket = TenantForeignKey(Ticket, db_index=False)
    other = TenantForeignKey(Ticket, db_index=False)
    by = TenantForeignKey(Membership, null=True, db_index=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "ticket", "other"], name="kept_apart_once")
        ]


class Upload(TenantModel):
    """A file a colleague chose for an answer they have not sent yet: its author's alone until then.

    Sending the answer makes it an attachment and this row goes; what is never sent goes after a day.
    """

    ticket = TenantForeignKey(Ticket, db_index=False)
    by = TenantForeignKey(Membership, db_index=False)
    media = TenantForeignKey(Media, db_index=False)
    # What its author said it shows, of one that comes back from an answer that was undone.
    alt = models.CharField(max_length=1000, blank=True, db_default="")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "media"], name="upload_once")]
        indexes = [
            models.Index(fields=["organization", "ticket", "by"], name="upload_of_case"),
            models.Index(fields=["organization", "at"], name="upload_at"),
        ]
