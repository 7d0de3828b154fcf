"""The form of a legal term."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from protocols.models import LegalTerm, TermUnit

ZERO = gettext_lazy("Un término legal tiene al menos un día: escriba cuántos da la norma.")


class LegalTermForm(forms.Form):
    """What the law says of one kind, from where it is known, and when we mean to be reminded."""

    name = forms.CharField(label=gettext_lazy("Nombre"), max_length=160)
    days = forms.IntegerField(
        label=gettext_lazy("Cuántos"), min_value=1, max_value=400, error_messages={"min_value": ZERO}
    )
    unit = forms.ChoiceField(label=gettext_lazy("De qué"), choices=TermUnit)
    extension_days = forms.IntegerField(
        label=gettext_lazy("Prórroga, una vez"),
        min_value=0,
        max_value=400,
        help_text=gettext_lazy("Cuántos más permite la norma; 0 si no permite."),
    )
    internal_day = forms.IntegerField(
        label=gettext_lazy("Meta interna"),
        min_value=1,
        help_text=gettext_lazy("El día en que nos proponemos responder."),
    )
    alarm_days = forms.CharField(
        label=gettext_lazy("Avisar los días"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("Separados por comas: 8, 12, 14."),
    )
    source = forms.CharField(
        label=gettext_lazy("Norma y fuente"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    reviewed_on = forms.DateField(
        label=gettext_lazy("Revisado el"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, term: LegalTerm, **kwargs: Any) -> None:
        initial = {name: getattr(term, name) for name in self.base_fields}
        super().__init__(
            *args, initial=initial | {"alarm_days": ", ".join(map(str, term.alarm_days))}, **kwargs
        )

    def clean_alarm_days(self) -> list[int]:
        """Days in order, each once."""
        parts = [part for part in re.split(r"[\s,;]+", self.cleaned_data["alarm_days"]) if part]
        if not all(part.isdecimal() and int(part) > 0 for part in parts):
            raise forms.ValidationError(_("Escriba números de día, separados por comas: 8, 12, 14."))
        return sorted(set(map(int, parts)))

    def clean(self) -> dict[str, Any]:
        """Nothing is meant or warned of after the end."""
        given = super().clean() or self.cleaned_data
        days = given.get("days")
        if days and given.get("unit") == TermUnit.MONTHS:
            days *= 30
        if days and (given.get("internal_day") or 0) > days:
            self.add_error("internal_day", _("La meta interna va antes de que venza el término."))
        if days and any(day > days for day in given.get("alarm_days") or []):
            self.add_error(
                "alarm_days", _("Avisar después de vencido no sirve: escriba días dentro del término.")
            )
        return given
