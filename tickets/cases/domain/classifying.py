"""Typifying a case: another row each time, the last one stands; what must be said before it is resolved."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from helpdesk import audit
from helpdesk.tenancy.models import Membership
from protocols.typification.domain.queries.published import Published, published
from protocols.typification.rules.tree import CAUSE, MOTIVE, PRODUCT, RESULT, Node
from tickets.cases.classification import Classification
from tickets.cases.domain.queries.typified import current, stems_for
from tickets.cases.models import Ticket


@dataclass(frozen=True, slots=True)
class Choice:
    """Keys of the tree, empty where nothing is said; ``rank`` is 1 to 3 when a suggestion was taken."""

    motive: str = ""
    product: str = ""
    cause: str = ""
    result: str = ""
    rank: int = 0


class NotInTree(Exception):
    """What was chosen cannot be chosen now: it was retired, or never was in this organization's tree."""

    def __init__(self, axis: str, name: str = "") -> None:
        super().__init__(axis, name)
        self.axis, self.name = axis, name


class NotTypified(Exception):
    """The case cannot be resolved yet: ``missing`` names the axes that are owed."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(missing)
        self.missing = missing


@transaction.atomic
def classify(ticket: Ticket, choice: Choice, *, by: Membership | None) -> Classification:
    """Say what a case is about; what is left empty keeps what was said before. The case must be locked.

    A name merged while somebody chose it counts as what it was merged into. Raises :class:`NotInTree`.
    """
    tree = published(ticket.organization_id)
    if tree is None:
        raise NotInTree(MOTIVE)
    before = current(ticket)
    ids = {
        axis: _id_of(tree, axis, key) if key else getattr(before, f"{axis}_id", None)
        for axis, key in (
            (MOTIVE, choice.motive),
            (PRODUCT, choice.product),
            (CAUSE, choice.cause),
            (RESULT, choice.result),
        )
    }
    if ids[MOTIVE] is None:
        raise NotTypified((MOTIVE,))
    if before is not None and all(getattr(before, f"{axis}_id") == pk for axis, pk in ids.items()):
        return before
    Classification.objects.filter(
        ticket=ticket, organization_id=ticket.organization_id, is_current=True
    ).update(is_current=False)
    row = Classification.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        version_id=tree.pk,
        by=by,
        rank=choice.rank,
        stems=stems_for(ticket),
        **{f"{axis}_id": pk for axis, pk in ids.items()},
    )
    audit.record(
        ticket.organization_id,
        "ticket.typified",
        actor_id=by.pk if by else None,
        ticket_id=ticket.pk,
        motive=row.motive_id,
        former=before.motive_id if before else None,
        version=tree.number,
    )
    return row


def owed(ticket: Ticket) -> tuple[str, ...]:
    """The axes that must be said before the case is resolved: the motive, and of a filed case its cause and
    result (care.md, finding 11). Nothing while the organization has no tree."""
    if published(ticket.organization_id) is None:
        return ()
    said, wanted = current(ticket), (MOTIVE, CAUSE, RESULT) if ticket.radicado else (MOTIVE,)
    return tuple(axis for axis in wanted if getattr(said, f"{axis}_id", None) is None)


def require_typified(ticket: Ticket) -> None:
    """Raise :class:`NotTypified` while something is owed."""
    if missing := owed(ticket):
        raise NotTypified(missing)


def _id_of(tree: Published, axis: str, key: str) -> int:
    node = tree.tree.target(key)
    if node is None or node.axis != axis or node.is_category:
        raise NotInTree(axis)
    if node.retired:
        raise NotInTree(axis, _asked(tree, key).name)
    return tree.ids[node.key]


def _asked(tree: Published, key: str) -> Node:
    node = tree.tree.get(key)
    assert node is not None
    return node
