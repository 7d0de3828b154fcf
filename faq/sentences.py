"""What is said when an article cannot go on."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SENTENCES: dict[str, str | Promise] = {
    "own": gettext_lazy("Usted lo escribió: lo publica otra persona."),
    "nothing": gettext_lazy("No hay cambios por publicar."),
    "not_in_review": gettext_lazy("Todavía es un borrador: quien lo escribe pide antes la revisión."),
    "no_note": gettext_lazy("Diga qué le falta, para que su autor lo sepa."),
    "in_use": gettext_lazy("Ya se publicó y hay respuestas que lo enlazan: no se aparta, se retira."),
    "title": gettext_lazy("Escriba la pregunta completa: al menos ocho letras."),
    "body": gettext_lazy("Falta la respuesta."),
    "category": gettext_lazy("Elija un tema: por él se encuentra."),
    "owner": gettext_lazy("Elija quién responde por él."),
    "expiry": gettext_lazy("Ponga una fecha de vencimiento que no haya pasado."),
    "no_name": gettext_lazy("Póngale un nombre."),
    "taken": gettext_lazy("Ya hay un tema con ese nombre."),
    "theme_in_use": gettext_lazy("Hay artículos en ese tema: páselos antes a otro."),
    "no_date": gettext_lazy("La fecha no se entiende: escríbala como 2027-05-31."),
}


def sentence(code: str) -> str:
    """The sentence of a code. Raises ``KeyError`` for one nobody wrote."""
    return str(SENTENCES[code])


def meanwhile(name: str) -> str:
    """What the second of two people at once is told."""
    who = name or _("Otra persona")
    return (
        _(
            "%s lo guardó mientras usted escribía. Abajo sigue lo suyo; al lado está lo que guardó. "
            "Junte lo que falte y guarde otra vez."
        )
        % who
    )
