"""A supervisor moves a case before it is late, and takes that back. Inside ``tenant``, with the case locked."""

from __future__ import annotations

from django.db import transaction

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.cases.models import Ticket
from tickets.replies.domain import casework


class NotPassed(Exception):
    """``code``: ``left`` (is no longer in the team), ``cannot`` (may not take cases), ``moved`` (the case changed
    hands meanwhile), ``theirs`` (has it already), ``over`` (is no longer open)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def pass_on(ticket: Ticket, *, to: Membership, by: Membership, note: str, held_by: int | None) -> None:
    """Give it to ``to``. ``held_by``: who had it on the page that was looked at. Raises :class:`NotPassed`."""
    if not ticket.is_open:
        raise NotPassed("over")
    if not to.is_active:
        raise NotPassed("left")
    if not to.can(Permission.TAKE_CASES):
        raise NotPassed("cannot")
    if ticket.assignee_id == to.pk:
        raise NotPassed("theirs")
    if ticket.assignee_id != held_by:
        raise NotPassed("moved")
    casework.assign(ticket, to=to, by=by, note=note)


@transaction.atomic
def give_back(ticket: Ticket, *, by: Membership, note: str) -> Membership | None:
    """Take back what ``by`` passed on last, if nobody moved it since; who has it again.

    Raises :class:`NotPassed`: ``moved``, or ``left`` when who had it is gone: then it stays where it is.
    """
    last = (
        AuditEvent.objects.filter(
            organization_id=ticket.organization_id, ticket_id=ticket.pk, action="ticket.assigned"
        )
        .order_by("-id")
        .first()
    )
    if last is None or last.actor_id != by.pk or last.data.get("to") != ticket.assignee_id:
        raise NotPassed("moved")
    former = Membership.objects.filter(pk=last.data.get("former") or 0).first()
    if former is not None and not former.is_active:
        raise NotPassed("left")
    casework.assign(ticket, to=former, by=by, note=note if former is not None else "")
    return former
