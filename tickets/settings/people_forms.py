"""Forms about one person: shifts, training, who takes over, picture."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.settings.domain.people import Training
from tickets.team.rules.photos import MOST_BYTES
from tickets.team.rules.shifts import BadSpan, Span, read_day, write_day

WEEKDAYS = (
    gettext_lazy("Lunes"), gettext_lazy("Martes"), gettext_lazy("Miércoles"), gettext_lazy("Jueves"),
    gettext_lazy("Viernes"), gettext_lazy("Sábado"), gettext_lazy("Domingo"),
)  # fmt: skip
SPAN_WORDS = {
    "unreadable": gettext_lazy("«%s» no se entiende: escriba por ejemplo 8-12, 14:00-18:00."),
    "empty": gettext_lazy("«%s» empieza y termina a la misma hora."),
    "overlap": gettext_lazy("En «%s» un tramo empieza antes de que termine el otro."),
}
TRAINING_MONTHS = 12


def day_fields(spans: list[Span]) -> dict[str, forms.CharField]:
    """One line of text per weekday, filled with what there is."""
    return {
        f"day_{weekday}": forms.CharField(
            label=label, required=False, max_length=80,
            initial=write_day(span for span in spans if span.weekday == weekday),
            widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text"}),
        )
        for weekday, label in enumerate(WEEKDAYS)
    }  # fmt: skip


class ShiftsForm(forms.Form):
    """The weekly shifts of a person, a line of text a day."""

    def __init__(self, *args: Any, spans: list[Span], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(day_fields(spans))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.spans: list[Span] = []
        for weekday in range(7):
            try:
                self.spans += read_day(weekday, given.get(f"day_{weekday}", ""))
            except BadSpan as bad:
                self.add_error(f"day_{weekday}", str(SPAN_WORDS[bad.code]) % bad.text)
        return given


class TrainingForm(forms.Form):
    """The training for public answers, and who looks first at what waits for approval."""

    needs = forms.ChoiceField(
        label=gettext_lazy("Para responder en público"),
        choices=[
            ("0", gettext_lazy("No se le exige capacitación")),
            (
                "1",
                gettext_lazy(
                    "Necesita capacitación vigente: sin ella, otra persona aprueba antes de que salga"
                ),
            ),
        ],
        widget=forms.RadioSelect,
    )
    on = forms.DateField(
        label=gettext_lazy("Fecha de la capacitación"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    until = forms.DateField(
        label=gettext_lazy("Vence"), required=False,
        help_text=gettext_lazy("Si la deja en blanco, un año después."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    evidence = forms.CharField(
        label=gettext_lazy("Constancia"), required=False, max_length=200,
        help_text=gettext_lazy("Qué lo demuestra: acta, curso, evaluación. Una frase o un enlace."),
    )  # fmt: skip
    supervisor = forms.ChoiceField(
        label=gettext_lazy("Su supervisor"), required=False,
        help_text=gettext_lazy("Los primeros cinco minutos decide esta persona; después, cualquiera que apruebe."),
    )  # fmt: skip

    def __init__(self, *args: Any, person: Membership, mates: list[Membership], **kwargs: Any) -> None:
        initial = {
            "needs": "1" if person.needs_training else "0", "on": person.trained_on,
            "until": person.trained_until, "evidence": person.training_evidence,
            "supervisor": str(person.supervisor_id or ""),
        }  # fmt: skip
        super().__init__(*args, initial=initial, **kwargs)
        self.able = {
            str(mate.pk): mate for mate in mates
            if mate.is_active and mate.pk != person.pk and mate.can(Permission.APPROVE_REPLIES)
        }  # fmt: skip
        field = self.fields["supervisor"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Nadie en particular"))] + [(pk, str(mate)) for pk, mate in self.able.items()]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        on, until = given.get("on"), given.get("until")
        if on is not None and until is None and "until" not in self.errors:
            given["until"] = until = on + timedelta(days=365)
        if on is not None and until is not None and until < on:
            self.add_error("until", _("Vence antes de la fecha de la capacitación: revise las dos."))
        if on is not None and not (given.get("evidence") or "").strip():
            self.add_error("evidence", _("Diga qué lo demuestra: sin constancia no vale."))
        if until is not None and on is None and "on" not in self.errors:
            self.add_error("on", _("Diga cuándo fue la capacitación."))
        return given

    @property
    def training(self) -> Training:
        given = self.cleaned_data
        return Training(given["needs"] == "1", given["on"], given["until"], given["evidence"])

    @property
    def first_approver(self) -> Membership | None:
        return self.able.get(self.cleaned_data["supervisor"])


PHOTO_WORDS = {
    "too_heavy": gettext_lazy(
        "La foto pesa demasiado: con este navegador, recórtela antes a menos de %s kB."
    ),
    "not_jpeg": gettext_lazy("Ese archivo no es una foto JPEG, aunque su nombre lo diga."),
    "too_large": gettext_lazy("La foto mide más de 512 píxeles: recórtela antes de subirla."),
    "too_small": gettext_lazy("La foto es muy pequeña: al menos 64 píxeles por lado."),
}


def photo_sentence(code: str) -> str:
    """Why a picture was not taken."""
    words = str(PHOTO_WORDS[code])
    return words % (MOST_BYTES // 1024) if "%s" in words else words
