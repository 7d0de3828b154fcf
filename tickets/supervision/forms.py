"""What somebody writes of an incident. Times are the organization's (the view activates its zone)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tickets.incidents.domain.declaring import Facts
from tickets.incidents.models import Incident
from tickets.incidents.rules.bulk import NotSaid, check_text
from tickets.incidents.sentences import SENTENCES, sentence

LOCAL = "%Y-%m-%dT%H:%M"


def _moment(label: Any, **more: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        required=False,
        error_messages={"required": gettext_lazy(SENTENCES["no_when"])},
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
        **more,
    )


class IncidentForm(forms.Form):
    """Situation and measures may wait, publishing asks for them; when it is over, or when the next notice comes, may
    not."""

    title = forms.CharField(
        label=gettext_lazy("Qué pasa, en pocas palabras"), max_length=120,
        help_text=gettext_lazy("Por ejemplo: «La app no abre»."),
        error_messages={"required": gettext_lazy("Póngale un nombre corto a la novedad: «La app no abre».")},
    )  # fmt: skip
    situation = forms.CharField(
        label=gettext_lazy("Situación"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Qué pasa y a quién le pasa, dicho para el cliente. Hace falta para publicar."),
    )  # fmt: skip
    measures = forms.CharField(
        label=gettext_lazy("Medidas"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Qué se está haciendo y qué puede hacer el cliente. Hace falta para publicar."),
    )  # fmt: skip
    statement = forms.CharField(
        label=gettext_lazy("Frase para responder"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Queda fijada sobre el texto de todos los casos. Puede llevar {nombre} y {caso}."),
    )  # fmt: skip
    when = forms.ChoiceField(
        label=gettext_lazy("¿Cuándo se resuelve?"),
        choices=[
            ("unknown", gettext_lazy("Aún sin estimar")),
            ("estimated", gettext_lazy("Hay hora estimada")),
        ],
        widget=forms.RadioSelect,
        initial="unknown",
    )
    estimated_at = _moment(gettext_lazy("Hora estimada"))
    next_notice_at = _moment(
        gettext_lazy("Próximo aviso"),
        help_text=gettext_lazy("Es un compromiso: si a esa hora no salió, suena una alarma."),
    )
    starts_at = _moment(
        gettext_lazy("Empieza"),
        help_text=gettext_lazy("Solo si es programada: vacío significa ahora."),
    )

    def __init__(self, *args: Any, proposes: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if proposes:
            for name in ("measures", "statement", "when", "estimated_at", "next_notice_at", "starts_at"):
                del self.fields[name]
            return
        # One of both is owed; which one is known when it is sent.
        is_estimated = self.data.get("when") == "estimated"
        for name, is_owed in (("estimated_at", is_estimated), ("next_notice_at", not is_estimated)):
            self.fields[name].required = is_owed or not self.is_bound

    def clean_statement(self) -> str:
        said = self.cleaned_data["statement"]
        if said.strip():
            try:
                check_text(said)
            except NotSaid as wrong:
                raise forms.ValidationError(sentence(wrong.code, wrong.detail)) from None
        return said

    def facts(self) -> Facts:
        """What was written, for the verbs. An estimate that was not chosen does not count."""
        given = dict(self.cleaned_data)
        if given.pop("when", "unknown") != "estimated":
            given["estimated_at"] = None
        return Facts(**given)


def initial_of(incident: Incident) -> dict[str, Any]:
    """An incident as its form shows it."""
    names = ("title", "situation", "measures", "statement", "estimated_at", "next_notice_at")
    when = "estimated" if incident.estimated_at else "unknown"
    return {name: getattr(incident, name) for name in names} | {"when": when}
