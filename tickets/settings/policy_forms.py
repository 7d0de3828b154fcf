"""The form of a policy: whom it is for, how it counts, and what it owes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_social.enums import Purpose
from channels_social.models import SocialAccount
from helpdesk.tenancy.models import Organization
from protocols.models import CustomerTier, SlaPolicy
from tickets.enums import PqrKind, Priority
from tickets.settings.durations import minutes_of, written

TIMES: dict[str, str | Promise] = {
    "first_response": gettext_lazy("Primera respuesta"),
    "next_response": gettext_lazy("Siguiente respuesta"),
    "update": gettext_lazy("Avance periódico"),
    "resolution": gettext_lazy("Solución"),
}
PROBLEMS = {
    "form": gettext_lazy("Escriba un tiempo como 15 min, 2 h o 1 h 30."),
    "zero": gettext_lazy(
        "Ningún caso puede cumplir un plazo de cero o menos: escriba al menos 1 min, o déjelo vacío."
    ),
    "long": gettext_lazy("Más de un año no es un plazo: escriba uno menor, o déjelo vacío."),
}


class Duration(forms.Field):
    """Minutes, written as people write them; empty is None."""

    def __init__(self, label: str | Promise) -> None:
        super().__init__(
            label=label,
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "–", "maxlength": 20}),
        )

    def to_python(self, value: Any) -> Any:
        try:
            return minutes_of(str(value or ""))
        except ValueError as problem:
            raise forms.ValidationError(PROBLEMS[str(problem)]) from None

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, int) else value


class PolicyForm(forms.Form):
    """One policy. Whom it is for is chosen once: another scope is another policy."""

    priority = forms.ChoiceField(label=gettext_lazy("Prioridad"), choices=Priority)
    account_id = forms.TypedChoiceField(
        label=gettext_lazy("Cuenta"), required=False, empty_value=None, coerce=int
    )
    kind = forms.ChoiceField(label=gettext_lazy("Tipo"), required=False)
    tier_id = forms.TypedChoiceField(
        label=gettext_lazy("Nivel de cliente"), required=False, empty_value=None, coerce=int
    )
    is_wall_time = forms.TypedChoiceField(
        label=gettext_lazy("Qué tiempo cuenta"),
        choices=[
            ("0", gettext_lazy("El de atención: se detiene al cerrar")),
            ("1", gettext_lazy("El corrido: 24 horas, todos los días")),
        ],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, organization: Organization, policy: SlaPolicy | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, initial=_initial(policy), **kwargs)
        for name, label in TIMES.items():
            self.fields[name] = Duration(label)
        self._offer(organization)
        if policy is not None:
            for name in ("priority", "account_id", "kind", "tier_id"):
                self.fields.pop(name, None)

    def _offer(self, organization: Organization) -> None:
        accounts = SocialAccount.objects.filter(organization=organization).exclude(purpose=Purpose.BY_HAND)
        tiers = CustomerTier.objects.filter(organization=organization).order_by("name")
        choices: dict[str, Any] = {
            "account_id": [
                ("", _("Todas")),
                *((str(one.pk), str(one)) for one in accounts.order_by("network", "id")),
            ],
            "kind": [("", _("Todos")), *PqrKind.choices],
            "tier_id": [("", _("Todos")), *((str(one.pk), one.name) for one in tiers)],
        }
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.choices = offered
        if not tiers:
            del self.fields["tier_id"]

    def clean(self) -> dict[str, Any]:
        """What no case could meet is said here."""
        given = super().clean() or self.cleaned_data
        owed = {name: given.get(name) for name in TIMES}
        if not self.errors and not any(owed.values()):
            self.add_error("first_response", _("Así no se debería nada: escriba al menos un tiempo."))
        first, resolution = owed["first_response"], owed["resolution"]
        if first and resolution and resolution < first:
            self.add_error(
                "resolution",
                _("Nadie puede solucionar antes de responder: aquí va al menos la primera respuesta."),
            )
        return given

    def values(self) -> dict[str, Any]:
        """What was given, with nothing where a field was not asked."""
        names = ("priority", "account_id", "kind", "tier_id", "is_wall_time", *TIMES)
        return {name: self.cleaned_data.get(name, "" if name == "kind" else None) for name in names}


def _initial(policy: SlaPolicy | None) -> dict[str, Any]:
    if policy is None:
        return {"priority": Priority.MEDIUM, "is_wall_time": "0", "version": 0}
    return {"is_wall_time": str(int(policy.is_wall_time)), "version": policy.version} | {
        name: getattr(policy, name) for name in TIMES
    }
