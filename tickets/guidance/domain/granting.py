"""Granting something within one's attributions: registered with the case, counted for the customer. Case locked."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from helpdesk import audit
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Mode, Permission
from protocols.guides.rules.guide import Attribution, amount_of
from tickets.cases.models import Ticket
from tickets.guidance.domain.following import NotPossible, check_open
from tickets.guidance.domain.queries.guidance import guidance_of
from tickets.guidance.models import Grant


def limit_of(attribution: Attribution, member: Membership) -> Decimal:
    """How much a member may grant of it in one case; zero without the permission."""
    holds = member.mode(Permission.GRANT_COMPENSATION) == Mode.YES
    return attribution.limit(member.role) if holds else Decimal(0)


@transaction.atomic
def grant(ticket: Ticket, *, key: str, amount: str, by: Membership, note: str = "") -> Grant:
    """Grant an amount of the attribution ``key`` of the case's protocol.

    What was granted of it in the case counts: a limit is not passed in slices. Raises :class:`NotPossible`:
    ``no_attribution``, ``bad_amount``, ``may_not``, ``over_limit`` (with what is left).
    """
    check_open(ticket)
    found = guidance_of(ticket)
    guide, version = found.guide, found.version
    attribution = next((one for one in guide.attributions if one.key == key), None) if guide else None
    if attribution is None or version is None:
        raise NotPossible("no_attribution")
    limit, asked = limit_of(attribution, by), amount_of(amount)
    if limit <= 0:
        raise NotPossible("may_not")
    if asked is None:
        raise NotPossible("bad_amount")
    left = limit - granted(ticket).get((attribution.name, attribution.unit), Decimal(0))
    if asked > left:
        raise NotPossible("over_limit", f"{amount_words(max(left, Decimal(0)))} {attribution.unit}")
    row = Grant.objects.create(
        organization_id=ticket.organization_id, ticket=ticket, version=version, key=key, name=attribution.name,
        amount=asked, unit=attribution.unit, note=" ".join(note.split())[:200], by=by,
    )  # fmt: skip
    audit.record(
        ticket.organization_id, "compensation.granted", actor_id=by.pk, ticket_id=ticket.pk, grant=row.pk,
        amount=str(asked), unit=attribution.unit,
    )  # fmt: skip
    return row


def granted(ticket: Ticket) -> dict[tuple[str, str], Decimal]:
    """What was granted in this case, by anybody: name and unit of the attribution → how much."""
    rows = Grant.objects.filter(organization_id=ticket.organization_id, ticket=ticket)
    return {
        (name, unit): amount
        for name, unit, amount in rows.values_list("name", "unit").annotate(Sum("amount"))
    }


def amount_words(amount: Decimal) -> str:
    """«150.000» or «40,50»: thousands by dots, cents only when there are some."""
    whole, _dot, cents = f"{amount:,.2f}".partition(".")
    said = whole.replace(",", ".")
    return said if cents == "00" else f"{said},{cents}"
