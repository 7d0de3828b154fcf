"""Audit lines as sentences. A code nobody wrote a sentence for is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from channels_social.enums import AccountMode, AccountState
from helpdesk.tenancy.permissions import Role
from tickets.enums import PqrKind
from tickets.settings.filing_words import decided

SENTENCES = {
    "organization.opened": gettext_noop("Se abrió la empresa en el sistema"),
    "account.connected": gettext_noop("Conectó la cuenta %(account)s"),
    "account.reconnected": gettext_noop("Volvió a conectar la cuenta %(account)s"),
    "account.paused": gettext_noop("La cuenta %(account)s se detuvo: %(state)s"),
    "account.disconnected": gettext_noop("Desconectó la cuenta %(account)s"),
    "account.mode_changed": gettext_noop("Cambió la cuenta %(account)s a «%(mode)s»"),
    "member.invited": gettext_noop("Invitó a %(member)s como %(role)s"),
    "member.invited_again": gettext_noop("Volvió a enviar la invitación a %(member)s"),
    "member.role_changed": gettext_noop("Cambió el rol de %(member)s: de %(former)s a %(role)s"),
    "member.deactivated": gettext_noop("Quitó el acceso a %(member)s"),
    "member.reactivated": gettext_noop("Devolvió el acceso a %(member)s"),
    "filing.decided": gettext_noop("Cambió la radicación: %(what)s, %(value)s"),
    "entry.replayed": gettext_noop("Mandó a procesar otra vez la entrada %(event)s"),
    "ticket.opened": gettext_noop("Se abrió el caso"),
    "ticket.assigned": gettext_noop("Asignó el caso a %(to)s"),
    "ticket.kind_changed": gettext_noop("Cambió el tipo a %(kind)s"),
    "ticket.resolved": gettext_noop("Resolvió el caso"),
    "ticket.reopened": gettext_noop("Se reabrió el caso"),
    "ticket.waiting_customer": gettext_noop("Lo dejó pendiente del cliente"),
    "ticket.filed": gettext_noop("Radicó el caso: %(radicado)s"),
    "ticket.joined": gettext_noop("Unió dos casos"),
    "ticket.join_undone": gettext_noop("Deshizo la unión de dos casos"),
    "ticket.split": gettext_noop("Separó mensajes en otro caso"),
    "ticket.split_undone": gettext_noop("Deshizo la separación de un caso"),
    "reference.added": gettext_noop("Añadió un número de otro sistema: %(number)s"),
    "reference.changed": gettext_noop("Cambió el estado de un número de otro sistema: %(number)s"),
    "reference.removed": gettext_noop("Quitó un número de otro sistema: %(number)s"),
    "ticket.wait_ended": gettext_noop("Terminó la espera del cliente"),
    "note.added": gettext_noop("Escribió una nota"),
    "reply.queued": gettext_noop("Escribió una respuesta"),
    "reply.sent": gettext_noop("La respuesta salió"),
    "reply.failed": gettext_noop("La respuesta no salió"),
    "reply.unknown": gettext_noop("No se sabe si la respuesta salió"),
    "reply.retrying": gettext_noop("La respuesta se reintenta"),
    "reply.held": gettext_noop("La respuesta quedó retenida"),
    "reply.cancelled": gettext_noop("La respuesta quedó cancelada"),
    "reply.cancel": gettext_noop("Canceló una respuesta"),
    "reply.approve": gettext_noop("Aprobó una respuesta"),
    "reply.retry": gettext_noop("Mandó a intentar otra vez una respuesta"),
    "reply.settle_sent": gettext_noop("Confirmó que una respuesta sí salió"),
    "reply.settle_again": gettext_noop("Mandó una respuesta otra vez: confirmó que no había salido"),
}
# Data that is a code: what it is called on screen.
CODES = {"state": AccountState, "mode": AccountMode, "role": Role, "former": Role, "kind": PqrKind}


def sentence_of(
    action: str, data: Mapping[str, Any], accounts: Mapping[int, str], members: Mapping[int, str]
) -> str:
    """What happened, in words. ``accounts`` and ``members`` give names to ids."""
    words = SENTENCES.get(action)
    if words is None:
        return action
    said = {"event": str(data.get("event", "")), "account": accounts.get(data.get("account", 0), "?")}
    said["member"] = members.get(data.get("member", 0), "?")
    said["to"] = members.get(data.get("to") or 0, _("nadie"))
    said |= decided(data) | {name: str(data.get(name, "")) for name in ("radicado", "number")}
    for name, choices in CODES.items():
        value = data.get(name)
        said[name] = str(choices(value).label) if value in choices.values else str(value or "?")
    return _(words) % said
