"""Keys with which other systems speak for an organization: scopes, never more; kept as a digest only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from helpdesk.tenancy.permissions import Permission as P


class Scope(models.TextChoices):
    """What a key may do."""

    TICKETS_READ = "tickets:read", _("Leer casos y mensajes")
    TICKETS_WRITE = "tickets:write", _("Abrir y cambiar casos")
    MESSAGES_WRITE = "messages:write", _("Responder y escribir notas")
    CUSTOMERS_READ = "customers:read", _("Buscar y leer clientes")
    CUSTOMERS_WRITE = "customers:write", _("Corregir nombres de clientes")
    FILINGS_READ = "filings:read", _("Leer radicados")
    WEBHOOKS_MANAGE = "webhooks:manage", _("Administrar avisos a otros sistemas")


# What a person must hold to let a key do it: nobody gives through a key what they may not do themselves.
NEEDS: dict[str, frozenset[P]] = {
    Scope.TICKETS_READ: frozenset({P.SEE_CASES}),
    Scope.TICKETS_WRITE: frozenset({P.SEE_CASES, P.ASSIGN_CASES, P.CHANGE_KIND, P.RESOLVE_CASES}),
    Scope.MESSAGES_WRITE: frozenset(
        {P.SEE_CASES, P.REPLY_PUBLIC, P.REPLY_PRIVATE, P.REPLY_UNAPPROVED, P.WRITE_NOTES}
    ),
    Scope.CUSTOMERS_READ: frozenset({P.SEE_CASES}),
    Scope.CUSTOMERS_WRITE: frozenset({P.SEE_CASES}),
    Scope.FILINGS_READ: frozenset({P.SEE_CASES}),
    Scope.WEBHOOKS_MANAGE: frozenset(),
}


class SpeakingToken(Func):
    """The key that speaks in this transaction (``tenancy.context.speaking_for``), or null: as a column's default
    it covers every writer, also statements that never heard of keys."""

    template = "nullif(current_setting('app.token', true), '')::bigint"
    output_field = models.BigIntegerField()


class ApiToken(TenantModel):
    """A key of the API. Who has the words has the key: only their digest is here."""

    name = models.CharField(max_length=60)
    # What signs the answers it writes; nobody of the team has these.
    initials = models.CharField(max_length=4)
    # How it begins, to tell one from another.
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope))
    created_by = TenantForeignKey(Membership, db_index=False)
    created_at = models.DateTimeField(db_default=Now())
    # Somebody who holds what it may do has agreed; until then it opens nothing.
    approved_by = TenantForeignKey(Membership, null=True, db_index=False)
    approved_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    # Written at most every ten minutes.
    last_used_at = models.DateTimeField(null=True)
    revoked_by = TenantForeignKey(Membership, null=True, db_index=False)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "digest"], name="api_token_digest"),
            models.UniqueConstraint(
                fields=["organization", "initials"],
                name="api_token_initials",
                condition=models.Q(revoked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"API: {self.name}"

    def is_live(self, now: datetime) -> bool:
        """Whether it opens anything."""
        return self.approved_at is not None and self.revoked_at is None and self.expires_at > now

    def needed(self) -> frozenset[Any]:
        """The permissions whoever approves it must hold."""
        return frozenset().union(*(NEEDS[scope] for scope in self.scopes))
