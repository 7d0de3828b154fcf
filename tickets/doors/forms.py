from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk import clock
from tickets.cases.filings import System
from tickets.cases.rules import fold_number
from tickets.enums import Door, PqrKind
from tickets.intake.asked import Asked, Ref, Who
from tickets.intake.rules.who import read_who

LONGEST = 20_000
# Older than this is a slip of the hand: complaints are not kept longer (care.md 5, retention).
OLDEST = timedelta(days=3650)
# Clocks of two machines differ a little; nothing happens in the future.
SLACK = timedelta(minutes=2)


class Moment(forms.DateTimeField):
    """A day and an hour, in the time zone that is active."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        said = gettext_lazy("Escriba el día y la hora.")
        super().__init__(error_messages={"invalid": said, "required": said}, **kwargs)


class RegisterForm(forms.Form):
    """A call, a visit or a letter as somebody writes it down while it happens."""

    token = forms.CharField(max_length=64, widget=forms.HiddenInput)
    door = forms.ChoiceField(
        label=gettext_lazy("Por dónde"),
        choices=[(door.value, door.label) for door in (Door.PHONE, Door.OFFICE, Door.EMAIL)],
        initial=Door.PHONE,
        widget=forms.RadioSelect,
    )
    who = forms.CharField(label=gettext_lazy("Quién"), required=False, max_length=160, strip=True)
    customer = forms.IntegerField(required=False, widget=forms.HiddenInput)
    ticket = forms.IntegerField(required=False)
    text = forms.CharField(
        label=gettext_lazy("Qué dijo"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Escriba qué dijo la persona.")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("Tipo"), required=False)
    number = forms.CharField(label=gettext_lazy("Número en el otro sistema"), required=False, max_length=60)
    system = forms.ChoiceField(label=gettext_lazy("Sistema"), choices=System.choices, initial=System.SAC)
    due = Moment(label=gettext_lazy("Qué día se le prometió"), required=False)
    answer = forms.CharField(
        label=gettext_lazy("Qué se le contestó"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    resolved = forms.BooleanField(label=gettext_lazy("Con eso quedó resuelto"), required=False)
    happened = Moment(label=gettext_lazy("Cuándo fue"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = [("", _("Según lo que dijo")), *PqrKind.choices]

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if number and not fold_number(number):
            raise forms.ValidationError(_("Ese número no tiene letras ni cifras."))
        return number

    def clean_happened(self) -> datetime:
        at: datetime = self.cleaned_data["happened"]
        now = clock.now()
        if at > now + SLACK:
            raise forms.ValidationError(_("Eso todavía no ha pasado: revise el día y la hora."))
        if at < now - OLDEST:
            raise forms.ValidationError(_("Es de hace más de diez años: revise el año."))
        return min(at, now)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        due, at = data.get("due"), data.get("happened")
        if due and at and due <= at:
            self.add_error("due", _("Lo prometido es para después de la llamada."))
        if data.get("resolved") and not data.get("answer"):
            self.add_error("answer", _("Si quedó resuelto, escriba qué se le contestó."))
        return data

    def asked(self, country: str) -> Asked:
        """What was written down, as the verb takes it; a person of that country."""
        data = self.cleaned_data
        customer = data["customer"]
        return Asked(
            door=Door(data["door"]),
            text=data["text"],
            happened_at=data["happened"],
            who=Who(customer_id=customer) if customer else read_who(data["who"], country),
            key=data["token"],
            kind=PqrKind(data["kind"]) if data["kind"] else None,
            due_at=data["due"],
            references=(Ref(data["system"], data["number"]),) if data["number"] else (),
            answer=data["answer"],
            is_resolved=data["resolved"],
            ticket_id=data["ticket"],
        )
