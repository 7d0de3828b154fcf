"""What protocols and templates have in common: a draft that several write, and versions that others publish."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel


class PageState(models.TextChoices):
    DRAFT = "draft", _("Borrador")
    PUBLISHED = "published", _("Publicado")
    RETIRED = "retired", _("Retirado")


class VersionedPage(TenantModel):
    """A page with a draft and the version in force. ``draft`` is null when nothing waits to be published."""

    # Where it came from: the key of a seed, so that planting twice plants once.
    seed = models.CharField(max_length=60, blank=True)
    # Of the version in force, or of the draft while there is none.
    name = models.CharField(max_length=80)
    # Keys of the motives it is about: as ``name``.
    motives = ArrayField(models.CharField(max_length=60), default=list)
    state = models.CharField(max_length=10, choices=PageState, default=PageState.DRAFT)
    draft = models.JSONField(null=True)
    # Counts every save for ever, so that a page opened before one is recognised as old.
    step = models.PositiveIntegerField(default=0)
    # Who wrote in the draft: none of them publishes it.
    authors = ArrayField(models.BigIntegerField(), default=list)
    saved_by = TenantForeignKey(Membership, null=True, db_index=False)
    saved_at = models.DateTimeField(db_default=Now())
    # Who answers for it, and when it is to be looked at again.
    owner = TenantForeignKey(Membership, null=True, db_index=False)
    review_on = models.DateField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class PageVersion(TenantModel):
    """What was published, whole. Append-only."""

    number = models.PositiveIntegerField()
    document: Any = models.JSONField()
    authors = ArrayField(models.BigIntegerField(), default=list)
    published_by = TenantForeignKey(Membership, null=True, db_index=False)
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True
