"""Rows of protocols: the page admins write, and the versions cases follow."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from helpdesk.tenancy.models import TenantForeignKey
from protocols.versions.models import PageVersion, VersionedPage


class Protocol(VersionedPage):
    """How some motives are handled."""

    version = TenantForeignKey("ProtocolVersion", null=True, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "seed"], name="protocol_seed", condition=~Q(seed="")
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(version__isnull=False), name="protocol_published_version"
            ),
        ]
        indexes = [models.Index(fields=["organization", "state"], name="protocol_state")]


class ProtocolVersion(PageVersion):
    """A protocol as it was published; cases remember which one they followed."""

    page = TenantForeignKey(Protocol, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "page", "number"], name="protocol_version_number")
        ]
