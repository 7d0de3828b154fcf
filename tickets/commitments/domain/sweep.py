"""Asks, for all organizations at once, which promised dates warn or are broken now; marks it once."""

from __future__ import annotations

from collections import defaultdict

from django.db import connection, transaction

from helpdesk import audit, clock
from helpdesk.tenancy.context import tenant
from tickets.cases.models import Ticket
from tickets.clocks.domain.marks import place_in_queue
from tickets.commitments.domain.duty import on_duty
from tickets.commitments.domain.mirror import mirror
from tickets.commitments.domain.promising import settle
from tickets.commitments.enums import CommitmentState
from tickets.commitments.models import Commitment
from tickets.commitments.rules.warnings import next_look, warning_due

LIMIT = 500
DUE = (
    "SELECT organization_id, ticket_id FROM tickets_commitment WHERE next_at <= now() "
    f"ORDER BY next_at LIMIT {LIMIT}"
)


def sweep_commitments() -> dict[int, list[int]]:
    """Warn and break what is due; case ids by organization. As the worker, with no tenant.

    One indexed query finds them. A commitment is marked with its case locked, as by every writer; a case that
    somebody holds at the moment is left to the next sweep. The same instant twice changes nothing.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DUE)
        due: dict[int, set[int]] = defaultdict(set)
        for organization_id, ticket_id in cursor.fetchall():
            due[organization_id].add(ticket_id)
    touched = {organization_id: _of(organization_id, sorted(cases)) for organization_id, cases in due.items()}
    return {organization_id: cases for organization_id, cases in touched.items() if cases}


def _of(organization_id: int, cases: list[int]) -> list[int]:
    done = []
    for ticket_id in cases:
        with tenant(organization_id):
            if _look_at(ticket_id):
                done.append(ticket_id)
    return done


def _look_at(ticket_id: int) -> bool:
    """Mark what is due in one case; False when it is held by somebody, or nothing is."""
    locked = Ticket.objects.select_for_update(of=("self",), skip_locked=True)
    ticket = locked.filter(pk=ticket_id).select_related("organization").first()
    if ticket is None:
        return False
    now = clock.now()
    rows = list(
        Commitment.objects.filter(organization_id=ticket.organization_id, ticket=ticket, next_at__lte=now)
        .select_for_update(of=("self",))
        .select_related("owner")
        .order_by("due_at", "id")
    )
    for commitment in rows:
        commitment.ticket = ticket
        _act(commitment)
    if rows:
        mirror(ticket)
        place_in_queue(ticket)
        ticket.version += 1
        ticket.save()
    return bool(rows)


def _act(commitment: Commitment) -> None:
    now = clock.now()
    if commitment.state != CommitmentState.OPEN:
        Commitment.objects.filter(pk=commitment.pk).update(next_at=None)
        return
    _hand_on(commitment)
    if commitment.due_at <= now:
        settle(commitment, CommitmentState.BROKEN, now)
        return
    warned = warning_due(commitment.due_at, since=commitment.made_at, now=now)
    commitment.next_at = next_look(commitment.due_at, since=commitment.made_at, after=now)
    is_new = warned is not None and warned != commitment.warned
    commitment.warned = warned
    commitment.save(update_fields=["next_at", "warned"])
    if is_new:
        audit.record(
            commitment.organization_id,
            "commitment.warned",
            ticket_id=commitment.ticket_id,
            commitment=commitment.pk,
            minutes=warned,
            owner=commitment.owner_id,
        )


def _hand_on(commitment: Commitment) -> None:
    """A date whose owner is not there any more goes to somebody who is, and so does the case if it was theirs."""
    ticket, former = commitment.ticket, commitment.owner_id
    owner = on_duty(ticket, commitment.owner)
    if owner is None or owner.pk == former:
        return
    commitment.owner = owner
    commitment.save(update_fields=["owner"])
    if ticket.assignee_id == former:
        ticket.assignee = owner
    audit.record(
        commitment.organization_id,
        "commitment.moved",
        ticket_id=ticket.pk,
        commitment=commitment.pk,
        former=former,
        to=owner.pk,
    )
