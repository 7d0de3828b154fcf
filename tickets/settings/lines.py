"""Audit lines as sentences. A code nobody wrote a sentence for is shown as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from channels_social.enums import AccountMode, AccountState
from helpdesk.tenancy.models import Presence
from helpdesk.tenancy.permissions import Role
from tickets.aftercontact.models import Contact
from tickets.enums import IdentityCheck, PqrKind, Priority
from tickets.settings.filing_words import decided

SENTENCES = {
    "organization.opened": gettext_noop("Se abrió la empresa en el sistema"),
    "account.connected": gettext_noop("Conectó la cuenta %(account)s"),
    "account.reconnected": gettext_noop("Volvió a conectar la cuenta %(account)s"),
    "account.paused": gettext_noop("La cuenta %(account)s se detuvo: %(state)s"),
    "account.person_forgotten": gettext_noop(
        "Se borró el permiso de quien conectó %(account)s: lo pidió en Facebook"
    ),
    "account.disconnected": gettext_noop("Desconectó la cuenta %(account)s"),
    "account.flooded": gettext_noop("Llegó una avalancha de correos a %(account)s"),
    "area.created": gettext_noop("Agregó un área"),
    "area.changed": gettext_noop("Cambió un área"),
    "area.activated": gettext_noop("Volvió a dejar consultar un área"),
    "area.deactivated": gettext_noop("Dejó de consultar un área"),
    "area.asked": gettext_noop("Consultó a un área"),
    "area.answered": gettext_noop("Un área respondió"),
    "area.cancelled": gettext_noop("Canceló la consulta a un área"),
    "area.reminded": gettext_noop("Se recordó una consulta a un área"),
    "area.overdue": gettext_noop("Un área no respondió a tiempo"),
    "area.bounced": gettext_noop("El correo a un área no se pudo entregar"),
    "reply.bounced": gettext_noop("El servidor del cliente devolvió una respuesta"),
    "area.answer_refused": gettext_noop("No se aceptó un correo que dice ser de un área"),
    "account.mode_changed": gettext_noop("Cambió la cuenta %(account)s a «%(mode)s»"),
    "member.invited": gettext_noop("Invitó a %(member)s como %(role)s"),
    "member.invited_again": gettext_noop("Volvió a enviar la invitación a %(member)s"),
    "member.invitation_revoked": gettext_noop("Retiró la invitación a %(member)s"),
    "member.accepted": gettext_noop("%(member)s aceptó la invitación"),
    "member.presence": gettext_noop("%(member)s: %(presence)s"),
    "member.shifts_changed": gettext_noop("Cambió el turno de %(member)s"),
    "member.training_changed": gettext_noop("Cambió la capacitación o el supervisor de %(member)s"),
    "member.photo_set": gettext_noop("%(member)s puso su foto"),
    "member.photo_dropped": gettext_noop("Se quitó la foto de %(member)s"),
    "member.photo_published": gettext_noop("%(member)s aceptó que los clientes vean su foto"),
    "member.photo_unpublished": gettext_noop(
        "%(member)s retiró el permiso para que los clientes vean su foto"
    ),
    "reply.returned": gettext_noop("Devolvió a %(member)s una respuesta que esperaba aprobación"),
    "practice.answered": gettext_noop("Respondió un caso de práctica"),
    "practice.feedback": gettext_noop("Comentó lo que %(member)s practicó"),
    "on_call.added": gettext_noop("Puso de guardia a %(member)s"),
    "on_call.dropped": gettext_noop("Quitó una guardia de %(member)s"),
    "on_call.swapped": gettext_noop("%(to)s queda en la guardia de %(member)s por un tiempo"),
    "on_call.swap_dropped": gettext_noop("Quitó un reemplazo en la guardia de %(member)s"),
    "incident.proposed": gettext_noop("Propuso una novedad del servicio"),
    "incident.declared": gettext_noop("Declaró una novedad del servicio"),
    "incident.changed": gettext_noop("Cambió lo que dice una novedad del servicio"),
    "incident.closed": gettext_noop("Cerró una novedad del servicio"),
    "incident.reopened": gettext_noop("Reabrió una novedad del servicio"),
    "incident.dismissed": gettext_noop("Descartó una novedad del servicio"),
    "incident.notice_written": gettext_noop("Pidió publicar el aviso de una novedad"),
    "incident.notice_published": gettext_noop("Aprobó y publicó el aviso de una novedad"),
    "incident.notice_refused": gettext_noop("No aprobó el aviso de una novedad"),
    "incident.notice_withdrawn": gettext_noop("Retiró el aviso de una novedad"),
    "incident.case_linked": gettext_noop("Ligó el caso a una novedad del servicio"),
    "incident.case_unlinked": gettext_noop("Desligó el caso de una novedad del servicio"),
    "incident.batch_queued": gettext_noop("Respondió en lote a los casos de una novedad"),
    "incident.batch_stopped": gettext_noop("Detuvo las respuestas en lote que no habían salido"),
    "escalation.added": gettext_noop("Añadió una regla de escalamiento"),
    "escalation.changed": gettext_noop("Cambió una regla de escalamiento"),
    "escalation.dropped": gettext_noop("Quitó una regla de escalamiento"),
    "escalation.switched_on": gettext_noop("Encendió una regla de escalamiento"),
    "escalation.switched_off": gettext_noop("Apagó una regla de escalamiento"),
    "escalation.applied": gettext_noop("Una regla de escalamiento actuó sobre el caso"),
    "alarm.raised": gettext_noop("Sonó una alarma para %(to)s"),
    "alarm.acknowledged": gettext_noop("Atendió una alarma"),
    "alarm.passed": gettext_noop("Una alarma sin atender pasó a %(to)s"),
    "alarm.unheard": gettext_noop("Nadie atendió una alarma"),
    "alarm.ended": gettext_noop("Una alarma terminó sola"),
    "alarm.sent": gettext_noop("Se avisó de una alarma a %(member)s"),
    "alarm.failed": gettext_noop("No se pudo avisar de una alarma a %(member)s"),
    "alarm.preference": gettext_noop("%(member)s cambió cómo le avisan"),
    "member.role_changed": gettext_noop("Cambió el rol de %(member)s: de %(former)s a %(role)s"),
    "member.rights_asked": gettext_noop("Pidió que %(member)s sea %(role)s; lo aprueba otra persona"),
    "member.rights_refused": gettext_noop("No aprobó el cambio de permisos de %(member)s"),
    "member.rights_changed": gettext_noop("Cambió los permisos o el alcance de %(member)s"),
    "calendar.added": gettext_noop("Añadió un horario"),
    "calendar.changed": gettext_noop("Cambió el horario: %(parts)s"),
    "calendar.dropped": gettext_noop("Quitó un horario"),
    "calendar.given": gettext_noop("Cambió el horario con el que atiende la cuenta %(account)s"),
    "account.hours_changed": gettext_noop(
        "Cambió los datos o el aviso fuera de horario de la cuenta %(account)s"
    ),
    "account.hours_published": gettext_noop("Publicó el horario en el perfil de %(account)s"),
    "account.notices_stopped": gettext_noop("Se detuvieron solos los avisos fuera de horario de %(account)s"),
    "sign_on.changed": gettext_noop("Cambió la entrada con el proveedor de la empresa"),
    "sign_on.approved": gettext_noop("Aprobó la entrada con el proveedor de la empresa"),
    "sign_on.stopped": gettext_noop("Apagó la entrada con el proveedor de la empresa"),
    "member.entered": gettext_noop("%(member)s entró con el proveedor de la empresa"),
    "member.refused": gettext_noop("El proveedor de la empresa no dejó entrar a %(member)s"),
    "account.purpose_changed": gettext_noop("Cambió para qué es la cuenta %(account)s"),
    "ticket.reserved": gettext_noop("Reservó el caso"),
    "ticket.reserved_people": gettext_noop("Cambió quién ve el caso reservado"),
    "ticket.unreserved": gettext_noop("Quitó la reserva del caso"),
    "ticket.opened_with_reason": gettext_noop("Abrió el caso para leerlo, con motivo"),
    "site.changed": gettext_noop("Cambió el sitio público"),
    "site.follower_told": gettext_noop("Se avisó por correo de la respuesta a quien sigue el caso"),
    "site.telling_stopped": gettext_noop("El cliente dejó de recibir avisos por correo"),
    "question_groups.asked": gettext_noop("Pidió agrupar las preguntas de los últimos siete días"),
    "site.words_added": gettext_noop("El cliente añadió información desde la página del caso"),
    "secure.asked": gettext_noop("Pidió datos al cliente por formulario seguro"),
    "secure.answered": gettext_noop("El cliente contestó el formulario seguro"),
    "secure.revoked": gettext_noop("Retiró un formulario seguro"),
    "secure.seen": gettext_noop("Vio los datos de un formulario seguro: %(reason)s"),
    "message.unmasked": gettext_noop("Vio los datos personales de un mensaje, con motivo"),
    "ticket.handed_over": gettext_noop("Pasó el caso a la cuenta %(account)s"),
    "petition.asked": gettext_noop("Pidió a otra persona algo sobre el caso"),
    "petition.done": gettext_noop("Aprobó lo que otra persona pidió"),
    "petition.refused": gettext_noop("No aprobó lo que otra persona pidió"),
    "member.deactivated": gettext_noop("Quitó el acceso a %(member)s"),
    "member.reactivated": gettext_noop("Devolvió el acceso a %(member)s"),
    "filing.decided": gettext_noop("Cambió la radicación: %(what)s, %(value)s"),
    "tier.made": gettext_noop("Creó el nivel de cliente «%(term)s»"),
    "tier.dropped": gettext_noop("Borró el nivel de cliente «%(term)s»"),
    "customer.level_changed": gettext_noop("Cambió el nivel del cliente"),
    "sla.created": gettext_noop("Creó un plazo para prioridad %(priority)s"),
    "sla.changed": gettext_noop("Cambió el plazo de prioridad %(priority)s"),
    "sla.activated": gettext_noop("Activó un plazo de prioridad %(priority)s"),
    "sla.deactivated": gettext_noop("Desactivó un plazo de prioridad %(priority)s"),
    "sla.deleted": gettext_noop("Borró un plazo de prioridad %(priority)s"),
    "clocks.recounted": gettext_noop("Se recalcularon los casos abiertos: %(moved)s relojes movidos"),
    "term.accepted": gettext_noop("Aceptó el término legal «%(term)s»"),
    "term.rested": gettext_noop("Desactivó el término legal «%(term)s»"),
    "term.changed": gettext_noop("Cambió el término legal «%(term)s»"),
    "term.warned": gettext_noop("Avisó que el término legal se acerca"),
    "term.suspended": gettext_noop("Suspendió el término legal mientras el cliente responde"),
    "term.extended": gettext_noop("Prorrogó el término legal, con motivo"),
    "term.answered": gettext_noop("Marcó la respuesta de fondo"),
    "term.notified": gettext_noop("Quedó notificada la respuesta de fondo"),
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
    "ticket.returned": gettext_noop("Volvió a la cola: quien tenía el caso no estaba"),
    "ticket.assigned": gettext_noop("Asignó el caso a %(to)s"),
    "ticket.kind_changed": gettext_noop("Cambió el tipo a %(kind)s"),
    "ticket.typified": gettext_noop("Dijo el motivo del caso"),
    "ticket.priority_changed": gettext_noop("Cambió la prioridad a %(priority)s"),
    "ticket.put_aside": gettext_noop("Dijo que el caso no requiere atención: %(reason)s"),
    "ticket.put_aside_undone": gettext_noop("Devolvió el caso a la cola"),
    "message.needs_attention": gettext_noop("Dijo que un mensaje sí requiere atención"),
    "message.attention_undone": gettext_noop("Deshizo que un mensaje requiriera atención"),
    "noise.reviewed": gettext_noop("Revisó un mensaje de la muestra: bien juzgado"),
    "triage.corrected": gettext_noop("Corrigió el criterio: %(aspect)s"),
    "triage.correction_withdrawn": gettext_noop("Retiró una corrección del criterio: %(aspect)s"),
    "triage.on": gettext_noop("Encendió lo que el criterio aprende"),
    "triage.off": gettext_noop("Apagó lo que el criterio aprende"),
    "tree.published": gettext_noop("Publicó la versión %(version)s del árbol de tipificación"),
    "guides.planted": gettext_noop("Se trajeron los protocolos y plantillas del sector"),
    "protocol.drafted": gettext_noop("Escribió en el borrador de un protocolo"),
    "protocol.published": gettext_noop("Publicó la versión %(version)s de un protocolo"),
    "protocol.discarded": gettext_noop("Descartó el borrador de un protocolo"),
    "protocol.retired": gettext_noop("Retiró un protocolo"),
    "protocol.restored": gettext_noop("Volvió a ofrecer un protocolo"),
    "protocol.dropped": gettext_noop("Borró un protocolo que nunca se publicó"),
    "protocol.followed": gettext_noop("Siguió el protocolo, versión %(version)s"),
    "protocol.left": gettext_noop("Se apartó del protocolo"),
    "step.done": gettext_noop("Marcó un paso del protocolo"),
    "step.undone": gettext_noop("Desmarcó un paso del protocolo"),
    "compensation.granted": gettext_noop("Otorgó %(amount)s %(unit)s al cliente"),
    "customer.voice": gettext_noop("Dijo cómo se le habla al cliente"),
    "template.drafted": gettext_noop("Escribió en el borrador de una plantilla"),
    "template.published": gettext_noop("Publicó la versión %(version)s de una plantilla"),
    "template.discarded": gettext_noop("Descartó el borrador de una plantilla"),
    "template.retired": gettext_noop("Retiró una plantilla"),
    "template.restored": gettext_noop("Volvió a ofrecer una plantilla"),
    "template.dropped": gettext_noop("Borró una plantilla que nunca se publicó"),
    "article.drafted": gettext_noop("Escribió en el borrador de un artículo"),
    "article.review_asked": gettext_noop("Pidió la revisión de un artículo"),
    "article.returned": gettext_noop("Devolvió un artículo a quien lo escribe"),
    "article.published": gettext_noop("Publicó la versión %(version)s de un artículo"),
    "article.discarded": gettext_noop("Descartó el borrador de un artículo"),
    "article.retired": gettext_noop("Retiró un artículo del sitio"),
    "article.restored": gettext_noop("Volvió a publicar un artículo"),
    "article.dropped": gettext_noop("Apartó un artículo que nunca se publicó"),
    "article.from_answer": gettext_noop("Hizo un borrador de artículo con una respuesta"),
    "article.linked": gettext_noop("Enlazó un artículo en una respuesta"),
    "article_theme.added": gettext_noop("Añadió un tema de artículos"),
    "article_theme.renamed": gettext_noop("Cambió el nombre de un tema de artículos"),
    "article_theme.moved": gettext_noop("Cambió el orden de los temas de artículos"),
    "article_theme.dropped": gettext_noop("Borró un tema de artículos"),
    "missed_search.dismissed": gettext_noop("Dijo que una búsqueda sin resultado no necesita artículo"),
    "question_group.drafted": gettext_noop("Hizo un borrador de artículo con preguntas frecuentes"),
    "question_group.dismissed": gettext_noop("Dijo que un grupo de preguntas no necesita artículo"),
    "question_group.restored": gettext_noop("Volvió a mirar un grupo de preguntas"),
    "ticket.resolved": gettext_noop("Resolvió el caso"),
    "ticket.reopened": gettext_noop("Se reabrió el caso"),
    "ticket.waiting_customer": gettext_noop("Lo dejó pendiente del cliente"),
    "ticket.filed": gettext_noop("Radicó el caso: %(radicado)s"),
    "ticket.joined": gettext_noop("Unió dos casos"),
    "ticket.join_undone": gettext_noop("Deshizo la unión de dos casos"),
    "thread.rehung": gettext_noop("Una conversación quedó donde empezó"),
    "ticket.split": gettext_noop("Separó mensajes en otro caso"),
    "ticket.split_undone": gettext_noop("Deshizo la separación de un caso"),
    "reference.added": gettext_noop("Añadió un número de otro sistema: %(number)s"),
    "reference.changed": gettext_noop("Cambió el estado de un número de otro sistema: %(number)s"),
    "reference.removed": gettext_noop("Quitó un número de otro sistema: %(number)s"),
    "ticket.reminded": gettext_noop("Le recordó al cliente que se espera su respuesta"),
    "ticket.closed_unanswered": gettext_noop("Se cerró sin respuesta del cliente"),
    "term.desisted": gettext_noop("Archivó la petición por desistimiento: no se completó en un mes"),
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
    "ticket.kept_apart": gettext_noop("Vio otro caso abierto del cliente y siguió con este aparte"),
    "identity.added": gettext_noop("Agregó un dato del cliente"),
    "identity.verified": gettext_noop("Verificó un dato del cliente"),
    "identity.unmasked": gettext_noop("Vio un dato del cliente sin máscara: %(reason)s"),
    "identity.removed": gettext_noop("Quitó un dato del cliente"),
    "identity.checked": gettext_noop("Validó la identidad del cliente: %(check)s"),
    "unification.asked": gettext_noop("Pidió unir dos clientes: %(reason)s"),
    "unification.done": gettext_noop("Unió dos clientes: %(reason)s"),
    "unification.refused": gettext_noop("No aprobó una unión de clientes"),
    "unification.undo_asked": gettext_noop("Pidió deshacer una unión de clientes"),
    "unification.undone": gettext_noop("Deshizo una unión de clientes"),
    "unification.distinct": gettext_noop("Dijo que dos clientes son distintas personas"),
    "note.added": gettext_noop("Escribió una nota"),
    "aftercontact.asked": gettext_noop("Se le preguntó al cliente si quedó solucionado"),
    "aftercontact.listed": gettext_noop("No se pudo preguntar si quedó solucionado: quedó para una persona"),
    "aftercontact.answered": gettext_noop("El cliente respondió si quedó solucionado: %(outcome)s"),
    "aftercontact.dropped": gettext_noop("Decidió no preguntar si quedó solucionado"),
    "aftercontact.changed": gettext_noop("Cambió el contacto posterior"),
    "customer.no_contact": gettext_noop("El cliente no quiere que lo contacten"),
    "customer.contact_again": gettext_noop("Al cliente se le puede volver a contactar"),
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
CODES = {
    "state": AccountState,
    "mode": AccountMode,
    "role": Role,
    "former": Role,
    "kind": PqrKind,
    "outcome": Contact,
    "priority": Priority,
    "presence": Presence,
}
# What of a calendar is no longer as it was.
PARTS = {
    "name": gettext_noop("el nombre"),
    "timezone": gettext_noop("la zona horaria"),
    "always_open": gettext_noop("si atiende 24/7"),
    "week": gettext_noop("la semana"),
    "holidays": gettext_noop("los festivos"),
    "one_offs": gettext_noop("cierres y aperturas"),
}
# What of a verdict is corrected.
ASPECTS = {
    "service": gettext_noop("si requiere atención"),
    "kind": gettext_noop("el tipo"),
    "urgency": gettext_noop("la urgencia"),
}


def sentence_of(
    action: str,
    data: Mapping[str, Any],
    accounts: Mapping[int, str],
    members: Mapping[int, str],
    keys: Mapping[int, str] | None = None,
) -> str:
    """What happened, in words. ``accounts`` and ``members`` give names to ids."""
    if action == "triage.switched":
        action = "triage.on" if data.get("on") else "triage.off"
    words = SENTENCES.get(action)
    if words is None:
        return action
    said = {
        "event": str(data.get("event", "")),
        "version": str(data.get("version", "")),
        "account": accounts.get(data.get("account", 0), "?"),
    }
    said["member"] = members.get(data.get("member", 0), "?")
    said["reason"] = str(data.get("reason") or _("sin motivo escrito"))
    said["check"] = (
        str(IdentityCheck(data["state"]).label) if data.get("state") in IdentityCheck.values else "?"
    )
    said["token"] = (keys or {}).get(data.get("token", 0), "?")
    said["to"] = members.get(data.get("to") or 0, _("nadie"))
    said["aspect"] = _(ASPECTS.get(str(data.get("aspect", "")), "?"))
    said["parts"] = _parts(data)
    said |= decided(data) | {
        name: str(data.get(name, "")) for name in ("radicado", "number", "moved", "term", "amount", "unit")
    }
    for name, choices in CODES.items():
        value = data.get(name)
        said[name] = str(choices(value).label) if value in choices.values else str(value or "?")
    return _(words) % said


def _parts(data: Mapping[str, Any]) -> str:
    """What of a calendar was changed, with the days that came and went: «los festivos (+2026-12-07)»."""
    what = data.get("what")
    named = [_(PARTS[part]) for part in what if part in PARTS] if isinstance(what, list) else []
    days = [f"+{day}" for day in data.get("added", ())] + [f"−{day}" for day in data.get("removed", ())]
    if len(days) > 6:
        days = [*days[:6], "…"]
    return ", ".join(named) + (f" ({', '.join(days)})" if days else "")
