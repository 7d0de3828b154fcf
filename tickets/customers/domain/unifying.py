"""Two customers turn out to be one person: proposed, approved, done in one transaction, and undone. Inside ``tenant``.

Whoever unifies takes the organization's turn first, then the cases, then the customers, each in the order of
their keys: two colleagues with the same people at once do it once, and the other is told so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, connection, transaction

from helpdesk import clock
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.customers.domain import moving
from tickets.customers.domain.people import Refused, changed, lock
from tickets.customers.domain.queries.sharing import share_verified
from tickets.customers.models import Customer, Unification
from tickets.enums import UnificationState as State

_TURN = 0x756E6966


def may_unify(one: Customer, other: Customer, by: Membership) -> bool:
    """Whether ``by`` may unify these by themselves: a supervisor, or an agent when the identity is proven.

    Proven is that both people were verified and that still stands, or that they share a verified datum.
    """
    if not by.can(Permission.UNIFY_CUSTOMERS):
        return False
    if by.can(Permission.APPROVE_UNIFICATIONS):
        return True
    now = clock.now()
    return (one.is_verified(now) and other.is_verified(now)) or share_verified(one, other)


@transaction.atomic
def unify(
    organization_id: int,
    *,
    one: int,
    other: int,
    by: Membership,
    reason: str = "",
    evidence: Sequence[str] = (),
    ticket_id: int | None = None,
) -> Unification:
    """Make two customers one, or leave it for a supervisor to approve when ``by`` may not alone.

    Raises :class:`Refused`: ``may_not``, ``same``, ``gone``, ``already`` (with ``who``), ``waiting``.
    """
    if not by.can(Permission.UNIFY_CUSTOMERS):
        raise Refused("may_not")
    kept, gone = _both(organization_id, one, other)
    _only_once(kept, gone)
    fresh = Unification(
        organization_id=organization_id, kept=kept, gone=gone, asked_by=by, reason=reason.strip()[:200],
        evidence=list(evidence), state=State.PENDING,
    )  # fmt: skip
    if may_unify(kept, gone, by):
        return _do(fresh, kept, gone, by=by, ticket_id=ticket_id)
    fresh.save()
    _line(fresh, "asked", by, ticket_id)
    return fresh


@transaction.atomic
def approve(unification_id: int, *, by: Membership, ticket_id: int | None = None) -> Unification:
    """Approve what a colleague proposed, a unification or its undoing; never one's own.

    Raises :class:`Refused`: ``may_not``, ``own``, ``not_waiting``, and those of :func:`unify` and :func:`undo`.
    """
    found = _waiting(unification_id, by)
    if found.state == State.UNDO_PENDING:
        return _undo(found, by=by, ticket_id=ticket_id)
    kept, gone = _both(found.organization_id, found.kept_id, found.gone_id)
    return _do(found, kept, gone, by=by, ticket_id=ticket_id)


@transaction.atomic
def refuse(unification_id: int, *, by: Membership, ticket_id: int | None = None) -> Unification:
    """Do not approve; who asked may take their own back."""
    found = _waiting(unification_id, by, own=True)
    found.state = State.DONE if found.state == State.UNDO_PENDING else State.REFUSED
    found.decided_by, found.decided_at = by, clock.now()
    found.save()
    _line(found, "refused", by, ticket_id)
    return found


@transaction.atomic
def undo(unification_id: int, *, by: Membership, ticket_id: int | None = None) -> Unification:
    """Part two people again, each with what was theirs; an agent's wish waits for a supervisor.

    What came in since by an identity goes with it. Raises :class:`Refused`: ``may_not``, ``not_done``,
    ``later_first`` when the kept one was unified again since.
    """
    if not by.can(Permission.UNIFY_CUSTOMERS):
        raise Refused("may_not")
    found = _locked(unification_id)
    if found.state not in (State.DONE, State.UNDO_PENDING):
        raise Refused("not_done")
    if by.can(Permission.APPROVE_UNIFICATIONS):
        return _undo(found, by=by, ticket_id=ticket_id)
    found.state, found.undo_asked_by = State.UNDO_PENDING, by
    found.save()
    _line(found, "undo_asked", by, ticket_id)
    return found


@transaction.atomic
def keep_apart(
    organization_id: int, *, one: int, other: int, by: Membership, ticket_id: int | None = None
) -> Unification:
    """Say that two people are two: they are not suggested again."""
    if not by.can(Permission.UNIFY_CUSTOMERS):
        raise Refused("may_not")
    kept, gone = _both(organization_id, one, other)
    said = Unification.objects.create(
        organization_id=organization_id, kept=kept, gone=gone, asked_by=by, state=State.DISTINCT
    )
    _line(said, "distinct", by, ticket_id)
    return said


def _take_turn(organization_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_TURN, organization_id % 2**31])


def _both(organization_id: int, one: int, other: int) -> tuple[Customer, Customer]:
    """Both customers, locked; the one known longer is kept, whoever asks and from wherever."""
    if one == other:
        raise Refused("same")
    _take_turn(organization_id)
    found = lock(organization_id, one, other)
    if len(found) != 2:
        raise Refused("gone")
    for customer in found:
        if customer.merged_into_id is not None:
            raise Refused("already", **_who(customer))
    kept, gone = sorted(found, key=lambda customer: (customer.created_at, customer.pk))
    return kept, gone


def _who(customer: Customer) -> dict[str, object]:
    done = (
        Unification.objects.filter(
            organization_id=customer.organization_id,
            gone=customer,
            state__in=[State.DONE, State.UNDO_PENDING],
        )
        .select_related("decided_by")
        .order_by("-pk")
        .first()
    )
    return {
        "who": done.decided_by.display_name if done and done.decided_by else "",
        "at": done and done.decided_at,
    }


def _only_once(kept: Customer, gone: Customer) -> None:
    waiting = Unification.objects.filter(
        organization_id=kept.organization_id, kept=kept, gone=gone, state=State.PENDING
    )
    if waiting.exists():
        raise Refused("waiting")


def _locked(unification_id: int) -> Unification:
    found = Unification.objects.filter(pk=unification_id).first()
    if found is None:
        raise Refused("gone")
    _take_turn(found.organization_id)
    return Unification.objects.select_for_update().get(pk=unification_id)


def _waiting(unification_id: int, by: Membership, *, own: bool = False) -> Unification:
    found = _locked(unification_id)
    if found.state not in (State.PENDING, State.UNDO_PENDING):
        raise Refused("not_waiting")
    asker = found.undo_asked_by_id if found.state == State.UNDO_PENDING else found.asked_by_id
    if asker == by.pk:
        if own:
            return found
        raise Refused("own")
    if not by.can(Permission.APPROVE_UNIFICATIONS):
        raise Refused("may_not")
    return found


@whole()  # cases this person may not see go with their customer too
def _do(
    unification: Unification, kept: Customer, gone: Customer, *, by: Membership, ticket_id: int | None
) -> Unification:
    unification.kept, unification.gone = kept, gone
    unification.moved = moving.move_all(kept, gone) | {"before": moving.take_over(kept, gone)}
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    moving.freshen(kept)
    unification.state, unification.decided_by, unification.decided_at = State.DONE, by, clock.now()
    unification.save()
    _line(unification, "done", by, ticket_id)
    return unification


@whole()
def _undo(unification: Unification, *, by: Membership, ticket_id: int | None) -> Unification:
    kept, gone = unification.kept_id, unification.gone_id
    by_key = {customer.pk: customer for customer in lock(unification.organization_id, kept, gone)}
    if by_key[kept].merged_into_id is not None:
        raise Refused("later_first")
    if moving.are_joined(unification):
        raise Refused("cases_joined")
    by_key[gone].merged_into = None
    by_key[gone].save(update_fields=["merged_into"])
    try:
        with transaction.atomic():
            moving.move_back(by_key[kept], by_key[gone], unification)
    except IntegrityError:
        raise Refused("verified_elsewhere") from None
    moving.give_back(by_key[kept], unification.moved.get("before", {}))
    moving.freshen(by_key[kept], by_key[gone])
    unification.state, unification.decided_by, unification.decided_at = State.UNDONE, by, clock.now()
    unification.save()
    _line(unification, "undone", by, ticket_id)
    return unification


def _line(unification: Unification, what: str, by: Membership, ticket_id: int | None) -> None:
    data: dict[str, Any] = {"unification": unification.pk, "other": unification.gone_id}
    if what in ("asked", "done"):
        data |= {"evidence": unification.evidence, "reason": unification.reason}
    changed(unification.kept, f"unification.{what}", by=by, ticket_id=ticket_id, **data)


def unifications_of(organization_id: int, customer_id: int) -> list[Unification]:
    """What is waiting or done about a person, newest first."""
    states = [State.PENDING, State.DONE, State.UNDO_PENDING]
    return list(
        Unification.objects.filter(organization_id=organization_id, kept_id=customer_id, state__in=states)
        .union(
            Unification.objects.filter(
                organization_id=organization_id, gone_id=customer_id, state=State.PENDING
            )
        )
        .order_by("-id")[:10]
    )
