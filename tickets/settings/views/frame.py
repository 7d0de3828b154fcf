"""What every page of the settings has around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpdesk.http import holds
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.settings.domain.sign_on import waits_for


@dataclass(frozen=True, slots=True)
class Room:
    """One page of the settings: its URL's name, who may open it, and what it is for."""

    name: str
    icon: str
    label: str | Promise
    explained: str | Promise
    permission: Permission | None = None
    # Another permission that opens it too.
    also: Permission | None = None


ROOMS = (
    Room(
        "accounts",
        "link",
        _("Cuentas"),
        _("Lo que está conectado en X, Facebook y correo, cómo está y qué puede hacer."),
        Permission.MANAGE_ACCOUNTS,
    ),
    Room(
        "searches",
        "globe",
        _("Escucha"),
        _("Qué palabras se buscan en X sin que nos mencionen, y cuánto puede costar."),
        Permission.MANAGE_ACCOUNTS,
    ),
    Room(
        "team",
        "users",
        _("Equipo"),
        _("Quién atiende, con qué rol, firma, turno y capacitación."),
        Permission.MANAGE_TEAM,
        Permission.MANAGE_DUTY,
    ),
    Room(
        "on_call",
        "moon",
        _("Guardias"),
        _("A quién se llama fuera de horario, y quién reemplaza a quién."),
        Permission.MANAGE_DUTY,
    ),
    Room(
        "escalation",
        "up",
        _("Escalamiento"),
        _("Qué pasa solo cuando un reloj o un compromiso avisa o vence."),
        Permission.MANAGE_TIME,
    ),
    Room(
        "areas",
        "area",
        _("Áreas"),
        _("A quién se le pregunta por correo, y cuánto tiempo tiene."),
        Permission.MANAGE_TEAM,
    ),
    Room(
        "rights_changes",
        "shield",
        _("Cambios por aprobar"),
        _("Roles y permisos que una persona pidió y otra aprueba."),
        Permission.MANAGE_ROLES,
    ),
    Room(
        "sign_on_settings",
        "key",
        _("Entrada de la empresa"),
        _("Entrar con el proveedor de identidad de la empresa."),
        Permission.MANAGE_ROLES,
    ),
    Room("hours", "clock", _("Horario"), _("Cuándo se atiende, los festivos y lo que se publica.")),
    Room(
        "policies",
        "clock",
        _("Plazos"),
        _("Cuánto se debe según la prioridad, la cuenta, el tipo y el nivel del cliente."),
        Permission.MANAGE_TIME,
    ),
    Room(
        "legal_terms",
        "legal",
        _("Términos legales"),
        _("Cuánto da la ley para responder lo radicado, y quién lo verificó."),
        Permission.MANAGE_TIME,
    ),
    Room(
        "filing",
        "legal",
        _("Radicación"),
        _("Qué se radica, cuándo, con qué número y qué se le dice al cliente."),
        Permission.MANAGE_TIME,
    ),
    Room(
        "after_contact_settings",
        "checks",
        _("Contacto posterior"),
        _("Si se le pregunta al cliente, días después, si quedó solucionado."),
        Permission.MANAGE_TIME,
    ),
    Room(
        "criterion",
        "filter",
        _("Criterio"),
        _("Cómo se juzga lo que llega, y qué aprende de las correcciones de su equipo."),
        Permission.MANAGE_TIME,
    ),
    Room(
        "tree",
        "tag",
        _("Tipificación"),
        _("Los motivos, productos, causas y resultados con que se clasifica cada caso."),
    ),
    Room(
        "protocols",
        "steps",
        _("Protocolos"),
        _("Cómo se atiende cada motivo: pasos, datos, destinos, atribuciones y ley."),
        Permission.MANAGE_TIME,
        Permission.WRITE_NOTES,
    ),
    Room(
        "answer_templates",
        "note",
        _("Plantillas"),
        _("Palabras para empezar una respuesta, en cada trato, y cuánto se usan."),
        Permission.MANAGE_TIME,
        Permission.WRITE_NOTES,
    ),
    Room(
        "site_settings",
        "web",
        _("Sitio público"),
        _("Lo que ven los clientes: color, logo, horario, quién atiende y el formulario de casos."),
        Permission.MANAGE_ACCOUNTS,
    ),
    Room(
        "entries",
        "inbox",
        _("Entradas"),
        _("Lo que llegó de las redes y no pudo entrar, para intentarlo otra vez."),
        Permission.MANAGE_ACCOUNTS,
    ),
    Room(
        "door_keys",
        "key",
        _("Otros sistemas"),
        _("La llamada firmada con la que un centro de contacto o un CRM abre y actualiza casos."),
        Permission.MANAGE_ACCOUNTS,
    ),
    Room(
        "imports",
        "download",
        _("Importar casos"),
        _("Un archivo CSV de casos: primero se revisa, después entra."),
        Permission.MANAGE_ACCOUNTS,
    ),
    Room(
        "api_tokens",
        "key",
        _("API"),
        _("Las claves con las que otros sistemas leen y cambian casos."),
        Permission.MANAGE_API,
        Permission.APPROVE_API,
    ),
    Room(
        "webhooks",
        "send",
        _("Avisos a otros sistemas"),
        _("Las direcciones a las que se avisa de cada caso, mensaje o radicado."),
        Permission.MANAGE_API,
    ),
    Room("audit", "book", _("Bitácora"), _("Quién cambió qué, y cuándo."), Permission.SEE_AUDIT),
    Room("profile", "user", _("Su perfil"), _("Idioma, contraseña y segundo factor.")),
)


def rooms_for(member: Membership) -> list[Room]:
    """The pages this member may open."""
    return [room for room in ROOMS if _may_open(room, member)]


def _may_open(room: Room, member: Membership) -> bool:
    """Whoever may look may open; a supervisor is the second person where nobody else changes roles."""
    if room.permission is None or holds(member, room.permission, "GET"):
        return True
    if room.also is not None and member.can(room.also):
        return True
    if not member.can(Permission.APPROVE_REPLIES):
        return False
    return room.name == "rights_changes" or (room.name == "sign_on_settings" and waits_for(member))


def page(request: Any, template: str, here: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of the settings, in the organization's time. ``here`` is the room it belongs to."""
    frame = {
        "org": request.org,
        "me": request.member,
        "section": "settings",
        "rooms": rooms_for(request.member),
        "here": here,
        "sandbox_url": settings.SANDBOX_URL,
    }
    with timezone.override(request.org.timezone):
        return render(request, f"tickets/settings/{template}", frame | context, status=status)
