"""The form of «Radicación»: a rule per kind, where numbers come from, what customers are told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.cases.domain.filing import Rulebook
from tickets.cases.filings import Numbers
from tickets.cases.rules import FilingWhen
from tickets.enums import PqrKind
from tickets.replies.filing_sentences import JOINED_FIELDS, PRIVATE_FIELDS, PUBLIC_FIELDS, fields_of

SENTENCES = {
    "private_sentence": PRIVATE_FIELDS,
    "public_sentence": PUBLIC_FIELDS,
    "joined_sentence": JOINED_FIELDS,
}


def _sentence(label: Any, limit: int, allowed: frozenset[str]) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=limit,
        required=False,
        help_text=" ".join(f"{{{name}}}" for name in sorted(allowed)),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class FilingSettingsForm(forms.Form):
    """Everything an organization decides about filing; ``when_<kind>`` for each kind."""

    numbers = forms.ChoiceField(
        label=gettext_lazy("De dónde sale el número"), choices=Numbers, widget=forms.RadioSelect
    )
    tells = forms.BooleanField(
        label=gettext_lazy("Avisar el radicado al cliente por donde escribió"), required=False
    )
    tells_in_public = forms.BooleanField(
        label=gettext_lazy("Si no hay canal privado, avisarlo en público, sin datos de la persona"),
        required=False,
    )
    private_sentence = _sentence(gettext_lazy("Lo que se le dice en privado"), 400, PRIVATE_FIELDS)
    public_sentence = _sentence(gettext_lazy("Lo que se le dice en público"), 240, PUBLIC_FIELDS)
    joined_sentence = _sentence(
        gettext_lazy("Lo que se dice en la otra conversación al unir dos casos"), 240, JOINED_FIELDS
    )

    def __init__(self, *args: Any, rulebook: Rulebook, **kwargs: Any) -> None:
        policy = rulebook.policy
        initial = {
            name: getattr(policy, name) for name in ("numbers", "tells", "tells_in_public", *SENTENCES)
        }
        initial |= {f"when_{kind}": when for kind, when in rulebook.when.items()}
        super().__init__(*args, initial=initial, **kwargs)
        for kind in PqrKind:
            self.fields[f"when_{kind.value}"] = forms.ChoiceField(
                label=kind.label, choices=FilingWhen, widget=forms.Select(attrs={"class": "input"})
            )

    def clean(self) -> dict[str, Any]:
        """Sentences name only what they may: nothing about the person where everybody reads."""
        given = super().clean() or self.cleaned_data
        for name, allowed in SENTENCES.items():
            problem = _problem(given.get(name, ""), allowed, needs_number=name != "joined_sentence")
            if problem:
                self.add_error(name, problem)
        return given

    def rules(self) -> dict[str, str]:
        """What was chosen for each kind; what cannot be read keeps its rule."""
        return {kind.value: self._chosen(kind) for kind in PqrKind}

    def _chosen(self, kind: PqrKind) -> str:
        name = f"when_{kind.value}"
        value = self.data.get(name) if self.is_bound else self.initial[name]
        return str(value) if value in FilingWhen.values else str(self.initial[name])


def _problem(sentence: str, allowed: frozenset[str], *, needs_number: bool) -> str:
    if not sentence.strip():
        return ""
    try:
        named = fields_of(sentence)
    except ValueError:
        return _("Las llaves no cierran: escriba los datos así, {radicado}.")
    strange = sorted(named - allowed)
    if strange:
        return _("Aquí no se puede nombrar {%s}.") % strange[0]
    if needs_number and "radicado" not in named:
        return _("Falta el número: escriba {radicado} donde va.")
    return ""
