"""Rows of the typification: names that cases point to, the versions published, and the draft being edited."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from protocols.typification.enums import Axis


class TreeNode(TenantModel):
    """A name of the published tree. Never deleted: retired or merged, cases go on pointing to it."""

    key = models.CharField(max_length=60)
    axis = models.CharField(max_length=8, choices=Axis)
    # Of a motive: its category. A category has none.
    parent = TenantForeignKey("TreeNode", null=True, db_index=False)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=14, blank=True)
    priority = models.CharField(max_length=10, blank=True)
    area = models.CharField(max_length=60, blank=True)
    # The regulator's code for it, as the organization reports it.
    regulator_code = models.CharField(max_length=40, blank=True)
    # Other ways customers say it; for suggestions only.
    words = ArrayField(models.CharField(max_length=80), default=list)
    position = models.PositiveSmallIntegerField(default=0)
    is_other = models.BooleanField(default=False)
    is_reserved = models.BooleanField(default=False)
    is_retired = models.BooleanField(default=False)
    # What it counts as in reports.
    merged_into = TenantForeignKey("TreeNode", null=True, db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="tree_node_key"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(is_retired=True), name="tree_node_merged_is_retired"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | Q(axis="motive"), name="tree_node_parent_of_motives"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TreeVersion(TenantModel):
    """What was published, whole. Append-only."""

    number = models.PositiveIntegerField()
    document = models.JSONField()
    # The steps that led here: who, when, what.
    steps = models.JSONField(default=list)
    published_by = TenantForeignKey(Membership, null=True, db_index=False)
    published_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "number"], name="tree_version_number")]


class TreeDraft(TenantModel):
    """The tree as the admins are leaving it: one per organization, changed in counted steps."""

    document = models.JSONField()
    # Counts every step for ever, so that a page opened before a publication is also recognised as old.
    step = models.PositiveIntegerField(default=0)
    # Steps since the last publication.
    steps = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization"], name="tree_draft_once")]
