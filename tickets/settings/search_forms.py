from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from channels_social.enums import AccountState, Network
from channels_social.models import SavedSearch, SocialAccount
from channels_social.networks.x.queries import LONGEST, Wanted, build, lines
from helpdesk.text import clean

LANGUAGES = [
    ("", gettext_lazy("Cualquiera")),
    ("es", gettext_lazy("Español")),
    ("en", gettext_lazy("Inglés")),
    ("pt", gettext_lazy("Portugués")),
    ("ca", gettext_lazy("Catalán")),
]
MOST_WORDS, LONGEST_WORD = 40, 80


def _words(label: Any, help_text: Any, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=4000,
        error_messages={"required": gettext_lazy("Escriba al menos una palabra.")},
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )


class SearchForm(forms.Form):
    """What to listen for, in an admin's words; the query is made of them, counted and shown."""

    name = forms.CharField(
        label=gettext_lazy("Nombre"),
        max_length=60,
        error_messages={"required": gettext_lazy("Escriba cómo se llama la búsqueda.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    account = forms.ChoiceField(
        label=gettext_lazy("Cuenta"), help_text=gettext_lazy("La cuenta de X que busca y paga.")
    )
    include = _words(
        gettext_lazy("Palabras que se buscan, una por línea"),
        gettext_lazy("La marca sin @, sus errores de escritura, sus #etiquetas. Basta con que aparezca una."),
        required=True,
    )
    exclude = _words(
        gettext_lazy("Palabras que la descartan, una por línea"),
        gettext_lazy("Para lo que se llama igual y no es la empresa."),
        required=False,
    )
    language = forms.ChoiceField(label=gettext_lazy("Idioma"), choices=LANGUAGES, required=False)

    def __init__(self, *args: Any, search: SavedSearch | None = None, own: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.search, self.own, self.query = search, own, ""
        accounts = SocialAccount.objects.filter(network=Network.X).exclude(state=AccountState.DISCONNECTED)
        field: Any = self.fields["account"]
        field.choices = [(str(one.pk), str(one)) for one in accounts.order_by("pk")]

    def clean_include(self) -> list[str]:
        return self._listed("include")

    def clean_exclude(self) -> list[str]:
        return self._listed("exclude")

    def _listed(self, name: str) -> list[str]:
        found = lines(clean(self.cleaned_data[name]))
        if len(found) > MOST_WORDS:
            raise forms.ValidationError(_("Son demasiadas: %s como mucho.") % MOST_WORDS)
        if any(len(one) > LONGEST_WORD for one in found):
            raise forms.ValidationError(_("Hay una demasiado larga: %s letras como mucho.") % LONGEST_WORD)
        return found

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "include" not in given or "exclude" not in given:
            return given
        try:
            self.query = build(
                Wanted(given["include"], given["exclude"], given.get("language", ""), self.own)
            )
        except ValueError:
            self.add_error("include", _("Ahí no hay ninguna palabra que X pueda buscar."))
            return given
        if len(self.query) > LONGEST:
            self.add_error(
                "include",
                _("La búsqueda quedó de %(n)s letras y X acepta %(most)s: quite palabras o haga dos.")
                % {"n": len(self.query), "most": LONGEST},
            )
        others = SavedSearch.objects.filter(account_id=given.get("account") or None, name=given.get("name"))
        if self.search is not None:
            others = others.exclude(pk=self.search.pk)
        if given.get("name") and given.get("account") and others.exists():
            self.add_error("name", _("Esa cuenta ya tiene una búsqueda que se llama así."))
        return given


class BudgetForm(forms.Form):
    """What an account may spend a month, in dollars; empty: no limit."""

    dollars = forms.DecimalField(
        label=gettext_lazy("Presupuesto del mes, en dólares"),
        required=False,
        min_value=Decimal(0),
        max_value=Decimal(1_000_000),
        decimal_places=2,
        max_digits=9,
        help_text=gettext_lazy(
            "Vacío: sin límite. Se avisa al 50, 80 y 100 %. Al 90 % paran las búsquedas; lo que llega y lo que se "
            "responde no para nunca."
        ),
    )

    def micros(self) -> int | None:
        """The budget in millionths of a dollar; None for no limit."""
        given = self.cleaned_data["dollars"]
        return None if given is None else int(given * 1_000_000)
