"""What a tree must keep to be published (care.md, finding 11). Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from helpdesk.text import fold
from protocols.typification.rules.tree import AXES, MOST_MOTIVES, MOTIVE, RESULT, Tree


@dataclass(frozen=True, slots=True)
class Wrong:
    """One rule that is broken: its code, and the name or number that breaks it."""

    code: str
    detail: str = ""


def wrongs_of(tree: Tree) -> list[Wrong]:
    """Everything that keeps the tree from being published, worst first."""
    motives = tree.live(MOTIVE)
    found = []
    if len(motives) > MOST_MOTIVES:
        found.append(Wrong("too_many_motives", str(len(motives))))
    if not motives:
        found.append(Wrong("no_motive"))
    if not tree.live(RESULT):
        found.append(Wrong("no_result"))
    found += [Wrong("empty_category", one.name) for one in tree.categories() if not tree.children(one.key)]
    return found + [Wrong("same_name", name) for name in _twice(tree)]


def _twice(tree: Tree) -> list[str]:
    """Names that stand twice where somebody chooses among them."""
    found = []
    for axis in AXES:
        places = Counter(
            (node.parent, fold(node.name)) for node in tree.nodes if node.axis == axis and not node.retired
        )
        names = {(node.parent, fold(node.name)): node.name for node in tree.nodes}
        found += [names[place] for place, n in places.items() if n > 1]
    return found
