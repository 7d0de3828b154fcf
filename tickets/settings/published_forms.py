from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from protocols.models import Calendar
from tickets.settings.models import Notices


class AccountHoursForm(forms.Form):
    """Which calendar an account attends by, how else to reach us, and where notice is given out of hours."""

    calendar = forms.ModelChoiceField(
        label=_("Horario con el que atiende"), queryset=Calendar.objects.none(), empty_label=None
    )
    phone = forms.RegexField(
        label=_("Teléfono que se publica"),
        regex=r"^[\d\s()+*#./-]{3,40}$",
        max_length=40,
        required=False,
        error_messages={"invalid": _("Escríbalo como se marca: 601 555 0100, *611, 01 8000 123456.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=_("Correo que se publica"),
        max_length=120,
        required=False,
        error_messages={"invalid": _("Ese correo no está completo: revise que tenga @ y un dominio.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    notices = forms.ChoiceField(
        label=_("A quien escribe fuera de horario"),
        choices=Notices.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Un solo aviso por conversación mientras está cerrado, con la hora a la que se vuelve a abrir. No cuenta "
            "como respuesta. En público no se recomienda: X rechaza textos iguales y se lee como un robot."
        ),
    )

    def __init__(self, *args: Any, organization_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["calendar"]
        field.queryset = Calendar.objects.filter(organization_id=organization_id).order_by("id")
