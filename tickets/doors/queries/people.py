"""Whom a colleague may mean while they type: by radicado, by what identifies people, by name. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from channels_social.enums import ConversationKind
from helpdesk.tenancy.models import Organization
from helpdesk.text import fold_handle
from helpdesk.ui.people import CHANNELS
from tickets.cases.models import Ticket
from tickets.customers.models import Customer, Identity
from tickets.enums import OPEN_STATES
from tickets.intake.rules.who import read_who
from tickets.intake.whom import found_by

AT_ONCE = 6
SHORTEST = 2


@dataclass(slots=True)
class Match:
    """A customer who may be meant, and the case that was named, if one was."""

    customer_id: int
    name: str
    known_by: str = ""
    open_cases: int = 0
    ticket_id: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case as the one who writes down another contact sees it."""

    ticket_id: int
    number: str
    channel_icon: str
    channel_label: str
    last_text: str
    ticket: Ticket = field(repr=False)


def matches(organization: Organization, typed: str) -> list[Match]:
    """At most six customers, the surest first."""
    words = " ".join(typed.split())[:160]
    if len(words) < SHORTEST and not words.isdecimal():
        return []
    numbered = _by_number(organization, words)
    ids = list(numbered) or _ids(organization, words)
    return _described(organization, ids[:AT_ONCE], numbered)


def open_cases_of(organization: Organization, customer_id: int) -> list[OpenCase]:
    """The open cases of a customer on every channel, the newest first."""
    found = Ticket.objects.filter(
        organization=organization, customer_id=customer_id, state__in=OPEN_STATES
    ).order_by("-id")[:AT_ONCE]
    return [_open_case(ticket) for ticket in found]


def _open_case(ticket: Ticket) -> OpenCase:
    return OpenCase(
        ticket_id=ticket.pk,
        number=ticket.radicado or str(ticket.number),
        channel_icon=CHANNELS[ticket.channel].icon,
        channel_label=str(ConversationKind(ticket.channel).label),
        last_text=ticket.last_text,
        ticket=ticket,
    )


def _by_number(organization: Organization, words: str) -> dict[int, int]:
    """Customer → case of a radicado or a case number."""
    cases = Ticket.objects.filter(organization=organization)
    found = cases.filter(radicado=words)
    if words.isdecimal() and len(words) < 7:
        found = found | cases.filter(number=int(words))
    return {ticket.customer_id: ticket.pk for ticket in found[:AT_ONCE]}


def _ids(organization: Organization, words: str) -> list[int]:
    """Customers by what identifies them, then by how a handle begins, then by their name."""
    ids = found_by(organization, read_who(words, organization.country))
    ids += _by_handle(organization, words) if " " not in words else []
    if any(map(str.isalpha, words)):
        ids += _by_name(words)
    return list(dict.fromkeys(ids))


def _by_handle(organization: Organization, words: str) -> list[int]:
    key = fold_handle(words)
    rows = Identity.objects.filter(
        organization=organization, handle_key__gte=key, handle_key__lt=f"{key}\U0010ffff"
    ).exclude(handle_key="")
    return list(rows.values_list("customer_id", flat=True)[:AT_ONCE])


def _by_name(words: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT customer_id FROM tickets_people_search(%s, %s)", [words, AT_ONCE])
        return [row[0] for row in cursor.fetchall()]


def _described(organization: Organization, ids: Iterable[int], numbered: dict[int, int]) -> list[Match]:
    wanted = list(ids)
    people = Customer.objects.filter(organization=organization, merged_into=None).in_bulk(wanted)
    known: dict[int, list[str]] = {}
    rows = Identity.objects.filter(organization=organization, customer_id__in=wanted).order_by("pk")
    for customer_id, handle, masked in rows.values_list("customer_id", "handle", "masked"):
        if handle or masked:
            known.setdefault(customer_id, []).append(masked or f"@{handle}")
    counts = _open_counts(organization, wanted)
    return [
        Match(pk, people[pk].name, " · ".join(known.get(pk, [])[:4]), counts.get(pk, 0), numbered.get(pk))
        for pk in wanted
        if pk in people
    ]


def _open_counts(organization: Organization, ids: list[int]) -> dict[int, int]:
    rows: Any = Ticket.objects.filter(
        organization=organization, customer_id__in=ids, state__in=OPEN_STATES
    ).values_list("customer_id", flat=True)
    counts: dict[int, int] = {}
    for customer_id in rows:
        counts[customer_id] = counts.get(customer_id, 0) + 1
    return counts
