"""What a case is about, on its page: the sign in the head, and the panel that asks for it. Inside ``tenant``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from helpdesk.text import fold
from helpdesk.ui.addresses import address
from protocols.typification.domain.queries.published import Published, in_force, published
from protocols.typification.rules.tree import CAUSE, MOTIVE, PRODUCT, RESULT, Node
from tickets.cases.classification import Classification
from tickets.cases.domain.classifying import Choice, owed
from tickets.cases.domain.queries.typified import current, past_of, text_of
from tickets.cases.models import Ticket
from tickets.console.queries.head import Head
from tickets.enums import PqrKind, Priority

# A product is marked beforehand when the customer named it plainly.
PLAIN = 3.0
URGENCY = [Priority.LOW, Priority.MEDIUM, Priority.HIGH, Priority.CRITICAL]


@dataclass(frozen=True, slots=True)
class Pick:
    """One thing to choose: what is posted, what is read, what it is found by."""

    value: str
    name: str
    hint: str = ""
    find: str = ""
    checked: bool = False


@dataclass(slots=True)
class Panel:
    """Everything the panel shows; ``needed`` are the axes that are still to be said."""

    url: str
    resolves: bool
    needed: tuple[str, ...]
    product_word: str
    suggestions: list[Pick] = field(default_factory=list)
    groups: list[tuple[str, list[Pick]]] = field(default_factory=list)
    products: list[Pick] = field(default_factory=list)
    causes: list[Pick] = field(default_factory=list)
    results: list[Pick] = field(default_factory=list)
    # Root cause and result are asked for where they are owed or were said.
    ends: bool = False
    # The motive the case has, or that was just picked.
    chosen: str = ""
    sentence: str = ""
    problem: str = ""


def typification_of(head: Head, ticket: Ticket, member: Membership, slug: str) -> dict[str, Any] | None:
    """The sign in the head: what the case is about and what its motive proposes; None without a tree."""
    if head.tree is None:
        return None
    tree, said = in_force(ticket.organization_id, *head.tree), head.said
    motive = _node(tree, said.motive_id) if said else None
    may = member.can(Permission.CHANGE_KIND)
    return {
        "motive": motive.name if motive else "",
        "whole": " · ".join(name for name in _names(tree, said) if name),
        "url": address("typify", slug, ticket.number) if may else "",
        "proposals": _proposals(ticket, motive, slug) if may and motive and ticket.is_open else [],
    }


def panel_of(
    ticket: Ticket, slug: str, *, resolves: bool, picked: Choice | None = None, problem: str = ""
) -> Panel | None:
    """The panel; ``picked`` is what was just chosen and refused, so that nothing is chosen twice."""
    tree = published(ticket.organization_id)
    if tree is None:
        return None
    said = current(ticket)
    chosen = {axis: _key(tree, said, axis) for axis in (MOTIVE, PRODUCT, CAUSE, RESULT)}
    if picked is not None:
        chosen |= {axis: getattr(picked, axis) for axis in chosen if getattr(picked, axis)}
    needed = owed(ticket) if resolves else (MOTIVE,)
    panel = Panel(
        url=address("typify", slug, ticket.number),
        resolves=resolves,
        needed=needed,
        product_word=tree.tree.product_word,
        causes=_picks(tree, CAUSE, chosen[CAUSE]),
        results=_picks(tree, RESULT, chosen[RESULT]),
        ends=bool(ticket.radicado or chosen[CAUSE] or chosen[RESULT]),
        chosen=_name(tree, chosen[MOTIVE]),
        sentence=missing_sentence(needed) if resolves else "",
        problem=problem,
    )
    text = text_of(ticket)
    panel.suggestions = _suggestions(tree, ticket, text)
    panel.groups = [
        (category.name, [_pick(tree, node, chosen[MOTIVE]) for node in tree.tree.children(category.key)])
        for category in tree.tree.categories()
    ]
    panel.products = _picks(tree, PRODUCT, chosen[PRODUCT] or _plain_product(tree, text))
    return panel


def missing_sentence(missing: tuple[str, ...]) -> str:
    """What is still to be said before the case is resolved, in words."""
    if not missing:
        return ""
    names = {MOTIVE: _("el motivo"), CAUSE: _("la causa raíz"), RESULT: _("el resultado")}
    said = [names[axis] for axis in missing]
    listed = (
        said[0]
        if len(said) == 1
        else _("%(some)s y %(last)s") % {"some": ", ".join(said[:-1]), "last": said[-1]}
    )
    return _("Para resolverlo falta %s. Lo demás queda como está.") % listed


def refused_sentence(axis: str, name: str) -> str:
    """Why what was chosen is not taken."""
    if name:
        return _("«%s» se retiró del árbol mientras usted elegía. Escoja otro.") % name
    return _("Esa opción no está en el árbol de la empresa. Escoja una de la lista.")


def _suggestions(tree: Published, ticket: Ticket, text: str) -> list[Pick]:
    past = past_of(tree, ticket.organization_id)
    found = tree.motives.suggest(text, kind=ticket.kind, past=past)
    picks = []
    for rank, one in enumerate(found, 1):
        node, category = tree.tree.get(one.key), ""
        assert node is not None
        if parent := tree.tree.get(node.parent):
            category = parent.name
        because = _("por «%s»") % ", ".join(one.reasons) if one.reasons else ""
        hint = " · ".join(part for part in (category, because) if part)
        picks.append(Pick(f"{node.key}|{rank}", node.name, hint))
    return picks


def _plain_product(tree: Published, text: str) -> str:
    best = tree.products.suggest(text, most=1)
    return best[0].key if best and best[0].score >= PLAIN else ""


def _picks(tree: Published, axis: str, chosen: str) -> list[Pick]:
    return [_pick(tree, node, chosen) for node in tree.tree.live(axis)]


def _pick(tree: Published, node: Node, chosen: str) -> Pick:
    category = tree.tree.get(node.parent)
    find = fold(" ".join((node.name, category.name if category else "", *node.words)))
    return Pick(node.key, node.name, find=find, checked=node.key == chosen)


def _proposals(ticket: Ticket, motive: Node, slug: str) -> list[dict[str, str]]:
    """What the motive proposes: its kind, unless a person chose one; its priority, when it is more urgent."""
    found = []
    if motive.kind and motive.kind != ticket.kind and ticket.kind_corrected_by_id is None:
        found.append(
            {
                "url": address("kind", slug, ticket.number),
                "name": "kind",
                "value": motive.kind,
                "label": _("Pasar a tipo %s") % PqrKind(motive.kind).label,
            }
        )
    if motive.priority and URGENCY.index(Priority(motive.priority)) > URGENCY.index(
        Priority(ticket.priority)
    ):
        found.append(
            {
                "url": address("take_priority", slug, ticket.number),
                "name": "priority",
                "value": motive.priority,
                "label": _("Subir a prioridad %s") % str(Priority(motive.priority).label).lower(),
            }
        )
    return found


def _names(tree: Published, said: Classification | None) -> list[str]:
    if said is None:
        return []
    return [tree.name(pk) for pk in (said.motive_id, said.product_id, said.cause_id, said.result_id)]


def _name(tree: Published, key: str) -> str:
    node = tree.tree.get(key)
    return node.name if node else ""


def _node(tree: Published, pk: int) -> Node | None:
    return tree.tree.get(tree.keys.get(pk, ""))


def _key(tree: Published, said: Classification | None, axis: str) -> str:
    key = tree.keys.get(getattr(said, f"{axis}_id", None) or 0, "") if said else ""
    node = tree.tree.target(key)
    return node.key if node else ""
