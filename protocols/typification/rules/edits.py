"""What an admin does to a tree, one step at a time: each gives a new tree or says why not. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from helpdesk.text import fold
from protocols.typification.enums import KINDS, PRIORITIES
from protocols.typification.rules.keys import free_key
from protocols.typification.rules.tree import AXES, MOST_MOTIVES, MOTIVE, NAME_LENGTH, Node, Tree

MOST_WORDS, WORDS_LENGTH, AREA_LENGTH, CODE_LENGTH = 40, 80, 60, 40
UP, DOWN = -1, 1


class EditRefused(Exception):
    """Why a step is not taken; the tree is as it was. ``code`` has a sentence, ``detail`` a name in it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail


def add(tree: Tree, *, axis: str, name: str, parent: str = "") -> tuple[Tree, Node]:
    """A new name at the end of its list: a category, a motive of a category, or a name of another axis."""
    if axis not in AXES:
        raise EditRefused("no_axis")
    category = _live(tree, parent) if parent else None
    if category is not None and (axis != MOTIVE or not category.is_category):
        raise EditRefused("two_levels", category.name)
    node = Node(
        free_key(axis, name, {one.key for one in tree.nodes}),
        axis,
        _name(tree, name, axis, parent),
        parent,
        priority="medium" if category else "",
        area=category.area if category else "",
    )
    _room(tree, node)
    return tree.with_nodes([*tree.nodes, node]), node


def change(tree: Tree, key: str, **fields: Any) -> Tree:
    """Rename a name, or say something else about it: kind, priority, area, code, words, is_other, is_reserved."""
    node = _live(tree, key)
    if "name" in fields:
        fields["name"] = _name(tree, fields["name"], node.axis, node.parent, but=key)
    if fields.get("kind", "") not in ("", *KINDS) or fields.get("priority", "") not in ("", *PRIORITIES):
        raise EditRefused("no_such_value")
    if "words" in fields:
        fields["words"] = _words(fields["words"])
    for name, length in (("area", AREA_LENGTH), ("code", CODE_LENGTH)):
        fields |= {name: " ".join(fields[name].split())[:length]} if name in fields else {}
    return _swap(tree, replace(node, **fields))


def move(tree: Tree, key: str, *, parent: str, before: str = "") -> Tree:
    """Put a name before another of the same list, or at the end of it; a motive may change its category."""
    node = _live(tree, key)
    category = _live(tree, parent) if parent else None
    if bool(node.parent) != bool(parent) or (category is not None and not category.is_category):
        raise EditRefused("two_levels", node.name)
    if parent != node.parent:
        _name(tree, node.name, node.axis, parent, but=key)
    neighbour = tree.get(before) if before else None
    rest = [one for one in tree.nodes if one.key != key]
    at = len(rest)
    if neighbour is not None and neighbour.key != key:
        if (neighbour.axis, neighbour.parent) != (node.axis, parent):
            raise EditRefused("gone", neighbour.name)
        at = rest.index(neighbour)
    return tree.with_nodes([*rest[:at], replace(node, parent=parent), *rest[at:]])


def nudge(tree: Tree, key: str, by: int) -> Tree:
    """One place up or down; past the end of a category a motive goes on into the next one."""
    node = _live(tree, key)
    siblings = [one.key for one in tree.nodes if _list_of(one) == _list_of(node) and not one.retired]
    at = siblings.index(key)
    if 0 <= at + by < len(siblings):
        after = siblings[at - 1] if by == UP else (siblings[at + 2] if at + 2 < len(siblings) else "")
        return move(tree, key, parent=node.parent, before=after)
    if not node.parent:
        return tree
    categories = [one.key for one in tree.categories()]
    place = categories.index(node.parent) + by
    if not 0 <= place < len(categories):
        return tree
    others = tree.children(categories[place])
    return move(tree, key, parent=categories[place], before=others[0].key if by == DOWN and others else "")


def retire(tree: Tree, key: str) -> Tree:
    """Nobody chooses it any more; what was typified with it stays."""
    node = _live(tree, key)
    if node.is_category and tree.children(key):
        raise EditRefused("has_motives", node.name)
    return _swap(tree, replace(node, retired=True))


def restore(tree: Tree, key: str) -> Tree:
    """It can be chosen again, and counts for itself."""
    node = tree.get(key)
    if node is None:
        raise EditRefused("gone")
    if not node.retired:
        return tree
    if node.parent:
        _live(tree, node.parent)
    back = replace(node, retired=False, merged_into="")
    _name(tree, node.name, node.axis, node.parent, but=key)
    _room(tree, back)
    return _swap(tree, back)


def merge(tree: Tree, key: str, *, into: str) -> Tree:
    """Retire a name and count it as another of the same axis from now on, also in the past."""
    node, target = _live(tree, key), _live(tree, into)
    if node.key == target.key or node.axis != target.axis or node.is_category or target.is_category:
        raise EditRefused("not_mergeable", node.name)
    return _swap(tree, replace(node, retired=True, merged_into=target.key))


def _list_of(node: Node) -> tuple[str, str]:
    return node.axis, node.parent


def _live(tree: Tree, key: str) -> Node:
    node = tree.get(key)
    if node is None or node.retired:
        raise EditRefused("gone", node.name if node else "")
    return node


def _swap(tree: Tree, node: Node) -> Tree:
    return tree.with_nodes(node if one.key == node.key else one for one in tree.nodes)


def _name(tree: Tree, name: str, axis: str, parent: str, *, but: str = "") -> str:
    clean = " ".join(name.split())
    if not clean:
        raise EditRefused("no_name")
    if len(clean) > NAME_LENGTH:
        raise EditRefused("long_name", str(NAME_LENGTH))
    same = (n for n in tree.nodes if _list_of(n) == (axis, parent) and not n.retired and n.key != but)
    if any(fold(one.name) == fold(clean) for one in same):
        raise EditRefused("same_name", clean)
    return clean


def _words(words: Any) -> tuple[str, ...]:
    kept = dict.fromkeys(" ".join(str(one).split())[:WORDS_LENGTH] for one in words)
    return tuple(one for one in kept if one)[:MOST_WORDS]


def _room(tree: Tree, node: Node) -> None:
    if node.axis == MOTIVE and node.parent and len(tree.live(MOTIVE)) >= MOST_MOTIVES:
        raise EditRefused("too_many_motives", str(MOST_MOTIVES))
