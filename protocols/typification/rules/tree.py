"""A typification tree as a value: product × (category > motive) × root cause × result (care.md, finding 11). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

MOST_MOTIVES = 60
NAME_LENGTH = 80
MOTIVE, PRODUCT, CAUSE, RESULT = "motive", "product", "cause", "result"
AXES = (MOTIVE, PRODUCT, CAUSE, RESULT)


@dataclass(frozen=True, slots=True)
class Node:
    """One name of the tree. ``key`` never changes; a category is a node of the motives without ``parent``."""

    key: str
    axis: str
    name: str
    parent: str = ""
    kind: str = ""
    priority: str = ""
    area: str = ""
    code: str = ""
    words: tuple[str, ...] = ()
    is_other: bool = False
    is_reserved: bool = False
    retired: bool = False
    merged_into: str = ""
    # The step of the draft that last changed it, and who took it: what two admins at once are told by.
    touched: int = 0
    touched_by: str = ""

    @property
    def is_category(self) -> bool:
        return self.axis == MOTIVE and not self.parent


@dataclass(frozen=True, slots=True)
class Tree:
    """Nodes in their order; ``product_word`` is what the organization calls its second axis."""

    nodes: tuple[Node, ...] = ()
    product_word: str = "Producto"

    def get(self, key: str) -> Node | None:
        """The node of that key, retired ones too."""
        return next((node for node in self.nodes if node.key == key), None)

    def children(self, parent: str, *, retired: bool = False) -> tuple[Node, ...]:
        """The motives of a category."""
        return tuple(
            n for n in self.nodes if n.parent == parent and n.axis == MOTIVE and n.retired <= retired
        )

    def categories(self, *, retired: bool = False) -> tuple[Node, ...]:
        """The first level of the motives."""
        return tuple(n for n in self.nodes if n.is_category and n.retired <= retired)

    def live(self, axis: str) -> tuple[Node, ...]:
        """What can be chosen on an axis now: motives without their categories."""
        return tuple(n for n in self.nodes if n.axis == axis and not n.retired and not n.is_category)

    def target(self, key: str) -> Node | None:
        """What a name counts as: itself, or where its merges lead."""
        seen: set[str] = set()
        node = self.get(key)
        while node is not None and node.merged_into and node.key not in seen:
            seen.add(node.key)
            node = self.get(node.merged_into)
        return node

    def with_nodes(self, nodes: Iterable[Node]) -> Tree:
        return replace(self, nodes=tuple(nodes))

    def as_document(self) -> dict[str, Any]:
        """What is stored of a version."""
        return {"product_word": self.product_word, "nodes": [asdict(node) for node in self.nodes]}


def tree_of(document: dict[str, Any]) -> Tree:
    """Read what :meth:`Tree.as_document` wrote."""
    nodes = tuple(Node(**{**one, "words": tuple(one["words"])}) for one in document["nodes"])
    return Tree(nodes, document["product_word"])
