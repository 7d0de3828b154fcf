"""Why something of a protocol cannot be done now, with what to do next."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SENTENCES = {
    "no_protocol": gettext_noop("El motivo de este caso no tiene protocolo publicado."),
    "closed": gettext_noop("El caso está resuelto: reábralo para seguir su protocolo."),
    "no_newer": gettext_noop("El caso ya sigue la versión que está en uso."),
    "no_step": gettext_noop("Ese paso ya no está en el protocolo: recargue la página."),
    "identity": gettext_noop("Falta validar la identidad: sin eso el protocolo no avanza de «%(detail)s»."),
    "left": gettext_noop("El protocolo se dejó. Vuelva a seguirlo para marcar pasos."),
    "no_reason": gettext_noop("Diga por qué se aparta del protocolo: queda en el caso."),
    "no_attribution": gettext_noop("Eso ya no se puede otorgar por este protocolo: recargue la página."),
    "may_not": gettext_noop("Su rol no otorga esto: pídaselo a un supervisor o consulte al área."),
    "bad_amount": gettext_noop("Escriba un valor mayor que cero, por ejemplo 25.000 o 40,50."),
    "over_limit": gettext_noop(
        "Supera su atribución: en este caso le queda %(detail)s. Diga por qué y pídalo a quien puede otorgarlo."
    ),
    "nobody": gettext_noop("Supera lo que cualquiera del equipo puede otorgar: consulte al área."),
    "no_why": gettext_noop("Diga por qué: lo lee quien lo aprueba y queda en el caso."),
    "may_not_check": gettext_noop("Su rol no valida identidades: pídaselo a un asesor."),
}


def sentence(code: str, detail: str = "") -> str:
    """The sentence of a code."""
    known = SENTENCES.get(code, SENTENCES["no_protocol"])
    return _(known) % {"detail": detail} if "%(detail)s" in known else _(known)
