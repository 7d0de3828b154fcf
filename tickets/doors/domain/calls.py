"""Carries out what another system told, once per nonce. Inside ``tenant``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from helpdesk.tenancy.models import Organization
from tickets.cases.filings import Reference
from tickets.cases.models import Ticket
from tickets.cases.rules import fold_number
from tickets.customers.rules.data import Unrecognised
from tickets.doors.models import DoorCall, DoorKey
from tickets.doors.rules.body import Told, Wrong
from tickets.enums import TicketState
from tickets.intake.asked import Opened, Ref
from tickets.intake.by_hand import open_case, tell_news
from tickets.intake.rules.refs import normalised

CREATED, OK = 201, 200
FIELD_OF = {"check_digit": "document"}


class NonceReused(Exception):
    """The nonce was used with another body."""


def carry_out(
    organization: Organization, key: DoorKey, told: Told, *, nonce: str, digest: str
) -> tuple[DoorCall, Opened | None]:
    """What the call does, and what is answered; of a nonce already carried out, what was answered then.

    Two at once wait for each other: the unique nonce is taken before anything else.
    Raises :class:`Wrong` (nothing is changed then, and the nonce is free) or :class:`NonceReused`.
    """
    try:
        with transaction.atomic():
            call = DoorCall.objects.create(organization=organization, key=key, nonce=nonce, digest=digest)
    except IntegrityError:
        former = DoorCall.objects.get(organization=organization, key=key, nonce=nonce)
        if former.digest != digest:
            raise NonceReused from None
        return former, None
    with transaction.atomic():
        opened = _do(organization, told)
    call.status = CREATED if opened.what == "opened" else OK
    call.answer = {"result": opened.what, "case": _case(organization, opened.ticket_id)}
    call.save(update_fields=["status", "answer"])
    return call, opened


def is_spent(organization: Organization, key: DoorKey, nonce: str, digest: str) -> bool:
    """Whether the nonce was carried out with another body. Inside ``tenant``."""
    former = DoorCall.objects.filter(organization=organization, key=key, nonce=nonce)
    return former.exclude(digest=digest).exists()


def _do(organization: Organization, told: Told) -> Opened:
    asked = told.asked
    if asked.due_at is not None and asked.due_at <= asked.happened_at:
        raise Wrong("due_before", "due_at")
    if asked.is_resolved and told.action == "open" and not asked.answer:
        raise Wrong("answer_needed", "answer")
    try:
        if told.action == "open":
            return open_case(organization, asked, by=None, source="hook")
        asked = replace(asked, ticket_id=_about(organization, told))
        if asked.text:
            return open_case(organization, asked, by=None, source="hook")
        return tell_news(organization, asked, by=None)
    except Unrecognised as error:
        raise Wrong(error.code, f"customer.{FIELD_OF.get(error.code, error.code)}") from None
    except ValueError as error:
        if isinstance(error, Wrong):
            raise
        raise Wrong(str(error), "references") from None


def _about(organization: Organization, told: Told) -> int:
    """The case that is spoken of: by its radicado or number here, or by one of its numbers elsewhere."""
    rows = [_row(organization, normalised(ref)) for ref in told.asked.references]
    if told.action == "update":
        found = next((row.ticket for row in rows if row is not None), None)
        if found is None:
            raise Wrong("no_reference", "references")
    else:
        found = _numbered(organization, told.case)
        if found is None:
            raise Wrong("no_case", "case")
    if any(row is not None and row.ticket_id != found.pk for row in rows):
        raise Wrong("taken", "references")
    return (found.joined_into_id if found.state == TicketState.JOINED else None) or found.pk


def _numbered(organization: Organization, number: str) -> Ticket | None:
    cases = Ticket.objects.filter(organization=organization)
    found = cases.filter(radicado=number).first()
    if found is None and number.isdecimal() and len(number) < 15:
        found = cases.filter(number=int(number)).first()
    return found


def _row(organization: Organization, ref: Ref) -> Reference | None:
    rows = Reference.objects.filter(
        organization=organization, system=ref.system, number_key=fold_number(ref.number)
    )
    return rows.select_related("ticket").first()


def _case(organization: Organization, ticket_id: int) -> dict[str, Any]:
    ticket = Ticket.objects.get(organization=organization, pk=ticket_id)
    return {
        "number": ticket.number,
        "radicado": ticket.radicado,
        "state": ticket.state,
        "kind": ticket.kind,
        "url": settings.BASE_URL + reverse("case", args=[organization.slug, ticket.number]),
    }
