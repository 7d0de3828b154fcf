"""What is wrong with a link or a finding, and what to do about it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SENTENCES = {
    "gone": gettext_noop("Ese hallazgo ya no está."),
    "no_case": gettext_noop("Ya había entrado por otro camino y no tiene caso: búsquelo en la cola."),
    "not_refused": gettext_noop("Esa respuesta no la rechazó X: no hace falta responderla allá."),
    "not_a_link": gettext_noop(
        "Eso no es el enlace de una publicación. En X, abra su respuesta, elija Compartir y Copiar enlace."
    ),
    "same_post": gettext_noop("Ese es el enlace de la publicación del cliente. Pegue el de su respuesta."),
    "no_such_post": gettext_noop(
        "X no encuentra esa publicación: puede estar borrada o ser muy reciente. Espere unos segundos e intente."
    ),
    "not_ours": gettext_noop(
        "Esa publicación es de @%(handle)s, no de %(ours)s. Responda con la cuenta de la empresa."
    ),
    "not_its_reply": gettext_noop(
        "Esa publicación es de la cuenta, pero no responde a este cliente. Pegue el enlace de la respuesta a él."
    ),
    "no_words": gettext_noop("Esa respuesta no tiene texto: respóndale con palabras."),
    "x_away": gettext_noop(
        "X no contesta ahora. Su respuesta no se pierde: vuelva a pegar el enlace en un momento."
    ),
    "account_off": gettext_noop("La cuenta está desconectada de X: avise al administrador."),
}


def sentence(code: str, detail: dict[str, str] | None = None) -> str:
    """The sentence of a refusal."""
    words = _(SENTENCES[code])
    return words % detail if detail else words
