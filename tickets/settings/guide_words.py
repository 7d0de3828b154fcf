"""What is wrong with a protocol or a template, in sentences that say how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from protocols.answers.rules.wording import Wrong as WordingWrong
from protocols.guides.rules.checks import Wrong

WRONGS: dict[str, str | Promise] = {
    "no_name": gettext_lazy("Póngale un nombre."),
    "no_motive": gettext_lazy("Diga para qué motivos es."),
    "gone_motive": gettext_lazy("El motivo «%(about)s» ya no está en el árbol: quítelo."),
    "taken_motive": gettext_lazy("«%(about)s» ya tiene el protocolo «%(other)s»: quítelo de uno de los dos."),
    "empty": gettext_lazy("Escriba la guía o al menos un paso."),
    "long_text": gettext_lazy("El texto pasa de %(about)s letras: acórtelo."),
    "many_steps": gettext_lazy("Más de %(about)s pasos nadie los sigue: junte algunos."),
    "long_step": gettext_lazy("El paso «%(about)s…» es muy largo: dígalo en una frase."),
    "bad_check": gettext_lazy("El paso «%(about)s» pide una validación que no existe."),
    "no_means": gettext_lazy("Diga por qué medio se verifica la identidad en «%(about)s»."),
    "bad_destination": gettext_lazy("Hay un destino que no existe: elija uno de la lista."),
    "bad_address": gettext_lazy("«%(about)s» necesita una dirección completa, que empiece por https://."),
    "no_area": gettext_lazy("Diga a qué área se consulta en «%(about)s»."),
    "nameless_attribution": gettext_lazy(
        "A una atribución le falta el nombre o la unidad (COP, EUR, millas…)."
    ),
    "bad_amount": gettext_lazy("Los valores de «%(about)s» se escriben así: 25.000 o 40,50."),
    "upside_down": gettext_lazy("En «%(about)s» el supervisor no puede otorgar menos que el asesor."),
}
WORDING: dict[str, str | Promise] = {
    "no_name": WRONGS["no_name"],
    "empty": gettext_lazy("Escriba el texto en al menos un trato."),
    "long_text": WRONGS["long_text"],
    "brace": gettext_lazy("En «%(voice)s» hay una llave sin cerrar: las variables se escriben {nombre}."),
    "unknown": gettext_lazy("{%(said)s} no existe. ¿Quiso decir {%(nearest)s}?"),
    "unknown_far": gettext_lazy("{%(said)s} no existe: elija una de la lista."),
}
VOICE = {"usted": "usted", "tu": "tú", "vos": "vos"}


def wrong_sentence(wrong: Wrong, names: Mapping[str, str], taken: Mapping[str, str]) -> str:
    """What is wrong with a protocol; ``names`` of motives, ``taken`` with the protocol that has them."""
    about = names.get(wrong.about, wrong.about) if wrong.code.endswith("motive") else wrong.about
    return str(WRONGS[wrong.code]) % {"about": about, "other": taken.get(wrong.about, "")}


def wording_sentence(wrong: WordingWrong) -> str:
    """What is wrong with a template."""
    code = "unknown_far" if wrong.code == "unknown" and not wrong.nearest else wrong.code
    return str(WORDING[code]) % {
        "about": wrong.said,
        "said": wrong.said,
        "nearest": wrong.nearest,
        "voice": VOICE.get(wrong.voice, wrong.voice),
    }


def meanwhile(who: str) -> str:
    """Two at once: the second is told, and what they wrote is still in the form."""
    return _(
        "%(who)s guardó mientras usted escribía. Lo suyo sigue aquí y no se ha guardado: compárelo con lo que está en "
        "uso y, si es lo que quiere, guárdelo otra vez."
    ) % {"who": who or _("Otra persona")}


# What of a page is no longer as it is in use.
PARTS: dict[str, str | Promise] = {
    "name": gettext_lazy("el nombre"),
    "motives": gettext_lazy("los motivos"),
    "text": gettext_lazy("la guía"),
    "texts": gettext_lazy("el texto"),
    "place": gettext_lazy("dónde se usa"),
    "steps": gettext_lazy("los pasos"),
    "data": gettext_lazy("los datos que se piden"),
    "destinations": gettext_lazy("los destinos"),
    "attributions": gettext_lazy("las atribuciones"),
    "notes": gettext_lazy("ley y privacidad"),
}


def changes_in(page: Any) -> str:
    """What a draft changes of the version in use; empty for one that never was published."""
    if page is None or page.draft is None or page.version is None:
        return ""
    standing = page.version.document
    return ", ".join(
        str(words) for part, words in PARTS.items() if page.draft.get(part) != standing.get(part)
    )
