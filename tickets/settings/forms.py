from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_social.enums import Purpose
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.permissions import Mode, Permission, Role
from helpdesk.tenancy.sign_on import SignOn
from helpdesk.tenancy.tokens import ApiToken
from tickets.settings.domain.connecting import Found, shown
from tickets.settings.domain.rights import Rights, options_for
from tickets.settings.domain.sign_on import Wanted
from tickets.settings.domain.team import suggest_initials

DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}")
FORM_OF_INITIALS = re.compile(r"[A-ZÑÁÉÍÓÚÜ]{2,4}")
ROLE_WORDS = {
    Role.AGENT: gettext_lazy("Responde en público y en privado, toma casos y los resuelve."),
    Role.TRAINEE: gettext_lazy(
        "Escribe respuestas, y ninguna sale hasta que otra persona la aprueba. Ve solo sus casos, "
        "con máscara."
    ),
    Role.SUPERVISOR: gettext_lazy(
        "Lo del asesor; además aprueba, reparte casos, oculta comentarios y ve la bitácora."
    ),
    Role.ADMIN: gettext_lazy("Conecta cuentas, equipo y horarios. No ve conversaciones."),
    Role.MARKETING: gettext_lazy(
        "Ve solo las cuentas de marca, con máscara, y pasa cada caso a la cuenta de servicio. No responde."
    ),
    Role.AUDITOR: gettext_lazy("Lee todo diciendo por qué lo abre; no cambia nada."),
    Role.AREA: gettext_lazy("Ve solo lo que se le consulta y contesta con notas."),
}


def role_choices() -> list[tuple[str, str]]:
    """The roles, each with what it may do."""
    return [
        (role.value, format_html("<span><b>{}</b><br>{}</span>", role.label, words))
        for role, words in ROLE_WORDS.items()
    ]


def role_field() -> forms.ChoiceField:
    """What somebody may do: one of the presets."""
    return forms.ChoiceField(
        label=gettext_lazy("Rol"),
        choices=role_choices,
        widget=forms.RadioSelect,
        initial=Role.AGENT,
        error_messages={"required": gettext_lazy("Elija qué podrá hacer.")},
    )


