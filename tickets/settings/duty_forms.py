"""Forms of the watch and of what escalates by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.enums import Priority
from tickets.escalation.enums import Receiver, Trigger, Whom
from tickets.escalation.models import EscalationRule
from tickets.settings.people_forms import WEEKDAYS

LONGEST_SWAP = timedelta(days=62)


class _People(forms.Form):
    """A form that names colleagues who see cases."""

    def __init__(self, *args: Any, mates: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mates = {str(one.pk): one for one in mates if one.is_active and one.can(Permission.SEE_CASES)}

    def offer(self, name: str, first: str) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", first)] + [(pk, str(one)) for pk, one in self.mates.items()]

    def mate(self, name: str) -> Membership | None:
        return self.mates.get(self.cleaned_data.get(name) or "")


class WatchForm(_People):
    """Somebody is on call, every week, on these days."""

    member = forms.ChoiceField(
        label=gettext_lazy("Quién"), error_messages={"required": gettext_lazy("Elija a quién se llama.")}
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Qué días"), choices=list(enumerate(WEEKDAYS)), coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Marque al menos un día.")},
    )  # fmt: skip
    starts = forms.TimeField(
        label=gettext_lazy("Desde"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": gettext_lazy("Diga desde qué hora.")},
    )  # fmt: skip
    ends = forms.TimeField(
        label=gettext_lazy("Hasta"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=gettext_lazy("Si es antes de la hora de inicio, termina al día siguiente."),
        error_messages={"required": gettext_lazy("Diga hasta qué hora.")},
    )  # fmt: skip
    place = forms.TypedChoiceField(
        label=gettext_lazy("En qué orden"), coerce=int, initial=1,
        choices=[(1, gettext_lazy("Primero")), (2, gettext_lazy("Si no contesta en 5 minutos")),
                 (3, gettext_lazy("Después de los dos"))],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("member", _("Elija una persona"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("starts") is not None and given.get("starts") == given.get("ends"):
            self.add_error(
                "ends", _("Empieza y termina a la misma hora: para un día entero escriba 00:00 a 23:59.")
            )
        return given


class SwapForm(_People):
    """For a while somebody takes somebody's watch."""

    out = forms.ChoiceField(label=gettext_lazy("En lugar de"))
    into = forms.ChoiceField(label=gettext_lazy("Está"))
    starts = forms.DateTimeField(
        label=gettext_lazy("Desde"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    ends = forms.DateTimeField(
        label=gettext_lazy("Hasta"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(label=gettext_lazy("Motivo"), required=False, max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("out", _("Elija una persona"))
        self.offer("into", _("Elija una persona"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        starts, ends = given.get("starts"), given.get("ends")
        if given.get("out") and given.get("out") == given.get("into"):
            self.add_error("into", _("Nadie se reemplaza a sí mismo: elija a otra persona."))
        if starts is not None and ends is not None and ends <= starts:
            self.add_error("ends", _("Termina antes de empezar: revise las dos."))
        elif starts is not None and ends is not None and ends - starts > LONGEST_SWAP:
            self.add_error("ends", _("Son más de dos meses: mejor cambie la guardia de cada semana."))
        return given


class RuleForm(_People):
    """When, of which cases, and what happens then."""

    trigger = forms.ChoiceField(label=gettext_lazy("Cuándo"), choices=Trigger.choices)
    priorities = forms.MultipleChoiceField(
        label=gettext_lazy("De qué casos"), choices=Priority.choices, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("Sin marcar ninguna: de todos."),
    )  # fmt: skip
    notifies = forms.ChoiceField(label=gettext_lazy("A quién se avisa"), choices=Whom.choices, required=False)
    notify_member = forms.ChoiceField(label=gettext_lazy("Persona a la que se avisa"), required=False)
    moves = forms.ChoiceField(label=gettext_lazy("El caso"), choices=Receiver.choices, required=False)
    move_member = forms.ChoiceField(label=gettext_lazy("Persona a la que pasa"), required=False)
    raises = forms.BooleanField(label=gettext_lazy("Sube su prioridad un nivel"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, rule: EscalationRule | None = None, **kwargs: Any) -> None:
        if rule is not None:
            kwargs["initial"] = {
                "trigger": rule.trigger, "priorities": rule.priorities, "notifies": rule.notifies,
                "notify_member": str(rule.notify_member_id or ""), "moves": rule.moves,
                "move_member": str(rule.move_member_id or ""), "raises": rule.raises, "version": rule.version,
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        for name in ("notify_member", "move_member"):
            self.offer(name, _("Elija una persona"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("notifies") == Whom.MEMBER and not given.get("notify_member"):
            self.add_error("notify_member", _("Diga a quién se avisa."))
        if given.get("moves") == Receiver.MEMBER and not given.get("move_member"):
            self.add_error("move_member", _("Diga a quién pasa el caso."))
        if given.get("raises") and given.get("priorities") == [Priority.CRITICAL.value]:
            self.add_error(
                "raises", _("Un caso crítico no puede subir más: quite esto o añada otra prioridad.")
            )
        if not (given.get("notifies") or given.get("moves") or given.get("raises")):
            self.add_error(None, _("Así no haría nada: avise a alguien, mueva el caso o suba su prioridad."))
        return given

    def as_rule(self, rule: EscalationRule) -> EscalationRule:
        """The rule as it is typed; saved by nobody. Also from a form with mistakes, as far as it can be read."""
        given = self.cleaned_data
        rule.trigger = given.get("trigger") or Trigger.WARNED
        rule.priorities = [one for one in Priority.values if one in (given.get("priorities") or ())]
        rule.notifies, rule.moves = given.get("notifies") or "", given.get("moves") or ""
        rule.notify_member = self.mate("notify_member") if rule.notifies == Whom.MEMBER else None
        rule.move_member = self.mate("move_member") if rule.moves == Receiver.MEMBER else None
        rule.raises = bool(given.get("raises"))
        return rule
