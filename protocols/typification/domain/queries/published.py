"""The tree in force, ready to be asked; kept in the process per organization and version. Inside ``tenant``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from protocols.typification.models import TreeNode, TreeVersion
from protocols.typification.rules.ranking import Ranker
from protocols.typification.rules.tree import MOTIVE, PRODUCT, Tree, tree_of


@dataclass(frozen=True, slots=True)
class Published:
    """A version with its rows' ids by key and its rankers."""

    pk: int
    number: int
    tree: Tree
    ids: dict[str, int]
    keys: dict[int, str]
    motives: Ranker
    products: Ranker

    def name(self, pk: int | None) -> str:
        """What a row is called in this version; empty for None."""
        node = self.tree.get(self.keys.get(pk or 0, ""))
        return node.name if node else ""


def published(organization_id: int) -> Published | None:
    """The version in force; None while the organization has no tree."""
    newest = (
        TreeVersion.objects.filter(organization_id=organization_id)
        .order_by("-number")
        .values_list("pk", "number")
        .first()
    )
    return in_force(organization_id, *newest) if newest else None


@lru_cache(maxsize=64)
def in_force(organization_id: int, pk: int, number: int) -> Published:
    """The version of that key, which is known to be the newest."""
    # A version never changes, nor do the ids of keys, so this is never stale.
    document = TreeVersion.objects.values_list("document", flat=True).get(pk=pk)
    tree = tree_of(document)
    ids = dict(TreeNode.objects.filter(organization_id=organization_id).values_list("key", "id"))
    return Published(
        pk, number, tree, ids, {v: k for k, v in ids.items()}, Ranker(tree, MOTIVE), Ranker(tree, PRODUCT)
    )
