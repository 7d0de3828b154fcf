"""The form of «Contacto posterior», and what it does in a sentence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tickets.aftercontact.models import AfterContactPolicy, Score


class AfterContactForm(forms.Form):
    """Whether, when and what; the hours are the organization's."""

    is_on = forms.BooleanField(
        label=gettext_lazy("Preguntarle al cliente si quedó solucionado"), required=False
    )
    days = forms.IntegerField(
        label=gettext_lazy("Días hábiles después de la respuesta de fondo, o de resolver si no hay término"),
        min_value=1,
        max_value=30,
    )
    first_hour = forms.TimeField(
        label=gettext_lazy("Desde las"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    last_hour = forms.TimeField(
        label=gettext_lazy("Hasta las"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    score = forms.ChoiceField(
        label=gettext_lazy("Qué calificación se pide"), choices=Score, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, policy: AfterContactPolicy, **kwargs: Any) -> None:
        initial = {
            name: getattr(policy, name) for name in ("is_on", "days", "first_hour", "last_hour", "score")
        }
        super().__init__(*args, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, last = given.get("first_hour"), given.get("last_hour")
        if first is not None and last is not None and last <= first:
            self.add_error(
                "last_hour", _("La hora final va después de la inicial: por ejemplo, de 9:00 a 18:00.")
            )
        return given


def what_it_does(given: dict[str, Any]) -> str:
    """The decision, in words."""
    if not given["is_on"]:
        return _("No se le pregunta a nadie.")
    days = ngettext("%(n)s día hábil", "%(n)s días hábiles", given["days"]) % {"n": given["days"]}
    return _(
        "Una sola vez por caso, %(days)s después, de lunes a viernes sin festivos y entre %(first)s y %(last)s, en la "
        "conversación privada del cliente. Si no se puede escribir allí, el caso queda en la lista para una persona. "
        "Un «no» reabre el caso."
    ) % {"days": days, "first": f"{given['first_hour']:%H:%M}", "last": f"{given['last_hour']:%H:%M}"}
