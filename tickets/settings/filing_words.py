"""What a filing rule does, as a sentence for whoever decides it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.cases.filings import Numbers
from tickets.cases.rules import FilingWhen
from tickets.enums import PqrKind

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


FIELD_WORDS: dict[str, str | Promise] = {
    "numbers": gettext_lazy("de dónde sale el número"),
    "tells": gettext_lazy("avisar el radicado al cliente"),
    "tells_in_public": gettext_lazy("avisarlo en público"),
    "private_sentence": gettext_lazy("lo que se dice en privado"),
    "public_sentence": gettext_lazy("lo que se dice en público"),
    "joined_sentence": gettext_lazy("lo que se dice al unir"),
}


def decided(data: Mapping[str, Any]) -> dict[str, str]:
    """An audit line's ``what`` and ``value`` as the settings page calls them."""
    what, value = str(data.get("what", "")), str(data.get("value", ""))
    kind = PqrKind(what).label if what in PqrKind.values else FIELD_WORDS.get(what, what)
    for choices in (FilingWhen, Numbers):
        if value in choices.values:
            value = str(choices(value).label)
    known = {"True": _("sí"), "False": _("no"), "": _("otra frase")}
    return {"what": str(kind), "value": known.get(value, value)}


def nothing_told() -> str:
    return _("No se le dice nada: lo cuenta el asesor.")
