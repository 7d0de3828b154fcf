"""What a filing rule does, as a sentence for whoever decides it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.cases.filings import Numbers
from tickets.cases.rules import FilingWhen

DOES: dict[str, str | Promise] = {
    FilingWhen.ALWAYS: gettext_lazy(
        "En cuanto llega queda radicada, y el término cuenta desde que se recibió el primer mensaje."
    ),
    FilingWhen.BY_RULE: gettext_lazy(
        "«¿A qué hora abren?» no se radica; «necesito mi extracto» sí, al llegar. Y lo que nadie respondió "
        "al cierre del mismo día hábil se radica solo, con la fecha en que se recibió."
    ),
    FilingWhen.ON_REQUEST: gettext_lazy("No se radica sola: un asesor la radica desde el caso si se pide."),
    FilingWhen.NEVER: gettext_lazy("No se radica, tampoco a mano."),
}
BY_HAND = gettext_lazy(
    "No se radica sola mientras los números los da otro sistema: el asesor escribe el número en el caso."
)


def what_it_does(when: str, numbers: str) -> str:
    """One sentence."""
    if numbers == Numbers.THEIRS and when in (FilingWhen.ALWAYS, FilingWhen.BY_RULE):
        return str(BY_HAND)
    return str(DOES[when])


def nothing_told() -> str:
    return _("No se le dice nada: lo cuenta el asesor.")
