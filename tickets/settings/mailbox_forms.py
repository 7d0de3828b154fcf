from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_social.networks.email.addresses import key_of
from channels_social.networks.email.servers import PLAIN, PORTS, STARTTLS, TLS, trusted

SECURITY = [
    (TLS, gettext_lazy("TLS desde el comienzo")),
    (STARTTLS, gettext_lazy("STARTTLS")),
    (PLAIN, gettext_lazy("Sin cifrar (solo servidores de confianza)")),
]
# The column of account ids; a handle of this length is nobody's (RFC 5321 allows more).
LONGEST = 64


def _host(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=200,
        help_text=help_text,
        error_messages={"required": gettext_lazy("Escriba el nombre del servidor.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def _port(initial: int) -> forms.IntegerField:
    return forms.IntegerField(label=gettext_lazy("Puerto"), min_value=1, max_value=65_535, initial=initial)


def _security(initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=gettext_lazy("Cifrado"), choices=SECURITY, initial=initial)


class MailboxForm(forms.Form):
    """A support address: how it is read and how it writes. A blank password keeps the one that is sealed."""

    address = forms.EmailField(
        label=gettext_lazy("Correo de servicio"),
        max_length=LONGEST,
        help_text=gettext_lazy("La dirección a la que escriben los clientes y desde la que se les responde."),
        error_messages={
            "required": gettext_lazy("Escriba el correo de servicio."),
            "invalid": gettext_lazy("Ese correo no está completo: revise que tenga @ y un dominio."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Nombre del remitente"),
        max_length=80,
        help_text=gettext_lazy("Lo que ve el cliente delante de la dirección."),
        error_messages={"required": gettext_lazy("Escriba el nombre que verá el cliente.")},
    )
    imap_host = _host(
        gettext_lazy("Servidor de entrada (IMAP)"), gettext_lazy("Por ejemplo imap.su-dominio.com.")
    )
    imap_port = _port(993)
    imap_security = _security(TLS)
    smtp_host = _host(
        gettext_lazy("Servidor de salida (SMTP)"), gettext_lazy("Por ejemplo smtp.su-dominio.com.")
    )
    smtp_port = _port(465)
    smtp_security = _security(TLS)
    user = forms.CharField(
        label=gettext_lazy("Usuario"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Si lo deja en blanco es el mismo correo."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Contraseña"),
        max_length=400,
        strip=False,
        error_messages={"required": gettext_lazy("Escriba la contraseña.")},
        help_text=gettext_lazy(
            "La de aplicación, si el proveedor la pide. Se guarda sellada y no se vuelve a mostrar."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
    )
    read_only = forms.BooleanField(
        label=gettext_lazy("Empezar en solo lectura: todo entra y nada sale"), required=False
    )

    def __init__(
        self, *args: Any, has_password: bool = False, is_connected: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.has_password = has_password
        self.fields["password"].required = not has_password
        if is_connected:
            self.fields["address"].disabled = True
            del self.fields["read_only"]
        if not settings.MAIL_TRUSTED_HOSTS:
            for name in ("imap_security", "smtp_security"):
                field: Any = self.fields[name]
                field.choices = SECURITY[:2]

    def clean_address(self) -> str:
        address = key_of(self.cleaned_data["address"])
        if not address or not address.isascii():
            raise forms.ValidationError(_("Ese correo no está completo: revise que tenga @ y un dominio."))
        return address

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not password.isascii() or not password.isprintable():
            raise forms.ValidationError(
                _("Los servidores de correo no aceptan ñ ni tildes en la contraseña: use una sin ellas.")
            )
        return password

    def clean(self) -> dict[str, Any]:
        """Hosts as names; nothing unencrypted and no strange port outside the trusted ones."""
        told: dict[str, Any] = super().clean() or {}
        for which in ("imap", "smtp"):
            host = str(told.get(f"{which}_host", "")).strip().lower()
            told[f"{which}_host"] = host
            if not host or trusted(host):
                continue
            if told.get(f"{which}_security") == PLAIN:
                self.add_error(
                    f"{which}_security", _("Sin cifrar, la contraseña viajaría a la vista: elija TLS.")
                )
            if told.get(f"{which}_port") and told[f"{which}_port"] not in PORTS:
                self.add_error(f"{which}_port", _("Ese puerto no es de correo: lo usual es 993 y 465 o 587."))
        return told

    def credentials(self, former: dict[str, Any]) -> dict[str, Any]:
        """What will be sealed; ``former`` keeps the password nobody typed again."""
        told = self.cleaned_data
        return {
            "user": told["user"] or told["address"],
            "password": told["password"] or former.get("password", ""),
            "name": told["name"],
        } | {
            which: {
                "host": told[f"{which}_host"],
                "port": told[f"{which}_port"],
                "security": told[f"{which}_security"],
            }
            for which in ("imap", "smtp")
        }
