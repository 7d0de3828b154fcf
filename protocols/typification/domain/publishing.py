"""A tree becomes a version: checked whole, its names written as rows that cases point to, one line in the audit."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from helpdesk import audit
from helpdesk.tenancy.models import Membership, Organization
from protocols.typification.models import TreeDraft, TreeNode, TreeVersion
from protocols.typification.rules.checks import Wrong, wrongs_of
from protocols.typification.rules.tree import Node, Tree, tree_of
from protocols.typification.seeds import seed

FIELDS = (
    "parent", "name", "kind", "priority", "area", "regulator_code", "words", "position", "is_other",
    "is_reserved", "is_retired", "merged_into",
)  # fmt: skip


class StaleDraft(Exception):
    """The draft went on while the page was open; ``steps`` are those the page did not show."""

    def __init__(self, steps: list[dict[str, object]]) -> None:
        super().__init__(len(steps))
        self.steps = steps


class NotPublishable(Exception):
    """What is wrong with the tree; nothing was written."""

    def __init__(self, wrongs: list[Wrong]) -> None:
        super().__init__([wrong.code for wrong in wrongs])
        self.wrongs = wrongs


@transaction.atomic
def plant(
    organization: Organization, *, sector: str = "", by: Membership | None = None
) -> TreeVersion | None:
    """Give an organization the tree of its sector as version 1; None when it has one. Inside ``tenant``."""
    tree = seed(sector or organization.sector)
    draft, created = TreeDraft.objects.get_or_create(
        organization=organization, defaults={"document": tree.as_document()}
    )
    return _write_version(draft, tree, by=by) if created else None


@transaction.atomic
def publish(organization: Organization, *, step: int, by: Membership) -> TreeVersion:
    """Publish the draft as it was seen at ``step``.

    Raises :class:`StaleDraft` when somebody changed it since, :class:`NotPublishable` when it breaks a rule.
    """
    draft = TreeDraft.objects.select_for_update().get(organization=organization)
    if draft.step != step:
        raise StaleDraft([one for one in draft.steps if one["step"] > step])
    tree = tree_of(draft.document)
    if not draft.steps:
        raise NotPublishable([Wrong("nothing")])
    if wrongs := wrongs_of(tree):
        raise NotPublishable(wrongs)
    return _write_version(draft, tree, by=by)


def _write_version(draft: TreeDraft, tree: Tree, *, by: Membership | None) -> TreeVersion:
    organization_id = draft.organization_id
    last = TreeVersion.objects.filter(organization_id=organization_id).order_by("-number").first()
    version = TreeVersion.objects.create(
        organization_id=organization_id,
        number=last.number + 1 if last else 1,
        document=tree.as_document(),
        steps=draft.steps,
        published_by=by,
    )
    _write_nodes(organization_id, tree)
    audit.record(
        organization_id,
        "tree.published",
        actor_id=by.pk if by else None,
        version=version.number,
        steps=len(draft.steps),
    )
    draft.steps = []
    draft.save(update_fields=["steps"])
    return version


def _write_nodes(organization_id: int, tree: Tree) -> None:
    """The rows equal the tree: new names are added, none is ever deleted. Only what changed is written."""
    rows = {row.key: row for row in TreeNode.objects.filter(organization_id=organization_id)}
    former = {key: _facts(row) for key, row in rows.items()}
    # A name is written after its parent.
    for is_child in (False, True):
        fresh = [
            TreeNode(organization_id=organization_id, key=node.key, axis=node.axis)
            for node in tree.nodes
            if node.key not in rows and bool(node.parent) == is_child
        ]
        rows |= {row.key: row for row in fresh}
        for position, node in enumerate(tree.nodes):
            if bool(node.parent) == is_child:
                _say(rows[node.key], node, position, rows)
        TreeNode.objects.bulk_create(fresh)
    for node in tree.nodes:
        if node.merged_into:
            rows[node.key].merged_into = rows[node.merged_into]
    changed = [
        row
        for row in rows.values()
        if _facts(row) != former.get(row.key, _facts(row) | {"merged_into_id": None})
    ]
    TreeNode.objects.bulk_update(changed, FIELDS, batch_size=200)


def _say(row: TreeNode, node: Node, position: int, rows: dict[str, TreeNode]) -> None:
    """Everything of a name but what it was merged into."""
    row.parent = rows[node.parent] if node.parent else None
    row.name, row.kind, row.priority, row.area = node.name, node.kind, node.priority, node.area
    row.regulator_code, row.words, row.position = node.code, list(node.words), position
    row.is_other, row.is_reserved, row.is_retired = node.is_other, node.is_reserved, node.retired
    row.merged_into = None


def _facts(row: TreeNode) -> dict[str, Any]:
    return {TreeNode._meta.get_field(name).attname: getattr(row, TreeNode._meta.get_field(name).attname)
            for name in FIELDS}  # fmt: skip
