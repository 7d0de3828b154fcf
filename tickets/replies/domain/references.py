"""The numbers a case has in other systems: said, taken away again, and never two cases for one."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from helpdesk import audit
from helpdesk.tenancy.models import Membership
from helpdesk.text import clean
from tickets.cases.filings import Reference, System
from tickets.cases.models import Ticket
from tickets.cases.rules import fold_number
from tickets.enums import TicketState
from tickets.replies.domain.reply import Refused


def add_reference(
    ticket: Ticket,
    *,
    system: str,
    number: str,
    by: Membership | None,
    state: str = "",
    due_on: date | None = None,
) -> Reference:
    """Say that the case has this number elsewhere; the same number again only renews its state and date.

    The case is locked by the caller; inside ``tenant``. Raises :class:`Refused` ``reference_system``,
    ``reference_number`` or ``reference_taken`` with the number of the case that has it.
    """
    number, key = " ".join(clean(number).split()), fold_number(number)
    if system not in System.values:
        raise Refused("reference_system")
    if not key or len(number) > 60 or len(key) > 60:
        raise Refused("reference_number")
    if ticket.state == TicketState.JOINED:
        raise Refused("joined")
    known = _known(ticket, system, key)
    if known is None:
        try:
            with transaction.atomic():
                known = Reference.objects.create(
                    organization_id=ticket.organization_id, ticket=ticket, system=system, number=number,
                    number_key=key, state=clean(state).strip()[:60], due_on=due_on, by=by,
                )  # fmt: skip
            _changed(ticket, "reference.added", by, known)
            return known
        except IntegrityError:  # somebody said so at the same moment
            known = _known(ticket, system, key)
    if known is None or known.ticket_id != ticket.pk:
        raise Refused("reference_taken", str(known.ticket.radicado or known.ticket.number) if known else "")
    known.state, known.due_on = clean(state).strip()[:60], due_on
    known.save(update_fields=["state", "due_on"])
    _changed(ticket, "reference.changed", by, known)
    return known


@transaction.atomic
def remove_reference(reference: Reference, *, by: Membership) -> None:
    """Take a number away: it was wrong. The audit keeps that it was there. The case is locked by the caller."""
    ticket = reference.ticket
    _changed(ticket, "reference.removed", by, reference)
    reference.delete()


def _known(ticket: Ticket, system: str, key: str) -> Reference | None:
    return (
        Reference.objects.filter(organization_id=ticket.organization_id, system=system, number_key=key)
        .select_related("ticket")
        .first()
    )


def _changed(ticket: Ticket, action: str, by: Membership | None, reference: Reference) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(version=ticket.version + 1)
    ticket.version += 1
    audit.record(
        ticket.organization_id, action, actor_id=by.pk if by else None, ticket_id=ticket.pk,
        system=reference.system, number=reference.number,
    )  # fmt: skip
