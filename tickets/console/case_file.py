"""What a case has on file: its radicados, its numbers elsewhere, what it took in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext as _

from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from helpdesk.ui.addresses import address
from tickets.cases.filings import System
from tickets.cases.models import Telling, Ticket
from tickets.clocks.models import Clock, Proof
from tickets.enums import TicketState
from tickets.replies.case_sentences import NOT_TOLD
from tickets.replies.notification import NotificationChannel

ON_FILE = """
SELECT 'filing', f.id, f.radicado, f.telling, f.telling_code, f.told_at, f.received_at::date
FROM tickets_filing f WHERE f.organization_id = %(org)s AND f.ticket_id = %(ticket)s
UNION ALL
SELECT 'answer', d.id, d.proof, CASE WHEN o.read_at IS NOT NULL THEN 'read' WHEN o.delivered_at IS NOT NULL
    THEN 'delivered' ELSE d.proof END, '', coalesce(o.read_at, o.delivered_at, d.notified_at), NULL
FROM tickets_definitiveanswer d
LEFT JOIN tickets_message a ON a.organization_id = d.organization_id AND a.id = d.message_id
LEFT JOIN channels_social_outboundaction o ON o.organization_id = a.organization_id AND o.id = a.action_id
    AND d.proof = 'sent'
WHERE d.organization_id = %(org)s AND d.ticket_id = %(ticket)s
UNION ALL
(SELECT 'wait', w.id, w.outcome, CASE WHEN w.reminded_at IS NULL THEN '' ELSE 'reminded' END, '', w.close_at, NULL
 FROM tickets_wait w WHERE w.organization_id = %(org)s AND w.ticket_id = %(ticket)s ORDER BY w.id DESC LIMIT 1)
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


def file_of(
    rows: Iterable[Row],
    ticket: Ticket,
    member: Membership,
    slug: str,
    term: Clock | None,
    channel: NotificationChannel | None,
) -> dict[str, Any]:
    """For the head of a case: numbers it goes by, and what this member may do about them. ``rows`` of ``ON_FILE``.

    ``term`` is the legal term that runs, and ``channel`` what is left to notify its answer by.
    """
    rows = list(rows)
    return {
        "also": [row[2] for row in rows if row[0] == "filing" and row[2] != ticket.radicado],
        "telling": _telling([row for row in rows if row[0] == "filing"]),
        "references": [_reference(row) for row in rows if row[0] == "reference"],
        "move": next((_move(row, slug) for row in rows if row[0] == "move"), None),
        "term": _term([row[2] for row in rows if row[0] == "answer"], term, channel),
        "proof": next((_proof(row) for row in reversed(rows) if row[0] == "answer"), None),
        "wait": next((_wait(row, ticket) for row in rows if row[0] == "wait"), ""),
        "urls": _urls(ticket, member, slug) | _term_urls(ticket, member, slug, term),
    }


def _proof(row: Row) -> SimpleNamespace | None:
    """How it is known that the definitive answer reached the customer: the strongest proof there is."""
    _kind, _pk, proof, shown_by, _code, at, _day = row
    if proof == Proof.WAITING:
        return None
    words = {
        "sent": _("Respuesta de fondo enviada en privado"),
        "delivered": _("Respuesta de fondo entregada"),
        "read": _("Respuesta de fondo leída"),
        "constancy": _("Respuesta de fondo con constancia"),
    }
    return SimpleNamespace(says=words[shown_by], at=at)


def _wait(row: Row, ticket: Ticket) -> str:
    """That nobody answered us; or that they were reminded."""
    _kind, _pk, outcome, reminded, *_rest = row
    if outcome == "no_answer" and ticket.state == TicketState.RESOLVED:
        return _("Cerrado sin respuesta del cliente: si escribe, se reabre")
    if outcome == "desisted" and ticket.state == TicketState.RESOLVED:
        return _("Archivado por desistimiento: nadie completó la petición; si escribe, se reabre")
    if reminded and ticket.state == TicketState.WAITING_CUSTOMER:
        return _("Ya se le recordó; si no responde, se cierra solo")
    return ""


def _term(
    proofs: list[str], term: Clock | None, channel: NotificationChannel | None
) -> SimpleNamespace | None:
    """What stands between a filed case and the end of its term."""
    if term is None:
        return None
    says = (
        _("Término suspendido: falta lo que se le pidió al cliente")
        if term.paused_at is not None
        else _("Respuesta de fondo marcada, sin notificar")
        if Proof.WAITING in proofs
        else _("Falta la respuesta de fondo")
    )
    if channel is None or channel.is_open_then:
        return SimpleNamespace(says=says, warns="", shuts_at=None)
    warns = _("Sin canal de notificación para cuando venza")
    if channel.is_single:
        warns = _("Sin canal de notificación: queda una sola respuesta privada, hasta")
    elif channel.shuts_at is not None:
        warns = _("Sin canal de notificación: Messenger se cierra")
    return SimpleNamespace(says=says, warns=warns, shuts_at=channel.shuts_at)


def _term_urls(ticket: Ticket, member: Membership, slug: str, term: Clock | None) -> dict[str, str]:
    """What may be done about the term that runs."""
    extends = member.can(Permission.EXTEND_TERM) or member.asks(Permission.EXTEND_TERM)
    allowed = {
        "definitive": member.can(Permission.FILE_CASES),
        "extension": extends and "extended" not in term.why if term else False,
        "suspension": member.can(Permission.FILE_CASES) and term.paused_at is None if term else False,
    }
    return {name: address(name, slug, ticket.number) for name, may in allowed.items() if may and term}


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
    return SimpleNamespace(id=pk, label=label % number, url=address("move_undo", slug, pk))


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
    return {name: address(name, slug, ticket.number) for name, may in allowed.items() if may}
