"""Audit lines as sentences. A code nobody wrote a sentence for is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from channels_social.enums import AccountMode, AccountState
from helpdesk.tenancy.permissions import Role
from tickets.enums import PqrKind

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
    "token.made": gettext_noop("Creó la clave de la API «%(token)s»"),
    "token.approved": gettext_noop("Aprobó la clave de la API «%(token)s»"),
    "token.revoked": gettext_noop("Anuló la clave de la API «%(token)s»"),
    "webhook.subscribed": gettext_noop("Pidió avisar a otro sistema"),
    "webhook.unsubscribed": gettext_noop("Dejó de avisar a otro sistema"),
    "webhook.switched_on": gettext_noop("Encendió los avisos a otro sistema"),
    "webhook.switched_off": gettext_noop("Apagó los avisos a otro sistema"),
    "webhook.replayed": gettext_noop("Mandó entregar otra vez un aviso"),
    "webhook.gave_up": gettext_noop("Los avisos a otro sistema se apagaron: fallaban siempre"),
    "customer.renamed": gettext_noop("Corrigió el nombre del cliente"),
    "entry.replayed": gettext_noop("Mandó a procesar otra vez la entrada %(event)s"),
    "ticket.opened": gettext_noop("Se abrió el caso"),
    "ticket.assigned": gettext_noop("Asignó el caso a %(to)s"),
    "ticket.kind_changed": gettext_noop("Cambió el tipo a %(kind)s"),
    "ticket.priority_changed": gettext_noop("Cambió la prioridad"),
    "ticket.resolved": gettext_noop("Resolvió el caso"),
    "ticket.reopened": gettext_noop("Se reabrió el caso"),
    "ticket.waiting_customer": gettext_noop("Lo dejó pendiente del cliente"),
    "ticket.wait_ended": gettext_noop("Terminó la espera del cliente"),
    "ticket.registered": gettext_noop("Registró el caso a mano"),
    "ticket.contacted": gettext_noop("Registró otro contacto en el caso"),
    "reply.spoken": gettext_noop("Registró lo que contestó de viva voz"),
    "door_key.made": gettext_noop("Creó una clave para otro sistema"),
    "door_key.replaced": gettext_noop("Renovó la clave de otro sistema"),
    "door_key.revoked": gettext_noop("Retiró la clave de otro sistema"),
    "import.received": gettext_noop("Subió un archivo de casos"),
    "import.started": gettext_noop("Empezó a importar un archivo de casos"),
    "import.finished": gettext_noop("Se terminó de importar un archivo de casos"),
    "import.cancelled": gettext_noop("Canceló un archivo de casos"),
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
    action: str,
    data: Mapping[str, Any],
    accounts: Mapping[int, str],
    members: Mapping[int, str],
    keys: Mapping[int, str] | None = None,
) -> str:
    """What happened, in words. ``accounts`` and ``members`` give names to ids."""
    words = SENTENCES.get(action)
    if words is None:
        return action
    said = {"event": str(data.get("event", "")), "account": accounts.get(data.get("account", 0), "?")}
    said["member"] = members.get(data.get("member", 0), "?")
    said["token"] = (keys or {}).get(data.get("token", 0), "?")
    said["to"] = members.get(data.get("to") or 0, _("nadie"))
    for name, choices in CODES.items():
        value = data.get(name)
        said[name] = str(choices(value).label) if value in choices.values else str(value or "?")
    return _(words) % said
