"""A person's other open cases, on every channel: known before an answer is written. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from helpdesk import audit
from helpdesk.tenancy.models import Membership
from tickets.cases.models import Ticket
from tickets.customers.domain.queries.suggestions import suggestions
from tickets.customers.models import Customer
from tickets.enums import OPEN_STATES
from tickets.replies.models import KeptApart
from tickets.replies.rules.generic import asks_to_write, is_generic

MOST = 12
_OPEN = [state.value for state in OPEN_STATES]
CASES = """
SELECT t.id, t.number, t.radicado, t.customer_id, c.name, t.channel, t.state, t.last_text, t.opened_at,
       t.next_deadline_at AS due_at, t.next_clock_kind AS clock_kind, coalesce(r.numbers, '{}') AS references,
       r.due_on, coalesce(m.initials, '') AS kept_by, k.at AS kept_at
FROM tickets_ticket t
JOIN tickets_customer c ON c.organization_id = t.organization_id AND c.id = t.customer_id
LEFT JOIN LATERAL (
    SELECT array_agg(CASE WHEN number ILIKE system || '%%' THEN number ELSE upper(system) || ' ' || number END
                     ORDER BY id) AS numbers, min(due_on) AS due_on
    FROM tickets_reference WHERE organization_id = t.organization_id AND ticket_id = t.id) r ON true
LEFT JOIN tickets_keptapart k
ON k.organization_id = t.organization_id AND k.ticket_id = %(ticket)s AND k.other_id = t.id
LEFT JOIN helpdesk_membership m ON m.organization_id = t.organization_id AND m.id = k.by_id
WHERE t.organization_id = %(org)s AND t.customer_id = ANY(%(customers)s) AND t.id <> %(ticket)s
AND t.state = ANY(%(open)s)
ORDER BY t.id DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Another open case. ``kept_by`` went on without it, ``kept_at`` then."""

    id: int
    number: int
    radicado: str | None
    customer_id: int
    name: str
    channel: str
    state: str
    last_text: str
    opened_at: datetime
    due_at: datetime | None
    clock_kind: str
    references: list[str]
    due_on: date | None
    kept_by: str
    kept_at: datetime | None

    @classmethod
    def told(cls, row: dict[str, Any]) -> OpenCase:
        """One that came as JSON."""
        instants = {
            name: datetime.fromisoformat(row[name])
            for name in ("opened_at", "due_at", "kept_at")
            if row[name]
        }
        day = {"due_on": date.fromisoformat(row["due_on"])} if row["due_on"] else {}
        return cls(**(row | instants | day))

    @property
    def shown_number(self) -> str:
        """What people call it by."""
        return self.radicado or str(self.number)

    @property
    def numbers(self) -> list[str]:
        """Every number it answers to; a reference without the name of its system too."""
        return [self.shown_number, *self.references, *(one.split(" ", 1)[-1] for one in self.references)]


def open_cases(ticket: Ticket) -> list[OpenCase]:
    """The other open cases of this customer, newest first; one statement."""
    return _cases(ticket, [ticket.customer_id])


def likely_cases(ticket: Ticket) -> list[OpenCase]:
    """Open cases of people who are, by something strong, the same person; see ``suggestions``."""
    customer = Customer.objects.get(pk=ticket.customer_id)
    people = [one.customer_id for one in suggestions(customer) if one.is_strong]
    return _cases(ticket, people) if people else []


def _cases(ticket: Ticket, customers: Sequence[int]) -> list[OpenCase]:
    with connection.cursor() as cursor:
        cursor.execute(CASES, asked_for(ticket, customers))
        return [OpenCase(*row) for row in cursor.fetchall()]


def asked_for(ticket: Ticket, customers: Sequence[int]) -> dict[str, Any]:
    """The parameters of ``CASES``."""
    return {"org": ticket.organization_id, "ticket": ticket.pk, "customers": list(customers), "open": _OPEN,
            "most": MOST}  # fmt: skip


def stopping(ticket: Ticket, text: str) -> list[OpenCase]:
    """The open cases for which this answer may not go out: it only asks the person to write in private.

    Not those somebody already went on without, nor when the answer names one of them.
    """
    if not asks_to_write(text):
        return []
    cases = [case for case in open_cases(ticket) + likely_cases(ticket) if case.kept_at is None]
    numbers = [number for case in cases for number in case.numbers]
    return cases if is_generic(text, numbers) else []


def go_on_apart(ticket: Ticket, others: Sequence[int], *, by: Membership) -> list[int]:
    """Record that ``by`` saw these cases and goes on with this one alone; those that were new to be recorded."""
    theirs = list(
        Ticket.objects.filter(organization_id=ticket.organization_id, pk__in=list(others)[:MOST])
        .exclude(pk=ticket.pk)
        .values_list("pk", flat=True)
    )
    fresh = [pk for pk in sorted(theirs) if _keep(ticket, pk, by)]
    if fresh:
        Ticket.objects.filter(pk=ticket.pk).update(version=ticket.version + 1)
        ticket.version += 1
        audit.record(
            ticket.organization_id, "ticket.kept_apart", actor_id=by.pk, ticket_id=ticket.pk, others=fresh
        )
    return fresh


def _keep(ticket: Ticket, other: int, by: Membership) -> bool:
    _row, is_new = KeptApart.objects.get_or_create(
        organization_id=ticket.organization_id, ticket=ticket, other_id=other, defaults={"by": by}
    )
    return is_new
