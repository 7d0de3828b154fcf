"""What a visitor tells, as forms: everything typed comes back with what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk.site.files import BadFile, clean_file
from tickets.customers.rules.data import Unrecognised, recognise
from tickets.enums import PqrKind
from tickets.intake.asked import Who
from tickets.public.domain.filing import Upload
from tickets.public.queries.asking import Extra
from tickets.public.sentences import file_sentence

LONGEST = 8_000
MOST_FILES, MOST_TOGETHER = 5, 20 * 1024 * 1024
#: What a customer may choose, in this order; the last is for who is not sure.
KINDS = (
    PqrKind.PETICION, PqrKind.QUEJA, PqrKind.RECLAMO, PqrKind.SUGERENCIA, PqrKind.FELICITACION, PqrKind.DENUNCIA,
    PqrKind.HABEAS_DATA,
)  # fmt: skip
# Who denounces may stay unnamed (Colombia, Ley 1755 de 2015, art. 16, and Ley 24 de 1992, art. 27).
UNNAMED = {PqrKind.DENUNCIA, PqrKind.SUGERENCIA, PqrKind.FELICITACION}
INPUT = {"class": "input"}
ACCEPTED = "image/jpeg,image/png,application/pdf"


def bad_email() -> str:
    """What is said of an address that is none."""
    return _("El correo no está completo: por ejemplo, le falta «.com» o «.co» al final.")


class TellForm(forms.Form):
    """The first step: what it is, and what happened."""

    token = forms.CharField(min_length=20, max_length=64, widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=gettext_lazy("¿Qué es?"),
        required=False,
        choices=lambda: [*((kind.value, kind.label) for kind in KINDS), ("", _("No estoy seguro"))],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("¿Qué pasó?"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=gettext_lazy("Sin claves, sin el CVV y sin el número completo de la tarjeta."),
        error_messages={"required": gettext_lazy("Falta contar qué pasó.")},
    )

    @property
    def pqr_kind(self) -> PqrKind | None:
        """The kind that was chosen, if one was."""
        chosen = self.data.get("kind", "")
        return PqrKind(chosen) if chosen in {kind.value for kind in KINDS} else None


class TakesFiles:
    """Files beside a form: cleaned, each with the sentence that says why it was not taken."""

    _files: Sequence[Any] = ()
    _is_too_much = False

    def start_files(self, files: Sequence[Any], *, is_too_much: bool) -> None:
        """Before anything is cleaned. ``is_too_much``: the door did not even read them all."""
        self._files, self._is_too_much = files, is_too_much
        self.uploads: list[Upload] = []
        self.file_errors: list[str] = []

    def _take_files(self) -> None:
        if self._is_too_much:
            self.file_errors.append(file_sentence("together"))
        elif len(self._files) > MOST_FILES:
            self.file_errors.append(file_sentence("many"))
        elif sum(one.size for one in self._files) > MOST_TOGETHER:
            self.file_errors.append(file_sentence("together"))
        else:
            for one in self._files:
                self._take_file(one)
        if self.file_errors:
            self.add_error(None, _("Los archivos no se adjuntaron: lo escrito sigue aquí."))  # type: ignore[attr-defined]

    def _take_file(self, one: Any) -> None:
        try:
            self.uploads.append(Upload(clean_file(one.read()), one.name or ""))
        except BadFile as bad:
            self.file_errors.append(file_sentence(bad.code, one.name or ""))


class CaseForm(TakesFiles, TellForm):
    """The second step: whom to answer, what the protocol lets us ask, and files."""

    name = forms.CharField(
        label=gettext_lazy("Nombre"), required=False, max_length=80,
        widget=forms.TextInput(attrs=INPUT | {"autocomplete": "name"}),
    )  # fmt: skip
    email = forms.CharField(
        label=gettext_lazy("Correo"), required=False, max_length=254,
        widget=forms.EmailInput(attrs=INPUT | {"autocomplete": "email"}),
    )  # fmt: skip
    phone = forms.CharField(
        label=gettext_lazy("Teléfono"), required=False, max_length=40,
        widget=forms.TextInput(attrs=INPUT | {"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )  # fmt: skip
    tells = forms.BooleanField(
        label=gettext_lazy("Avisarme a este correo cuando haya una respuesta"),
        required=False,
        help_text=gettext_lazy("El aviso no dice la respuesta, y cada uno trae cómo dejar de recibirlos."),
    )
    motive = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any,
        *,
        country: str,
        extras: Sequence[Extra] = (),
        files: Sequence[Any] = (),
        is_too_much: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.country, self.extras = country, extras
        self.start_files(files, is_too_much=is_too_much)
        for extra in extras:
            self.fields[extra.name] = forms.CharField(
                label=extra.label, required=False, max_length=200, widget=forms.TextInput(attrs=dict(INPUT))
            )

    @property
    def extra_fields(self) -> list[Any]:
        """What is asked besides, bound."""
        return [self[extra.name] for extra in self.extras]

    def clean_email(self) -> str:
        return self._datum("email", bad_email())

    def clean_phone(self) -> str:
        return self._datum(
            "phone", _("Ese teléfono no existe: con todas sus cifras, y con + si es de otro país.")
        )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        for extra in self.extras:
            if extra.is_document and given.get(extra.name):
                self._document(extra, given)
        is_reachable = any(given.get(name) or name in self.errors for name in ("email", "phone"))
        if self.pqr_kind not in UNNAMED and not is_reachable:
            self.add_error("email", _("Hace falta un correo o un teléfono para responder."))
        if given.get("tells") and not given.get("email") and "email" not in self.errors:
            self.add_error("email", _("Para avisar hace falta el correo."))
        self._take_files()
        return given

    @property
    def who(self) -> Who:
        """Who tells it, by the one datum they are answered at.

        By one only: who fills a public form may give somebody else's document with an address of their own, and must
        not become that person, nor lend them an address.
        """
        given = self.cleaned_data
        return Who(name=given["name"], email=given["email"], phone="" if given["email"] else given["phone"])

    @property
    def besides(self) -> list[tuple[str, str]]:
        """What else they gave of themselves, as (kind, value)."""
        given = self.cleaned_data
        found = [("phone", given["phone"])] if given["email"] and given["phone"] else []
        return found + [
            ("document", given[one.name]) for one in self.extras if one.is_document and given.get(one.name)
        ]

    @property
    def words(self) -> str:
        """What was told, with what was asked besides under it."""
        given = self.cleaned_data
        told = [
            f"{one.label}: {given[one.name]}"
            for one in self.extras
            if given.get(one.name) and not one.is_document
        ]
        return "\n\n".join(filter(None, (given["text"], "\n".join(told))))

    def _datum(self, field: str, wrong: str) -> str:
        said: str = self.cleaned_data[field].strip()
        if not said:
            return ""
        try:
            return recognise(said, self.country, field).value
        except Unrecognised:
            raise forms.ValidationError(wrong) from None

    def _document(self, extra: Extra, given: dict[str, Any]) -> None:
        try:
            recognise(given[extra.name], self.country, "document")
        except Unrecognised:
            self.add_error(extra.name, _("Ese número de documento no es válido: revise las cifras."))


class TellMeForm(forms.Form):
    """Where whoever follows a case is told that it was answered."""

    email = forms.CharField(
        label=gettext_lazy("Correo"), max_length=254,
        widget=forms.EmailInput(attrs=INPUT | {"autocomplete": "email"}),
        error_messages={"required": gettext_lazy("Para avisar hace falta el correo.")},
    )  # fmt: skip

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country

    def clean_email(self) -> str:
        try:
            return recognise(self.cleaned_data["email"], self.country, "email").value
        except Unrecognised:
            raise forms.ValidationError(bad_email()) from None


class AddForm(TakesFiles, forms.Form):
    """What the customer adds to a case they follow."""

    token = forms.CharField(min_length=20, max_length=64, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("Añadir información"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs=INPUT | {"rows": 4, "dir": "auto"}),
        help_text=gettext_lazy("Sin claves, sin el CVV y sin el número completo de la tarjeta."),
        error_messages={"required": gettext_lazy("Falta escribir algo.")},
    )

    def __init__(
        self, *args: Any, files: Sequence[Any] = (), is_too_much: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.start_files(files, is_too_much=is_too_much)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        self._take_files()
        return given
