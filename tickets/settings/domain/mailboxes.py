"""Trying a support address and connecting it. The trial speaks with servers: outside any transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from channels_social.networks.base import NetworkError
from channels_social.networks.email import smtp
from channels_social.networks.email.imap import opened
from channels_social.networks.email.servers import Server

SENTENCES = {
    "password_refused": gettext_noop(
        "no acepta el usuario o la contraseña. Si la cuenta tiene segundo factor, use una contraseña de aplicación."
    ),
    "unknown_host": gettext_noop("no existe con ese nombre. Revise cómo está escrito."),
    "unreachable": gettext_noop(
        "no contesta. Revise el puerto, y que desde este servidor se pueda salir a él."
    ),
    "certificate": gettext_noop(
        "muestra un certificado que no es de ese nombre, o que nadie respalda. No se envió la contraseña."
    ),
    "tls": gettext_noop("no habla el cifrado elegido en ese puerto. Pruebe el otro: TLS va con 993 y 465."),
    "not_supported": gettext_noop("no ofrece STARTTLS o inicio de sesión en ese puerto. Pruebe TLS."),
    "host_refused": gettext_noop(
        "está dentro de la red de este sistema. Si de verdad es su servidor, pida que lo agreguen a MAIL_TRUSTED_HOSTS."
    ),
    "port_refused": gettext_noop(
        "no se usa con ese puerto: lo usual es 993 para IMAP, y 465 o 587 para SMTP."
    ),
    "not_encrypted": gettext_noop("no se puede usar sin cifrar: la contraseña viajaría a la vista."),
    "no_answer": gettext_noop(
        "cortó la conversación. Suele ser el cifrado: pruebe el otro, o el otro puerto."
    ),
    "": gettext_noop("no dejó entrar"),
}


@dataclass(frozen=True, slots=True)
class Trial:
    """How one of the two servers took it. ``sentence`` says what is wrong and what to do."""

    label: str
    is_good: bool
    sentence: str


def probe(credentials: dict[str, Any]) -> list[Trial]:
    """Log in to both servers and go again; nothing is sent and nothing is read."""
    return [
        _tried(_("Entrada (IMAP)"), lambda: _read(Server.of(credentials, "imap"))),
        _tried(_("Salida (SMTP)"), lambda: smtp.knock(Server.of(credentials, "smtp"))),
    ]


def _read(server: Server) -> None:
    with opened(server) as mailbox:
        mailbox.select("INBOX")


def _tried(label: str, call: Any) -> Trial:
    try:
        call()
    except NetworkError as error:
        words = SENTENCES.get(error.code)
        said = _(words) if words else f"{_(SENTENCES[''])}: {error.detail or error.code}."
        return Trial(label, False, _("El servidor %s") % said)
    return Trial(label, True, _("Entró bien."))
