from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.tenancy.models import User


class AcceptForm(forms.Form):
    """What a person who was invited says: their name and, where they have none yet, a password twice."""

    name = forms.CharField(
        label=gettext_lazy("Su nombre"),
        max_length=80,
        help_text=gettext_lazy("Como lo verán sus colegas."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Escriba su nombre.")},
    )
    password1 = forms.CharField(
        label=gettext_lazy("Contraseña"),
        strip=False,
        help_text=gettext_lazy("Diez letras o más, que no use en otra parte."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": gettext_lazy("Escriba una contraseña.")},
    )
    password2 = forms.CharField(
        label=gettext_lazy("La misma, otra vez"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": gettext_lazy("Escríbala otra vez.")},
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if user.has_usable_password():
            del self.fields["password1"], self.fields["password2"]

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        first, again = given.get("password1"), given.get("password2")
        if first is not None and again is not None and first != again:
            self.add_error("password2", _("No son iguales: escríbala otra vez."))
        if first is not None:
            try:
                validate_password(first, self.user)
            except forms.ValidationError as weak:
                self.add_error("password1", weak)
        return given
