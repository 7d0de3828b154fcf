"""The identity check of a person: none, declared or verified; by what means, by whom, until when. Inside ``tenant``."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from helpdesk import clock
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.customers.domain.people import Refused, changed
from tickets.customers.models import Customer
from tickets.enums import CheckMeans, IdentityCheck

# How long a check may stand, and the usual: a conversation's day (a proof gets old, care.md finding 9).
DAYS = (1, 30, 180)


@transaction.atomic
def check(
    customer: Customer,
    *,
    state: IdentityCheck,
    by: Membership,
    means: CheckMeans | str = "",
    days: int = 1,
    ticket_id: int | None = None,
) -> None:
    """Say how far a person's identity is proven.

    Raises :class:`Refused`: ``may_not``, ``means_needed`` (what a person only says proves nothing), ``days``.
    """
    if not by.can(Permission.CHECK_IDENTITY):
        raise Refused("may_not")
    if state == IdentityCheck.VERIFIED and means in ("", CheckMeans.SAID):
        raise Refused("means_needed")
    if days not in DAYS:
        raise Refused("days")
    now = clock.now()
    customer = Customer.objects.select_for_update().get(pk=customer.pk)
    former, customer.check_state = customer.check_state, state
    customer.check_means = means if state != IdentityCheck.NONE else ""
    customer.checked_by, customer.checked_at = by, now
    customer.check_until = now + timedelta(days=days) if state == IdentityCheck.VERIFIED else None
    customer.save()
    changed(
        customer, "identity.checked", by=by, ticket_id=ticket_id, former=former, state=state.value,
        means=str(customer.check_means), until=_text(customer.check_until),
    )  # fmt: skip


def _text(instant: datetime | None) -> str:
    return instant.isoformat() if instant else ""
