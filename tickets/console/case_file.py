"""What a case has on file: its radicados, its numbers elsewhere, what it took in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.cases.filings import System
from tickets.cases.models import Telling, Ticket
from tickets.enums import TicketState
from tickets.replies.case_sentences import NOT_TOLD

ON_FILE = """
SELECT 'filing', f.id, f.radicado, f.telling, f.telling_code, f.told_at, f.received_at::date
FROM tickets_filing f WHERE f.organization_id = %(org)s AND f.ticket_id = %(ticket)s
UNION ALL
SELECT 'reference', r.id, r.number, r.system, r.state, NULL, r.due_on
FROM tickets_reference r WHERE r.organization_id = %(org)s AND r.ticket_id = %(ticket)s
UNION ALL
(SELECT 'move', m.id, coalesce(o.radicado, o.number::text), m.kind, '', m.at, NULL
 FROM tickets_casemove m JOIN tickets_ticket o ON o.organization_id = m.organization_id AND o.id = m.other_id
 WHERE m.organization_id = %(org)s AND m.kept_id = %(ticket)s AND m.undone_at IS NULL
 ORDER BY m.id DESC LIMIT 1)
ORDER BY 1, 2
"""
Row = tuple[str, int, str, str, str, datetime | None, date | None]


def file_of(rows: Iterable[Row], ticket: Ticket, member: Membership, slug: str) -> dict[str, Any]:
    """For the head of a case: numbers it goes by, and what this member may do about them. ``rows`` of ``ON_FILE``."""
    rows = list(rows)
    return {
        "also": [row[2] for row in rows if row[0] == "filing" and row[2] != ticket.radicado],
        "telling": _telling([row for row in rows if row[0] == "filing"]),
        "references": [_reference(row) for row in rows if row[0] == "reference"],
        "move": next((_move(row, slug) for row in rows if row[0] == "move"), None),
        "urls": _urls(ticket, member, slug),
    }


def _telling(filings: list[Row]) -> str:
    """Why a customer does not know their number, if they do not."""
    for _kind, _pk, radicado, telling, code, _told, _day in filings:
        if telling == Telling.NOT_TOLD:
            why = _(NOT_TOLD.get(code, NOT_TOLD["no_target"]))
            return _("El cliente no sabe su radicado %(number)s: %(why)s.") % {"number": radicado, "why": why}
    return ""


def _reference(row: Row) -> SimpleNamespace:
    _kind, pk, number, system, state, _none, due_on = row
    return SimpleNamespace(id=pk, number=number, system=System(system).label, state=state, due_on=due_on)


def _move(row: Row, slug: str) -> SimpleNamespace:
    _kind, pk, number, kind, _state, _at, _none = row
    label = _("Deshacer la unión con %s") if kind == "join" else _("Deshacer la separación de %s")
    return SimpleNamespace(id=pk, label=label % number, url=reverse("move_undo", args=[slug, pk]))


def _urls(ticket: Ticket, member: Membership, slug: str) -> dict[str, str]:
    """What may be done here and now, by name."""
    if ticket.state == TicketState.JOINED:
        return {}
    allowed = {
        "file_case": member.can(Permission.FILE_CASES) and ticket.radicado is None,
        "references": member.can(Permission.WRITE_NOTES),
        "join": member.can(Permission.JOIN_CASES) and ticket.is_open,
        "split": member.can(Permission.JOIN_CASES) and ticket.is_open,
    }
    return {name: reverse(name, args=[slug, ticket.number]) for name, may in allowed.items() if may}