class InviteForm(forms.Form):
    """A person who joins the team. Initials left blank are proposed from the name."""

    name = forms.CharField(
        label=gettext_lazy("Nombre"),
        max_length=80,
        help_text=gettext_lazy("Como lo verán sus colegas."),
        error_messages={"required": gettext_lazy("Escriba cómo se llama.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Correo"),
        max_length=254,
        help_text=gettext_lazy("Ahí le llega la invitación para poner su contraseña."),
        error_messages={
            "required": gettext_lazy("Escriba su correo: ahí llega la invitación."),
            "invalid": gettext_lazy("Ese correo no está completo: revise que tenga @ y un dominio."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    initials = forms.CharField(
        label=gettext_lazy("Iniciales"),
        required=False,
        max_length=12,
        help_text=gettext_lazy(
            "Firman cada respuesta. De 2 a 4 letras; si las deja en blanco, las proponemos."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "initials", "spellcheck": "false"}),
    )
    role = role_field()

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_email(self) -> str:
        """The address in lower case; a colleague's is refused, also one's who left."""
        email: str = self.cleaned_data["email"].lower()
        member = Membership.objects.filter(organization=self.organization, user__email=email).first()
        if member is not None and member.is_active:
            raise forms.ValidationError(
                _("%(name)s ya está en el equipo con ese correo.") % {"name": member.display_name}
            )
        if member is not None:
            raise forms.ValidationError(
                _("%(name)s ya estuvo en el equipo con ese correo: devuélvale el acceso en la lista.")
                % {"name": member.display_name}
            )
        return email

    def clean_initials(self) -> str:
        return clean_initials(
            self.cleaned_data["initials"], self.cleaned_data.get("name", ""), self.organization
        )


def clean_initials(typed: str, name: str, organization: Organization) -> str:
    """Initials nobody signs with here; proposed from the name when blank. Raises ``ValidationError``."""
    initials = typed.strip().lstrip("^").upper()
    taken = dict(Membership.objects.filter(organization=organization).values_list("initials", "display_name"))
    keys = ApiToken.objects.filter(organization=organization, revoked_at__isnull=True)
    taken |= dict(keys.values_list("initials", "name"))
    free = suggest_initials(name, taken)
    if not initials and free:
        return free
    if not initials:
        raise forms.ValidationError(_("Escriba de 2 a 4 letras: de ese nombre no pudimos proponerlas."))
    if not FORM_OF_INITIALS.fullmatch(initials):
        raise forms.ValidationError(_("De 2 a 4 letras, sin espacios, puntos ni números."))
    if initials in taken:
        said = _("^%(initials)s ya es la firma de %(name)s.") % {
            "initials": initials,
            "name": taken[initials],
        }
        raise forms.ValidationError(said + (" " + _("Está libre ^%s.") % free if free else ""))
    return initials


class RoleForm(forms.Form):
    """Another role for a member."""

    role = role_field()


class RightsForm(forms.Form):
    """Each permission of a member, how it is held, and the accounts whose cases they see."""

    is_limited = forms.ChoiceField(
        label=gettext_lazy("Qué casos ve"),
        choices=[
            ("0", gettext_lazy("Los de todas las cuentas")),
            ("1", gettext_lazy("Solo los de estas cuentas")),
        ],
        widget=forms.RadioSelect,
    )
    accounts = forms.MultipleChoiceField(
        label=gettext_lazy("Cuentas"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, rights: Rights, accounts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["accounts"]
        chosen.choices, chosen.initial = accounts, [str(pk) for pk in rights.accounts or ()]
        self.fields["is_limited"].initial = "0" if rights.accounts is None else "1"
        self.role = rights.role
        for permission in Permission:
            self.fields[permission.value] = forms.ChoiceField(
                label=permission.label,
                choices=[(mode.value, mode.label) for mode in options_for(permission)],
                initial=rights.modes[permission.value].value,
            )

    @property
    def permission_fields(self) -> list[Any]:
        return [self[permission.value] for permission in Permission]

    @property
    def rights(self) -> Rights:
        """What was asked for, once it is valid."""
        given = self.cleaned_data
        accounts = frozenset(map(int, given["accounts"])) if given["is_limited"] == "1" else None
        return Rights(self.role, {p.value: Mode(given[p.value]) for p in Permission}, accounts)


class PurposeForm(forms.Form):
    """What an account is for, and how a brand account hands over."""

    purpose = forms.ChoiceField(label=gettext_lazy("Para qué es"), choices=Purpose, widget=forms.RadioSelect)
    hands_to = forms.ChoiceField(
        label=gettext_lazy("Si es de marca, pasa los casos a"),
        required=False,
        help_text=gettext_lazy("Mercadeo los pasa con una tecla; no responde ni cierra."),
    )
    text = forms.CharField(
        label=gettext_lazy("Lo que se le dice al cliente"),
        required=False,
        max_length=240,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Nombra la cuenta de servicio. {cuenta} y {nombre} se llenan solos."),
    )

    def __init__(self, *args: Any, accounts: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["hands_to"]
        field.choices = [("", _("A ninguna")), *((str(one.pk), str(one)) for one in accounts)]

    def clean_text(self) -> str:
        """A sentence that does not name the account sends nobody anywhere."""
        text: str = self.cleaned_data["text"].strip()
        if text and "{cuenta}" not in text:
            raise forms.ValidationError(_("Debe decir {cuenta}: ahí va el nombre de la cuenta de servicio."))
        return text

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("purpose") == Purpose.BRAND and not given.get("hands_to"):
            self.add_error("hands_to", _("Elija a qué cuenta de servicio pasa los casos."))
        return given


class SignOnForm(forms.Form):
    """An organization's OpenID Connect provider."""

    issuer = forms.URLField(
        label=gettext_lazy("Dirección del proveedor (issuer)"),
        max_length=300,
        assume_scheme="https",
        help_text=gettext_lazy("La que publica /.well-known/openid-configuration."),
    )
    client_id = forms.CharField(label=gettext_lazy("Identificador del cliente"), max_length=200)
    secret = forms.CharField(
        label=gettext_lazy("Secreto del cliente"),
        required=False,
        max_length=400,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Se guarda sellado y no se vuelve a mostrar. En blanco queda el que hay."),
    )
    domains = forms.CharField(
        label=gettext_lazy("Dominios de correo"),
        max_length=1000,
        help_text=gettext_lazy("Separados por espacios: solo entran correos verificados de estos dominios."),
    )
    default_role = forms.ChoiceField(
        label=gettext_lazy("Quien llegue sin invitación"),
        required=False,
        choices=[
            ("", gettext_lazy("No entra")),
            *((role.value, role.label) for role in (Role.AGENT, Role.TRAINEE, Role.MARKETING, Role.AREA)),
        ],
    )
    is_required = forms.BooleanField(
        label=gettext_lazy("Solo se entra así: las contraseñas dejan de abrir esta empresa"), required=False
    )

    def __init__(self, *args: Any, row: SignOn | None, **kwargs: Any) -> None:
        if row is not None:
            kwargs["initial"] = {
                "issuer": row.issuer, "client_id": row.client_id, "domains": " ".join(row.domains),
                "default_role": row.default_role, "is_required": row.is_required,
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.row = row

    def clean_domains(self) -> tuple[str, ...]:
        """Lower case, each once, each a domain."""
        domains = tuple(dict.fromkeys(re.split(r"[\s,;]+", self.cleaned_data["domains"].lower().strip())))
        if not all(DOMAIN.fullmatch(one) for one in domains):
            raise forms.ValidationError(_("Escriba solo dominios, como banco.com.co."))
        return domains

    def clean(self) -> dict[str, Any]:
        """The old secret goes to the old provider only."""
        given = super().clean() or {}
        moved = self.row is None or (given.get("issuer") or "").rstrip("/") != self.row.issuer
        if moved and not given.get("secret") and "issuer" in given:
            self.add_error("secret", _("Escriba el secreto que dio ese proveedor."))
        return given

    @property
    def wanted(self) -> Wanted:
        """What was written, once it is valid."""
        names = ("issuer", "client_id", "secret", "domains", "default_role", "is_required")
        return Wanted(**{name: self.cleaned_data[name] for name in names})


class LanguageForm(forms.Form):
    """The language somebody reads in."""

    language = forms.ChoiceField(
        label=gettext_lazy("Idioma"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )


class PagesForm(forms.Form):
    """Which of the pages Facebook lent are connected."""

    pages = forms.MultipleChoiceField(
        label=gettext_lazy("Páginas"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Elija al menos una página.")},
    )

    def __init__(self, *args: Any, found: list[Found], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["pages"]
        field.choices = [(one.external_id, shown(one)) for one in found]
