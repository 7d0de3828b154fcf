"""The form of «Sitio público», and what becomes of a colour in a sentence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.site.colour import TEXT, BadColour, Palette, palette
from helpdesk.site.files import BadFile, CleanFile
from helpdesk.site.logo import MOST_BYTES, clean_logo
from helpdesk.site.models import Site
from tickets.settings.domain.site import FIELDS


class SiteForm(forms.Form):
    """What customers see of the organization."""

    is_on = forms.BooleanField(label=gettext_lazy("Publicar el sitio"), required=False)
    takes_cases = forms.BooleanField(label=gettext_lazy("Recibir casos por formulario"), required=False)
    shows_team = forms.BooleanField(
        label=gettext_lazy("Mostrar quién atiende: nombre e iniciales, y la foto de quien aceptó"),
        required=False,
    )
    greeting = forms.CharField(
        label=gettext_lazy("Saludo"), required=False, max_length=80,
        help_text=gettext_lazy("Sin él se lee «¿En qué podemos ayudar?»."),
    )  # fmt: skip
    signature = forms.CharField(
        label=gettext_lazy("Nombre legal y ciudad, al pie"), required=False, max_length=120
    )
    privacy_url = forms.URLField(
        label=gettext_lazy("Política de tratamiento de datos"), required=False, assume_scheme="https"
    )
    defender_url = forms.URLField(
        label=gettext_lazy("Defensor del consumidor"), required=False, assume_scheme="https"
    )
    colour = forms.CharField(
        label=gettext_lazy("Color"), max_length=7, widget=forms.TextInput(attrs={"type": "color"})
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"), required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg"}),
        help_text=gettext_lazy("PNG o JPG de hasta 200 KB. Se muestra sobre blanco, también en oscuro."),
    )  # fmt: skip
    drops_logo = forms.BooleanField(label=gettext_lazy("Quitar el logo"), required=False)

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, initial={name: getattr(site, name) for name in FIELDS}, **kwargs)
        self.clean_picture: CleanFile | None = None

    def clean_colour(self) -> str:
        said: str = self.cleaned_data["colour"].strip().lower()
        try:
            return palette(said).asked
        except BadColour:
            raise forms.ValidationError(_("Ese color no se entiende: se escribe como #0b6b3a.")) from None

    def clean_logo(self) -> None:
        file = self.cleaned_data.get("logo")
        if file is None:
            return
        try:
            self.clean_picture = clean_logo(file.read(MOST_BYTES + 1))
        except BadFile as bad:
            raise forms.ValidationError(_logo_sentence(bad.code)) from None


def colour_words(colours: Palette) -> str:
    """Whether the colour can be read as it is, and what is used where it cannot."""
    found = _number(colours.contrast)
    if not colours.is_corrected:
        return _("Se lee: %(contrast)s a 1 con letras blancas. En oscuro se usa el mismo tono más claro.") % {
            "contrast": found
        }
    return _(
        "Con letras blancas tiene un contraste de %(contrast)s a 1 y hacen falta %(least)s: botones y enlaces usan "
        "%(used)s, el mismo tono más oscuro."
    ) % {"contrast": found, "least": _number(TEXT), "used": colours.solid.light}


def _number(ratio: float) -> str:
    return f"{ratio:.1f}".replace(".", _(","))


def _logo_sentence(code: str) -> str:
    return {
        "too_heavy": _("El logo pesa más de 200 KB."),
        "too_large": _("El logo mide más de 1.200 puntos de lado."),
        "too_small": _("El logo mide menos de 24 puntos de lado: se vería borroso."),
        "hostile": _("Ese archivo trae dentro algo que no es una imagen, y no se guardó."),
    }.get(code, _("Ese archivo no es una imagen PNG o JPG."))
