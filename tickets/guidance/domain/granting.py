"""Granting something within one's attributions: registered with the case, counted for the customer. Case locked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from helpdesk import audit
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Mode, Permission
from protocols.guides.rules.guide import Attribution, amount_of
from protocols.models import ProtocolVersion
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
    wanted = read_wanted(ticket, key, amount, by=by)
    attribution, left = wanted.attribution, wanted.left_for(by)
    if wanted.amount > left:
        raise NotPossible("over_limit", f"{amount_words(max(left, Decimal(0)))} {attribution.unit}")
    row = Grant.objects.create(
        organization_id=ticket.organization_id, ticket=ticket, version=wanted.version, key=key,
        name=attribution.name, amount=wanted.amount, unit=attribution.unit, note=" ".join(note.split())[:200],
        by=by,
    )  # fmt: skip
    audit.record(
        ticket.organization_id, "compensation.granted", actor_id=by.pk, ticket_id=ticket.pk, grant=row.pk,
        amount=str(wanted.amount), unit=attribution.unit,
    )  # fmt: skip
    return row


@dataclass(frozen=True, slots=True)
class Wanted:
    """So much of an attribution, in a case where some of it may have been granted already."""

    attribution: Attribution
    version: ProtocolVersion
    amount: Decimal
    granted: Decimal

    def left_for(self, member: Membership) -> Decimal:
        """What this member may still grant of it here; below zero where others granted more than they may."""
        return limit_of(self.attribution, member) - self.granted

    def may(self, member: Membership) -> bool:
        """Whether it is within the attributions of this member."""
        return limit_of(self.attribution, member) > 0 and self.amount <= self.left_for(member)


def read_wanted(ticket: Ticket, key: str, amount: str, *, by: Membership | None = None) -> Wanted:
    """What somebody asks for, read. Raises :class:`NotPossible` ``no_attribution``, ``may_not`` or ``bad_amount``.

    ``by``: who must be able to grant something of it.
    """
    found, asked = guidance_of(ticket), amount_of(amount)
    guide, version = found.guide, found.version
    attribution = next((one for one in guide.attributions if one.key == key), None) if guide else None
    if attribution is None or version is None:
        raise NotPossible("no_attribution")
    if by is not None and limit_of(attribution, by) <= 0:
        raise NotPossible("may_not")
    if asked is None:
        raise NotPossible("bad_amount")
    used = granted(ticket).get((attribution.name, attribution.unit), Decimal(0))
    return Wanted(attribution, version, asked, used)


def may_grant(wanted: Wanted) -> list[Membership]:
    """Everybody within whose attributions it is."""
    members = Membership.objects.filter(organization_id=wanted.version.organization_id, is_active=True)
    return [member for member in members.order_by("pk") if wanted.may(member)]


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
