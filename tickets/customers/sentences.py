"""Why something about a person could not be done, and why two people may be one, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

REFUSALS = {
    "may_not": gettext_noop("Su rol no permite hacerlo: pídalo a un supervisor."),
    "may_not_see": gettext_noop("Su rol no permite ver este dato."),
    "reason_needed": gettext_noop("Diga para qué necesita verlo: queda en la bitácora."),
    "means_needed": gettext_noop("Diga cómo se comprobó: lo que la persona solo dice no la valida."),
    "days": gettext_noop("Elija hasta cuándo vale: 24 horas, 30 o 180 días."),
    "verified_elsewhere": gettext_noop(
        "Ese documento está verificado en otro cliente. Búsquelo abajo y únalos si son la misma persona."
    ),
    "not_by_hand": gettext_noop("Lo dijo la red: no se puede quitar."),
    "same": gettext_noop("Es el mismo cliente."),
    "gone": gettext_noop("Ese cliente ya no está aquí."),
    "already": gettext_noop("%(who)s ya los había unido: no hace falta repetirlo."),
    "waiting": gettext_noop("Ya hay una unión de estas dos personas que espera aprobación."),
    "own": gettext_noop("Nadie aprueba lo que pidió: debe hacerlo otra persona."),
    "not_waiting": gettext_noop("Ya la decidió otra persona."),
    "not_done": gettext_noop("Esa unión ya no está hecha."),
    "later_first": gettext_noop("Después se unió con otra persona: deshaga primero esa unión."),
    "cases_joined": gettext_noop("Hay casos de las dos personas unidos entre sí: sepárelos primero."),
    "empty": gettext_noop("Escriba un correo, un teléfono, un documento o un @usuario."),
    "unknown": gettext_noop(
        "No se reconoce. Escriba un correo, un teléfono, un documento con su tipo (CC 123…) o un @usuario."
    ),
    "email": gettext_noop("Ese correo no está bien escrito."),
    "phone": gettext_noop("Ese teléfono no existe en el país: escríbalo con su indicativo (+57…)."),
    "document": gettext_noop(
        "Ese documento no tiene la forma de los de aquí. Escriba su tipo: CC, NIT, DNI…"
    ),
    "check_digit": gettext_noop("El dígito de verificación no cuadra: revise el documento."),
    "handle": gettext_noop("Ese usuario no está bien escrito."),
    "nobody": gettext_noop("No hay nadie con ese dato."),
}
EVIDENCE = {
    "document": gettext_noop("mismo documento %(shown)s"),
    "email": gettext_noop("mismo correo %(shown)s"),
    "phone": gettext_noop("mismo teléfono %(shown)s"),
    "their_number": gettext_noop("una cita el número %(shown)s de la otra"),
    "radicado": gettext_noop("ambas citan el radicado %(shown)s"),
    "order": gettext_noop("ambas citan la referencia %(shown)s"),
    "said_document": gettext_noop("escribió el documento %(shown)s de la otra"),
    "said_email": gettext_noop("escribió el correo %(shown)s de la otra"),
    "said_phone": gettext_noop("escribió el teléfono %(shown)s de la otra"),
    "handle": gettext_noop("mismo usuario %(shown)s"),
    "likeness": gettext_noop("nombre y usuario parecidos"),
    "by_hand": gettext_noop("la buscó usted"),
}


def refusal(code: str, detail: Mapping[str, object] | None = None) -> str:
    """The sentence of a refusal."""
    words = _(REFUSALS[code])
    if "%(who)s" in words:
        return words % {"who": (detail or {}).get("who") or _("Alguien")}
    return words


def evidence(code: str, shown: str) -> str:
    """The sentence of one piece of evidence."""
    return _(EVIDENCE[code]) % {"shown": shown} if "%(" in EVIDENCE[code] else _(EVIDENCE[code])
