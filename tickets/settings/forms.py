from __future__ import annotations

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.permissions import Role
from helpdesk.tenancy.tokens import ApiToken
from tickets.settings.domain.connecting import Found, shown
from tickets.settings.domain.team import suggest_initials

FORM_OF_INITIALS = re.compile(r"[A-ZÑÁÉÍÓÚÜ]{2,4}")
ROLE_WORDS = {
    Role.AGENT: gettext_lazy("Responde en público y en privado, toma casos y los resuelve."),
    Role.TRAINEE: gettext_lazy(
        "Escribe respuestas, y ninguna sale hasta que otra persona la aprueba. Ve los datos personales con "
        "máscara."
    ),
    Role.SUPERVISOR: gettext_lazy(
        "Lo del asesor; además aprueba, reparte casos, oculta comentarios y ve la bitácora."
    ),
    Role.ADMIN: gettext_lazy("Conecta cuentas, equipo y horarios. No ve conversaciones."),
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
