"""Why something was not told, in words an admin understands, with what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SENTENCES = {
    "address_form": gettext_noop("Esa dirección no se entiende: escríbala completa, sin usuario ni clave."),
    "address_scheme": gettext_noop("La dirección debe empezar por https://."),
    "address_port": gettext_noop("Ese puerto no se permite: use 443 o uno de 1024 en adelante."),
    "address_private": gettext_noop(
        "La dirección lleva a una red privada o a este mismo equipo: solo se entrega a direcciones públicas."
    ),
    "dns": gettext_noop("No se encontró ese servidor: revise el nombre."),
    "connection": gettext_noop("No se pudo hablar con el servidor."),
    "tls": gettext_noop("El certificado del servidor no es válido."),
    "timeout": gettext_noop("El servidor tardó más de 10 segundos."),
    "redirect": gettext_noop(
        "El servidor respondió con una redirección y no se siguen: escriba la dirección final."
    ),
    "status": gettext_noop("El servidor respondió con un error."),
    "gone": gettext_noop("El servidor dijo que ya no quiere recibir (410)."),
    "token": gettext_noop("La clave que la creó venció o fue anulada."),
    "words_not_allowed": gettext_noop(
        "Para recibir lo que dicen las personas hay que poder leer casos (tickets:read)."
    ),
    "too_many_subscriptions": gettext_noop("Ya hay 20 suscripciones: quite alguna antes."),
}


def sentence(code: str, detail: str = "") -> str:
    """The sentence of a code; the detail after it when there is one."""
    known = SENTENCES.get(code)
    return f"{_(known) if known else code}{f' ({detail})' if detail else ''}"
