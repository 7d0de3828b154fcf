"""The draft of a tree, changed by several admins at once: steps are counted, and nobody's change is lost.

Steps about different names go in one after the other. A step about a name that somebody else changed after the
page was opened is refused with what they did, and can be taken again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from helpdesk import clock
from helpdesk.tenancy.models import Membership, Organization
from protocols.typification.models import TreeDraft, TreeVersion
from protocols.typification.rules import edits
from protocols.typification.rules.tree import Node, Tree, tree_of

Step = dict[str, Any]
MOST_STEPS = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """The tree as it is being left, at which step, and the steps since the last version."""

    tree: Tree
    step: int
    steps: list[Step]


class Crossed(Exception):
    """Somebody else changed the same name after the page was opened. ``node`` is how they left it."""

    def __init__(self, node: Node, step: Step) -> None:
        super().__init__(node.key)
        self.node, self.step = node, step


def draft_of(organization: Organization) -> Draft | None:
    """The draft as it stands; None while the organization has no tree. Inside ``tenant``."""
    row = TreeDraft.objects.filter(organization=organization).first()
    return Draft(tree_of(row.document), row.step, row.steps) if row else None


@transaction.atomic
def take_step(
    organization: Organization,
    op: str,
    *,
    seen: int,
    by: Membership,
    key: str = "",
    into: str = "",
    parent: str = "",
    before: str = "",
    axis: str = "",
    **fields: Any,
) -> list[Step]:
    """Change the draft; returns what others did since ``seen``, for the page to tell.

    Raises :class:`Crossed` or ``EditRefused``; then nothing was changed.
    """
    row = TreeDraft.objects.select_for_update().get(organization=organization)
    tree = tree_of(row.document)
    others = [one for one in row.steps if one["step"] > seen and one["by"] != by.pk]
    _not_crossed(tree, (key, into), seen, by, others)
    verbs: dict[str, Callable[[], Tree]] = {
        "add": lambda: edits.add(tree, axis=axis, parent=parent, name=fields["name"])[0],
        "change": lambda: _changed(tree, key, parent, fields),
        "move": lambda: edits.move(tree, key, parent=parent, before=before),
        "up": lambda: edits.nudge(tree, key, edits.UP),
        "down": lambda: edits.nudge(tree, key, edits.DOWN),
        "retire": lambda: edits.retire(tree, key),
        "restore": lambda: edits.restore(tree, key),
        "merge": lambda: edits.merge(tree, key, into=into),
    }
    if op not in verbs:
        raise edits.EditRefused("no_such_value")
    after = verbs[op]()
    if after != tree:
        _keep(row, tree, after, op, key, into, by)
    return others


@transaction.atomic
def discard(organization: Organization, *, seen: int, by: Membership) -> int:
    """Back to the last version; how many steps went. Refused (0) when somebody changed it since ``seen``."""
    row = TreeDraft.objects.select_for_update().get(organization=organization)
    version = TreeVersion.objects.filter(organization=organization).order_by("-number").first()
    if row.step != seen or version is None:
        return 0
    gone, row.document, row.steps, row.step = len(row.steps), version.document, [], row.step + 1
    row.save()
    return gone


def _changed(tree: Tree, key: str, parent: str, fields: dict[str, Any]) -> Tree:
    node = tree.get(key)
    if node is not None and parent and parent != node.parent:
        tree = edits.move(tree, key, parent=parent)
    return edits.change(tree, key, **fields)


def _not_crossed(tree: Tree, keys: tuple[str, ...], seen: int, by: Membership, others: list[Step]) -> None:
    for key in filter(None, keys):
        node = tree.get(key)
        if node is not None and node.touched > seen and node.touched_by != str(by.pk):
            step = next((one for one in reversed(others) if key in one["keys"]), None)
            raise Crossed(node, step or {"by": int(node.touched_by), "op": "change", "name": node.name})


def _keep(row: TreeDraft, before: Tree, after: Tree, op: str, key: str, into: str, by: Membership) -> None:
    """Write the step: what is new of each name carries its number, for whoever has an older page open."""
    row.step += 1
    former = {node.key: node for node in before.nodes}
    changed = {node.key for node in after.nodes if former.get(node.key) != node} | ({key} - {""})
    nodes = [
        replace(node, touched=row.step, touched_by=str(by.pk)) if node.key in changed else node
        for node in after.nodes
    ]
    row.document = after.with_nodes(nodes).as_document()
    node = next((one for one in nodes if one.key in changed), nodes[0])
    step = {
        "step": row.step,
        "by": by.pk,
        "at": clock.now().isoformat(),
        "op": op,
        "keys": sorted(changed),
        "name": node.name,
        "former": former[node.key].name if node.key in former else "",
        "into": next((one.name for one in nodes if one.key == into), ""),
    }
    row.steps = [*row.steps, step][-MOST_STEPS:]
    row.save()
