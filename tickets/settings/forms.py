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
from tickets.settings.domain.connecting import Found, shown
from tickets.settings.domain.rights import Rights, options_for
from tickets.settings.domain.team import suggest_initials

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
