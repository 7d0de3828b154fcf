from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_social.enums import Network
from channels_social.models import SocialAccount
from channels_social.networks.email.addresses import key_of
from helpdesk.tenancy.models import Membership, Organization
from tickets.areas.models import Area


class AreaForm(forms.Form):
    """An area: what it is called, where it reads, how much time it is given."""

    name = forms.CharField(
        label=gettext_lazy("Nombre"),
        max_length=80,
        error_messages={"required": gettext_lazy("Escriba cómo se llama el área.")},
        help_text=gettext_lazy("Como la conoce el equipo: Operaciones, Fraudes, Jurídica."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    address = forms.EmailField(
        label=gettext_lazy("Correo del área"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Escriba el correo donde el área lee."),
            "invalid": gettext_lazy("Ese correo no está completo: revise que tenga @ y un dominio."),
        },
        help_text=gettext_lazy("Ahí llegan las consultas; solo lo que venga de ahí vale como respuesta."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    target_percent = forms.IntegerField(
        label=gettext_lazy("Parte del plazo que se le da, en %"),
        min_value=5,
        max_value=95,
        initial=50,
        help_text=gettext_lazy("Del tiempo hábil que queda hasta que el caso vence. Lo usual es la mitad."),
    )
    target_hours = forms.IntegerField(
        label=gettext_lazy("Horas hábiles si el caso no tiene plazo"),
        min_value=1,
        max_value=400,
        initial=8,
    )
    remind_percent = forms.IntegerField(
        label=gettext_lazy("Recordarle cuando haya pasado este % de su tiempo"),
        min_value=10,
        max_value=95,
        initial=75,
        help_text=gettext_lazy("También se le recuerda al vencer, y después una vez por día hábil."),
    )
    members = forms.MultipleChoiceField(
        label=gettext_lazy("Colegas que responden por ella desde su propio correo"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, organization: Organization, area: Area | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.organization, self.area = organization, area
        mates = Membership.objects.filter(organization=organization, is_active=True).order_by("display_name")
        field: Any = self.fields["members"]
        field.choices = [(str(mate.pk), mate.display_name) for mate in mates]

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if self._others().filter(name__iexact=name).exists():
            raise forms.ValidationError(_("Ya hay un área que se llama así."))
        return name

    def clean_address(self) -> str:
        """One area an address; never a support address: it would answer itself."""
        address = key_of(self.cleaned_data["address"])
        if not address:
            raise forms.ValidationError(_("Ese correo no está completo: revise que tenga @ y un dominio."))
        if self._others().filter(address=address).exists():
            raise forms.ValidationError(_("Ese correo ya es de otra área."))
        if SocialAccount.objects.filter(
            organization=self.organization, network=Network.EMAIL, external_id=address
        ).exists():
            raise forms.ValidationError(
                _("Ese es un correo de servicio conectado aquí: el área necesita el suyo.")
            )
        return address

    def _others(self) -> Any:
        others = Area.objects.filter(organization=self.organization)
        return others.exclude(pk=self.area.pk) if self.area else others
