"""The story of a case: messages, notes and what happened, as its templates need them. Inside ``tenant``."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.planned import ask
from helpdesk.ui.text import text_with_links
from tickets.cases.models import Ticket
from tickets.console.queries.after_words import AFTER_EVENTS, after_event
from tickets.console.queries.file_words import FILE_WORDS, told_of_file
from tickets.console.queries.letters import AREA_EVENTS, area_event
from tickets.console.queries.messages import Item, messages_where
from tickets.console.queries.promise_words import PROMISE_EVENTS, promise_event
from tickets.enums import PqrKind, TicketState

# Notes and audit lines in one statement: both are short and both hang from the case.
BESIDES = """
SELECT 'note', n.id, n.at, n.text,
       CASE WHEN n.by = '' THEN coalesce(a.display_name, 'API: ' || k.name, '')
            ELSE concat_ws(' · ', n.by, a.display_name) END,
       CASE WHEN n.by = '' THEN coalesce(a.initials, k.initials, '') ELSE '' END, NULL::jsonb
FROM tickets_note n LEFT JOIN helpdesk_membership a ON a.organization_id = n.organization_id AND a.id = n.author_id
LEFT JOIN helpdesk_apitoken k ON k.organization_id = n.organization_id AND k.id = n.token_id
WHERE n.organization_id = %(org)s AND n.ticket_id = %(ticket)s
UNION ALL
SELECT 'event', e.id, e.at, e.action, coalesce(a.display_name, 'API: ' || k.name, ''),
       coalesce(a.initials, k.initials, ''),
       CASE WHEN r.id IS NULL THEN e.data ELSE e.data || jsonb_build_object('area_name', r.name) END
FROM helpdesk_auditevent e
LEFT JOIN tickets_area r ON r.organization_id = e.organization_id AND r.id = (e.data->>'area')::bigint
LEFT JOIN helpdesk_membership a ON a.organization_id = e.organization_id AND a.id = e.actor_id
LEFT JOIN helpdesk_apitoken k ON k.organization_id = e.organization_id AND k.id = e.token_id
WHERE e.organization_id = %(org)s AND e.ticket_id = %(ticket)s AND e.action = ANY(%(told)s)
ORDER BY 3 LIMIT 500
"""
TOLD = [
    "ticket.assigned",
    "ticket.returned",
    "ticket.put_aside",
    "ticket.put_aside_undone",
    "message.needs_attention",
    "message.attention_undone",
    "ticket.resolved",
    "ticket.reopened",
    "ticket.kind_changed",
    "ticket.waiting_customer",
    "ticket.registered",
    "ticket.contacted",
    "ticket.filed",
    "ticket.joined",
    "ticket.join_undone",
    "ticket.split",
    "ticket.split_undone",
    "thread.rehung",
    "term.desisted",
    "reference.added",
    "reference.removed",
    "escalation.applied",
    "alarm.raised",
    "alarm.acknowledged",
    *AFTER_EVENTS,
    *AREA_EVENTS,
    *PROMISE_EVENTS,
]


def story_of(ticket: Ticket, organization: Organization, *, is_masked: bool = False) -> list[Item]:
    """The newest five hundred messages with notes and events between them, oldest first.

    ``is_masked``: the reader sees customers' personal data only by asking.
    """
    items = messages_where(organization, "m.ticket_id = %s", [ticket.pk], is_masked=is_masked)
    items += _besides(ticket, organization)
    return sorted(items, key=lambda item: (item.at, item.id))


def _besides(ticket: Ticket, organization: Organization) -> list[Item]:
    with connection.cursor() as cursor:
        ask(cursor, BESIDES, {"org": organization.pk, "ticket": ticket.pk, "told": TOLD})
        rows = cursor.fetchall()
    items = []
    for kind, pk, at, text, author, initials, data in rows:
        html = text_with_links(text) if kind == "note" else _told(text, author, data or {})
        items.append(Item(f"{kind}-{pk}", kind, at, html, author_name=author, author_initials=initials))
    return items


def _told(action: str, author: str, data: dict[str, Any] | str) -> SafeString:
    """An audit line as a sentence."""

    facts = json.loads(data) if isinstance(data, str) else data
    if action in AFTER_EVENTS:
        return after_event(action, author, facts)
    if action in AREA_EVENTS:
        return area_event(action, author, facts)
    if action in PROMISE_EVENTS:
        return promise_event(action, author, facts)
    who = escape(author or _("El sistema"))
    match action:
        case "ticket.assigned":
            text = _("%s asignó el caso") if facts.get("to") else _("%s dejó el caso sin asignar")
        case "ticket.returned":
            text = _("Volvió a la cola: el cliente escribió y quien tenía el caso no estaba")
        case "ticket.put_aside":
            text = _("%s dijo que no requiere atención")
        case "ticket.put_aside_undone":
            text = _("%s lo devolvió a la cola")
        case "message.needs_attention":
            text = _("%s dijo que sí requiere atención")
        case "message.attention_undone":
            text = _("%s deshizo que requiriera atención")
        case "ticket.resolved":
            text = _("%s resolvió el caso")
        case "ticket.reopened":
            text = (
                _("El cliente reabrió el caso") if facts.get("by") == "customer" else _("%s reabrió el caso")
            )
        case "ticket.waiting_customer":
            text = _("%s espera al cliente")
        case "ticket.registered":
            is_theirs = facts.get("source") == "site"
            text = (
                _("El cliente abrió el caso por el formulario")
                if is_theirs
                else _("%s registró el caso a mano")
            )
        case "ticket.contacted":
            is_theirs = facts.get("source") == "site"
            text = _("%s registró otro contacto en este caso")
            text = _("El cliente añadió información desde su página") if is_theirs else text
        case "escalation.applied":
            text = _escalated(facts)
        case "alarm.raised":
            text = _("Sonó una alarma por este caso")
        case "alarm.acknowledged":
            text = _("%s atendió la alarma")
        case _ if action in FILE_WORDS:
            return told_of_file(action, author, facts)
        case _:
            said = escape(_("%s cambió el tipo a %s")) % (who, escape(_kind(facts.get("kind", ""))))
            why = f": {escape(facts['reason'])}" if facts.get("reason") else ""
            return SafeString(said + why)
    return SafeString(escape(text) % who) if "%s" in text else SafeString(escape(text))


def _escalated(facts: dict[str, Any]) -> str:
    """What a rule did, and why: it stands where a colleague's note would."""
    why = {
        "warned": _("un reloj está por vencer"),
        "breached": _("venció un reloj"),
        "promise_warned": _("se acerca una fecha comprometida"),
        "promise_broken": _("se incumplió una fecha comprometida"),
    }.get(facts.get("what", ""), "")
    did = [_("se avisó")] if facts.get("people") else []
    did += [_("subió la prioridad")] if facts.get("raised") else []
    did += (
        [_("pasó a otra persona") if facts.get("to") else _("volvió a la cola")] if facts.get("moved") else []
    )
    return _("Escaló por regla: %(why)s (%(did)s)") % {"why": why, "did": ", ".join(did) or _("nada más")}


def _kind(value: str) -> str:
    return str(PqrKind(value).label) if value in PqrKind.values else value


def state_label(state: str) -> str:
    """A state as the screen says it."""
    return str(TicketState(state).label)
