"""The tree as its page shows it: the draft to who may change it, the version in force to the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.permissions import Permission
from protocols.typification.domain.editing import Draft, draft_of
from protocols.typification.domain.queries.published import published
from protocols.typification.enums import Axis
from protocols.typification.models import TreeVersion
from protocols.typification.rules.checks import wrongs_of
from protocols.typification.rules.tree import MOST_MOTIVES, MOTIVE, PRODUCT, Node, Tree
from tickets.cases.domain.queries.typified import Use, use_of
from tickets.enums import PqrKind, Priority
from tickets.settings.tree_words import others_sentence, step_sentence, wrong_sentence

VERSIONS = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One name in its list."""

    node: Node
    kind: str
    priority: str
    used: int
    into: str = ""


def may_edit(member: Membership) -> bool:
    """Hours, terms and the tree are one row of the matrix (care.md 6): the admin's."""
    return member.can(Permission.MANAGE_TIME)


def may_read(member: Membership) -> bool:
    """Who works with cases reads the tree they are typified by."""
    return may_edit(member) or member.can(Permission.SEE_CASES)


def tree_context(organization: Organization, member: Membership, axis: str) -> dict[str, Any]:
    """Everything the page shows; without ``draft`` the organization has no tree yet."""
    draft, in_force = draft_of(organization), published(organization.pk)
    if draft is None or in_force is None:
        return {"draft": None, "editable": may_edit(member)}
    editable = may_edit(member)
    tree = draft.tree if editable else in_force.tree
    use = use_of(in_force, organization.pk, now=clock.now())
    people = names_of(organization)
    return {
        "draft": draft,
        "editable": editable,
        "axis": axis,
        "axes": _axes(tree),
        "groups": _groups(tree, axis, use),
        "retired": [_line(tree, node, use) for node in tree.nodes if node.axis == axis and node.retired],
        "motives": len(tree.live(MOTIVE)),
        "most": MOST_MOTIVES,
        "in_force": in_force,
        "steps": [step_sentence(step, people) for step in reversed(draft.steps)] if editable else [],
        "wrongs": [wrong_sentence(one) for one in wrongs_of(draft.tree)] if editable else [],
        "others": others_sentence(use),
        "versions": _versions(organization, people),
    }


def tree_fact(request: Any) -> str:
    """One true sentence for the index of the settings."""
    in_force = published(request.org.pk)
    if in_force is None:
        return _("Sin árbol todavía")
    use = use_of(in_force, request.org.pk, now=clock.now())
    return others_sentence(use) or _("Versión %(n)s, %(motives)s motivos") % {
        "n": in_force.number,
        "motives": len(in_force.tree.live(MOTIVE)),
    }


def names_of(organization: Organization) -> dict[int, str]:
    """Members by id, as they are called."""
    return dict(Membership.objects.filter(organization=organization).values_list("pk", "display_name"))


def used(draft: Draft, organization: Organization, key: str) -> int:
    """How many cases of the last thirty days are typified with a name."""
    in_force = published(organization.pk)
    return use_of(in_force, organization.pk, now=clock.now()).counts[key] if in_force else 0


def _axes(tree: Tree) -> list[tuple[str, str, int]]:
    words: dict[str, str] = {axis.value: str(axis.label) for axis in Axis} | {PRODUCT: tree.product_word}
    return [(key, words[key], len(tree.live(key))) for key in ("motive", "product", "cause", "result")]


def _groups(tree: Tree, axis: str, use: Use) -> list[tuple[Node | None, list[Line]]]:
    if axis != MOTIVE:
        return [(None, [_line(tree, node, use) for node in tree.live(axis)])]
    return [
        (category, [_line(tree, node, use) for node in tree.children(category.key)])
        for category in tree.categories()
    ]


def _line(tree: Tree, node: Node, use: Use) -> Line:
    target = tree.target(node.key) if node.merged_into else None
    return Line(
        node,
        str(PqrKind(node.kind).label) if node.kind else "",
        str(Priority(node.priority).label) if node.priority else "",
        use.counts[node.key],
        target.name if target else "",
    )


def _versions(organization: Organization, people: dict[int, str]) -> list[dict[str, Any]]:
    rows = (
        TreeVersion.objects.filter(organization=organization).order_by("-number").defer("document")[:VERSIONS]
    )
    return [
        {
            "number": row.number,
            "at": row.published_at,
            "by": people.get(row.published_by_id or 0, ""),
            "steps": [step_sentence(step, people) for step in row.steps],
        }
        for row in rows
    ]
