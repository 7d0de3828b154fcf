"""Why a provider could not be asked or believed, for who configures it and for who wanted to enter."""

from __future__ import annotations

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpdesk.tenancy.provider import Untrusted

# For who configures it: what is wrong with the address they wrote.
ADDRESS: dict[str, str | Promise] = {
    "not_https": _("La dirección del proveedor tiene que empezar por https."),
    "no_address": _("Esa dirección no existe: revise cómo está escrita."),
    "private": _("Esa dirección está dentro de una red privada; el proveedor tiene que estar en internet."),
    "no_page": _("En esa dirección no hay un proveedor: falta su página /.well-known/openid-configuration."),
    "another": _("El proveedor dice tener otra dirección (issuer): escriba exactamente la que publica."),
    "away": _("Ese proveedor no contesta. Revise la dirección o intente otra vez en un momento."),
}
# For who wanted to enter: enough to tell whoever can mend it.
ENTRANCE: dict[str, str | Promise] = {
    "away": _("El proveedor de su empresa no contesta. Intente otra vez en un momento."),
    "clock": _(
        "La hora del proveedor de su empresa no coincide con la nuestra, o su respuesta llegó tarde. Intente otra "
        "vez; si se repite, avise a quien administra el proveedor."
    ),
    "secret": _(
        "El proveedor de su empresa no aceptó la clave con la que le preguntamos. Avise a quien administra el "
        "equipo: se corrige en Ajustes, Entrada de la empresa."
    ),
    "unbelievable": _(
        "El proveedor de su empresa contestó algo que no podemos creer: la firma, el destinatario o su dirección "
        "no son los acordados. Avise a quien administra el equipo."
    ),
}


def code_of(error: Exception) -> str:
    """``away`` when it could not be asked, else what is wrong with what it said."""
    if isinstance(error, Untrusted):
        return error.code
    # allauth's own complaint is of the exchange of the code: the provider did not take our identifier or secret.
    return "secret" if isinstance(error, OAuth2Error) else "away"


def of_address(error: Exception) -> str:
    """What is wrong with a provider's address, for who wrote it."""
    return str(ADDRESS.get(code_of(error), ADDRESS["no_page"]))


def of_entrance(error: Exception) -> str:
    """Why nobody could come in, for who wanted to."""
    return str(ENTRANCE.get(code_of(error), ENTRANCE["unbelievable"]))
