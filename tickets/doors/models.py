from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from tickets.cases.filings import System


class DoorKey(TenantModel):
    """What a contact centre or a CRM signs its calls with. The secret lies sealed and was shown once."""

    label = models.CharField(max_length=60)
    # Public: which secret a call is signed with.
    key_id = models.CharField(max_length=24)
    secret = models.BinaryField()
    created_by = TenantForeignKey(Membership, null=True, db_index=False)
    created_at = models.DateTimeField(db_default=Now())
    last_used_at = models.DateTimeField(null=True)
    # A key that was replaced goes on for a while, so that the other side can change over.
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "key_id"], name="door_key_id")]

    def is_good(self, now: datetime) -> bool:
        """Whether a call signed with it is taken."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


class DoorCall(TenantModel):
    """A signed call that was carried out, by its nonce: the same one again gets the same answer."""

    key = TenantForeignKey(DoorKey, db_index=False)
    nonce = models.CharField(max_length=64)
    # Of its body: another body under the same nonce is refused.
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    # What was answered: numbers and codes, no words of anybody.
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "key", "nonce"], name="door_call_once")
        ]
        indexes = [models.Index(fields=["organization", "at"], name="door_call_at")]


class ImportState(models.TextChoices):
    CHECKING = "checking", _("Revisando")
    CHECKED = "checked", _("Revisado")
    RUNNING = "running", _("Importando")
    DONE = "done", _("Terminado")
    CANCELLED = "cancelled", _("Cancelado")


class CaseImport(TenantModel):
    """A file of cases: looked through first, then taken in by pieces."""

    by = TenantForeignKey(Membership, db_index=False)
    name = models.CharField(max_length=120)
    system = models.CharField(max_length=10, choices=System, default=System.SAC)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    # Which of our fields each column of the file is; empty for one we do not know.
    columns = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.CHECKING)
    rows = models.IntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], name="case_import_work", condition=Q(state__in=["checking", "running"])
            ),
            models.Index(fields=["organization", "-id"], name="case_import_newest"),
        ]

    @property
    def is_working(self) -> bool:
        return self.state in (ImportState.CHECKING, ImportState.RUNNING)


class ImportPiece(TenantModel):
    """Some rows of a file, sealed until they are taken in, and what became of each."""

    case_import = TenantForeignKey(CaseImport, db_index=False)
    place = models.IntegerField()
    first_line = models.IntegerField()
    rows = models.IntegerField()
    sealed = models.BinaryField(null=True)
    is_checked = models.BooleanField(default=False)
    is_taken = models.BooleanField(default=False)
    # What would be done, and what was done: {"open": 3, "update": 1, "same": 0, "wrong": 1}.
    would = models.JSONField(default=dict)
    did = models.JSONField(default=dict)
    # [line, column, code] of what is wrong: never a value of the file.
    problems = models.JSONField(default=list)
    # Wrong lines whose number stood in no good line before: the next good one is the first that opens.
    unopened = ArrayField(models.IntegerField(), default=list, db_default=[])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "case_import", "place"], name="import_piece_place"
            )
        ]
