"""Why something about an incident was not done, and what to do about it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SENTENCES = {
    "no_title": gettext_noop("Póngale un nombre corto a la novedad: «La app no abre»."),
    "no_when": gettext_noop(
        "Diga cuándo se espera resuelta o, si aún no se sabe, a qué hora sale el próximo aviso."
    ),
    "past_estimate": gettext_noop(
        "La hora estimada ya pasó: ponga una que esté por venir, o déjela sin estimar con próximo aviso."
    ),
    "past_notice": gettext_noop("La hora del próximo aviso ya pasó: ponga una que esté por venir."),
    "before": gettext_noop("La hora estimada es anterior al comienzo: corrija una de las dos."),
    "far": gettext_noop("Esa fecha está a más de treinta días: revise el mes y el año."),
    "same": gettext_noop(
        "Ya hay una novedad abierta que dice lo mismo. Lo que escribió sigue aquí: súmelo a ella, o declare otra."
    ),
    "changed": gettext_noop(
        "Otra persona cambió la novedad mientras usted escribía. Lo suyo sigue aquí: compárelo y guarde otra vez."
    ),
    "not_open": gettext_noop("Esa novedad ya no está abierta."),
    "not_over": gettext_noop("Esa novedad está abierta."),
    "no_prevention": gettext_noop("Para cerrarla, diga qué medidas se toman para que no se repita."),
    "no_situation": gettext_noop("Para publicar falta la situación: qué pasa, dicho para el cliente."),
    "no_measures": gettext_noop("Para publicar faltan las medidas: qué se está haciendo."),
    "cannot": gettext_noop("No tiene el permiso «aprobar avisos»."),
    "own": gettext_noop("Un aviso lo aprueba otra persona, no quien lo escribió."),
    "gone": gettext_noop("Ese aviso ya no espera: otra persona lo decidió, o la novedad terminó."),
    "no_reason": gettext_noop("Diga por qué no se publica: lo lee quien lo escribió."),
    # Answers in bulk.
    "empty": gettext_noop("Escriba la respuesta que va a todos."),
    "nobody": gettext_noop("Elija al menos un caso."),
    "too_many": gettext_noop("Son demasiados de una vez: elija hasta mil casos."),
    "unknown_variable": gettext_noop(
        "«%(detail)s» no se puede llenar en un lote: quítela o escríbala usted."
    ),
    "brace": gettext_noop("Hay una llave sin cerrar en el texto."),
    "gap": gettext_noop("Falta completar %(detail)s."),
    "twice": gettext_noop("Ya está en un lote de esta novedad."),
    "answered": gettext_noop("Ya le contestó un asesor."),
    "not_a_case": gettext_noop("El caso ya no está abierto."),
    "nameless": gettext_noop("No se sabe su nombre: la variable quedaría sin llenar."),
    "critical": gettext_noop("Es crítico: mejor contestarle a mano."),
    "no_way": gettext_noop("No hay por dónde responderle desde aquí."),
    "author_left": gettext_noop("Quien armó el lote ya no puede responder."),
}


def sentence(code: str, detail: str = "") -> str:
    """The sentence of a code of this room; empty when it is none of ours."""
    known = SENTENCES.get(code, "")
    if not known:
        return ""
    return _(known) % {"detail": detail} if "%(detail)s" in known else _(known)
