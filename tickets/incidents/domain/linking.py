"""Cases that hang from an incident, by hand or by likeness. Inside ``tenant``: only cases who asks may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from helpdesk import audit
from helpdesk.tenancy.models import Membership
from tickets.cases.models import Ticket
from tickets.enums import OPEN_STATES, TicketState
from tickets.incidents.enums import LinkCause
from tickets.incidents.models import Incident, IncidentCase
from tickets.incidents.rules.bulk import MOST
from tickets.incidents.rules.likeness import Said, shared_words, told_words

# Looked at: the newest open cases since a little before it began. Shown: as many as are answered at once.
READ, SHOWN = 3000, MOST
BEFORE = timedelta(hours=2)
NEWEST = """
SELECT t.id, t.number, t.radicado, c.name, t.channel, t.opened_at, said.text
FROM (SELECT id, number, radicado, customer_id, channel, opened_at FROM tickets_ticket
      WHERE organization_id = %(org)s AND state = ANY(%(open)s) AND NOT is_reserved
      ORDER BY id DESC LIMIT %(read)s) t
JOIN tickets_customer c ON c.organization_id = %(org)s AND c.id = t.customer_id
CROSS JOIN LATERAL (
    SELECT left(m.text, 600) AS text FROM tickets_message m
    WHERE m.organization_id = %(org)s AND m.ticket_id = t.id AND m.direction = 'in' AND m.deleted_at IS NULL
    ORDER BY m.occurred_at, m.id LIMIT 1) said
WHERE t.opened_at >= %(since)s AND NOT EXISTS (
    SELECT 1 FROM tickets_incidentcase l
    WHERE l.organization_id = %(org)s AND l.incident_id = %(incident)s AND l.ticket_id = t.id)
ORDER BY t.id DESC
"""


@dataclass(frozen=True, slots=True)
class Alike:
    """A case that may belong to an incident, with the words that say so."""

    ticket_id: int
    number: int
    radicado: str | None
    name: str
    channel: str
    opened_at: datetime
    text: str
    words: list[str]


def alike_cases(incident: Incident) -> list[Alike]:
    """Open cases whose first words share some with the incident, those that share most first."""
    terms = told_words(f"{incident.title} {incident.situation} {' '.join(incident.words)}")
    found = []
    for ticket_id, *facts, text in _newest(incident):
        words = shared_words(Said(ticket_id, told_words(text)), terms)
        if words:
            found.append(Alike(ticket_id, *facts, text=text, words=words))
    return sorted(found, key=lambda one: -len(one.words))[:SHOWN]


@transaction.atomic
def link(incident: Incident, ticket_ids: Sequence[int], *, by: Membership | None, cause: LinkCause) -> int:
    """Hang cases from it; how many are new. For a likeness, with the words that made it. Joined cases are left out."""
    tickets = Ticket.objects.filter(pk__in=list(ticket_ids)).exclude(state=TicketState.JOINED)
    keys = list(tickets.order_by("pk").values_list("pk", flat=True))
    known = IncidentCase.objects.filter(incident=incident, ticket_id__in=keys)
    fresh = [key for key in keys if key not in set(known.values_list("ticket_id", flat=True))]
    words = _words(incident, fresh) if cause == LinkCause.LIKENESS else {}
    IncidentCase.objects.bulk_create(
        [
            IncidentCase(
                organization_id=incident.organization_id, incident=incident, ticket_id=key, cause=cause,
                words=[word[:40] for word in words.get(key, [])[:8]], linked_by=by,
            )
            for key in fresh
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    _record_all(incident, fresh, "incident.case_linked", by, cause)
    return len(fresh)


@transaction.atomic
def unlink(incident: Incident, ticket_id: int, *, by: Membership) -> bool:
    """It does not belong to it after all; False when it did not hang from it."""
    gone, _each = IncidentCase.objects.filter(incident=incident, ticket_id=ticket_id).delete()
    if gone:
        _record_all(incident, [ticket_id], "incident.case_unlinked", by, "")
    return bool(gone)


def _newest(incident: Incident) -> list[tuple]:
    asked = {
        "org": incident.organization_id, "open": [state.value for state in OPEN_STATES], "read": READ,
        "since": min(incident.starts_at, incident.created_at) - BEFORE, "incident": incident.pk,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, asked)
        return cursor.fetchall()


def _words(incident: Incident, keys: Iterable[int]) -> dict[int, list[str]]:
    wanted = set(keys)
    return {one.ticket_id: one.words for one in alike_cases(incident) if one.ticket_id in wanted}


def _record_all(
    incident: Incident, keys: Iterable[int], action: str, by: Membership | None, cause: str
) -> None:
    audit.record_all(
        incident.organization_id, action, ((key, {}) for key in keys), actor_id=by.pk if by else None,
        incident=incident.pk, number=incident.number, cause=str(cause),
    )  # fmt: skip
