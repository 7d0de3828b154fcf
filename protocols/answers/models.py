"""Rows of templates: words an answer may begin with, in three treatments."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from helpdesk.tenancy.models import TenantForeignKey
from protocols.versions.models import PageVersion, VersionedPage


class AnswerTemplate(VersionedPage):
    """Words to begin an answer with. A guide, not a paste."""

    version = TenantForeignKey("TemplateVersion", null=True, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "seed"], name="template_seed", condition=~Q(seed="")
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(version__isnull=False), name="template_published_version"
            ),
        ]
        indexes = [models.Index(fields=["organization", "state"], name="template_state")]


class TemplateVersion(PageVersion):
    """A template as it was published; messages remember which one they began with."""

    page = TenantForeignKey(AnswerTemplate, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "page", "number"], name="template_version_number")
        ]
