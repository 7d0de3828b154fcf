"""Customers by what somebody knows of them. Inside ``tenant``."""

from __future__ import annotations

from helpdesk.tenancy.models import Organization
from tickets.cases.models import Filing, Ticket
from tickets.customers.domain.identities import find
from tickets.customers.rules.data import Unrecognised, recognise

MOST = 5


def found_by(organization: Organization, text: str) -> list[int]:
    """The customers a number of a case, a handle, an e-mail, a telephone or a document points to; at most five."""
    asked = text.strip()[:200]
    by_number = _by_number(organization, asked)
    if by_number:
        return by_number
    try:
        datum = recognise(asked, organization.country)
    except Unrecognised:
        return []
    return list(dict.fromkeys(one.customer_id for one in find(organization.pk, datum)))[:MOST]


def _by_number(organization: Organization, asked: str) -> list[int]:
    cases = Ticket.objects.filter(organization_id=organization.pk)
    found = list(
        Filing.objects.filter(organization_id=organization.pk, radicado=asked[:20]).values_list(
            "ticket__customer_id", flat=True
        )
    )
    if not found and asked.isdecimal() and len(asked) < 10:
        found = list(cases.filter(number=int(asked)).values_list("customer_id", flat=True))
    return found
