"""What an admin fills in about keys and subscriptions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.tokens import Scope
from tickets.api.models import Event
from tickets.api.rules.addresses import Unsafe, read_address
from tickets.api.sentences import sentence
from tickets.settings.forms import clean_initials

DAYS = ((30, gettext_lazy("30 días")), (90, gettext_lazy("90 días")), (365, gettext_lazy("un año")))
EVENTS = [(value, label) for value, label in Event.choices if value != Event.PING]


class TokenForm(forms.Form):
    """A key for another system."""

    name = forms.CharField(
        label=gettext_lazy("De qué sistema es"),
        max_length=60,
        help_text=gettext_lazy("Lo que haga quedará a nombre de «API: …»."),
        error_messages={"required": gettext_lazy("Escriba de qué sistema es la clave.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    initials = forms.CharField(
        label=gettext_lazy("Iniciales"),
        required=False,
        max_length=12,
        help_text=gettext_lazy(
            "Firman las respuestas que escriba. De 2 a 4 letras; si las deja en blanco, las proponemos."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "initials", "spellcheck": "false"}),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("Qué podrá hacer"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Elija al menos un permiso.")},
    )
    days = forms.TypedChoiceField(label=gettext_lazy("Vale por"), choices=DAYS, coerce=int, initial=90)

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization

    def clean_initials(self) -> str:
        """Nobody's yet: neither a colleague's nor another key's."""
        return clean_initials(
            self.cleaned_data["initials"], self.cleaned_data.get("name", ""), self.organization
        )


class SubscriptionForm(forms.Form):
    """Where to tell what."""

    url = forms.CharField(
        label=gettext_lazy("Dirección"),
        max_length=500,
        help_text=gettext_lazy("Una dirección https:// pública de su sistema."),
        error_messages={"required": gettext_lazy("Escriba a qué dirección se avisa.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url", "spellcheck": "false"}),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("De qué se avisa"),
        choices=EVENTS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Elija al menos una cosa.")},
    )
    with_words = forms.BooleanField(
        label=gettext_lazy("Incluir nombres y lo que dicen las personas"), required=False
    )

    def __init__(self, *args: Any, may_read: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_read:
            del self.fields["with_words"]

    def clean_url(self) -> str:
        """An address we would send to."""
        url: str = self.cleaned_data["url"].strip()
        try:
            read_address(url, settings.WEBHOOK_DEV_HOSTS)
        except Unsafe as unsafe:
            raise forms.ValidationError(sentence(unsafe.code)) from None
        return url

    def words(self) -> bool:
        """Whether people's words travel; never for who may not read them."""
        return bool(self.cleaned_data.get("with_words"))
