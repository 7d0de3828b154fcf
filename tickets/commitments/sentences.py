"""Why a date cannot be promised or kept so, with what to do next."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SENTENCES = {
    "closed": gettext_noop("El caso ya está cerrado: reábralo para comprometer una fecha."),
    "past": gettext_noop("Esa fecha ya pasó: comprometa una que esté por venir."),
    "far": gettext_noop("Esa fecha está a más de un año: revise el año."),
    "nothing": gettext_noop("Diga qué se le promete al cliente."),
    "not_open": gettext_noop("Ese compromiso ya no está pendiente: recargue la página."),
    "needs_proof": gettext_noop(
        "Desde que se prometió no le ha llegado nada al cliente: diga cómo se cumplió, o respóndale primero."
    ),
    "not_told": gettext_noop(
        "El cliente aún no sabe de la fecha nueva: dígasela en una respuesta; solo así el compromiso se renegocia."
    ),
    "may_not": gettext_noop("Su rol no permite comprometer fechas."),
    "beyond_window": gettext_noop(
        "Para esa fecha ya no se le podrá escribir por Messenger. Prometa una anterior, o pida otro medio para "
        "avisarle."
    ),
    "single_reply": gettext_noop(
        "Facebook permite un solo mensaje privado por comentario: por ahí no se le podrá avisar. Prométalo en "
        "público, o pida otro medio para avisarle."
    ),
}


def sentence(code: str) -> str:
    """The sentence of a code, in the language that is active."""
    words = SENTENCES.get(code)
    return _(words) if words else code
