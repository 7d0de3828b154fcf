"""What other systems tell us: the keys they sign with, and the files of cases that are taken in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.cases.filings import System
from tickets.doors.domain.importing import totals
from tickets.doors.domain.imports import cancel_import, mistakes, receive_file, start_import
from tickets.doors.domain.keys import make_key, revoke_key, rotate_key
from tickets.doors.models import CaseImport, DoorKey, ImportPiece, ImportState
from tickets.doors.rules.tables import BadTable
from tickets.doors.sentences import sentence
from tickets.settings.views.frame import page

SHOWN = 20
SHOWN_PROBLEMS = 50


class KeyForm(forms.Form):
    """A key for another system."""

    label = forms.CharField(
        label=gettext_lazy("De qué sistema es"),
        max_length=60,
        help_text=gettext_lazy("Por ejemplo, «Genesys» o «CRM de oficinas»."),
        error_messages={"required": gettext_lazy("Escriba de qué sistema es la clave.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ImportForm(forms.Form):
    """A file of cases."""

    file = forms.FileField(
        label=gettext_lazy("Archivo CSV"),
        help_text=gettext_lazy(
            "Con una primera fila que nombre las columnas; «Número» y «Texto» no pueden faltar. Hasta 25 MB."
        ),
        error_messages={
            "required": gettext_lazy("Elija el archivo."),
            "empty": gettext_lazy("El archivo está vacío."),
        },
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )
    system = forms.ChoiceField(
        label=gettext_lazy("De qué sistema son los números"), choices=System.choices, initial=System.SAC
    )


@for_members(Permission.MANAGE_ACCOUNTS, methods=("GET", "HEAD", "POST"))
def keys(request: Any) -> HttpResponse:
    """The keys there are; making one shows its secret, this once."""
    form = KeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _show(
            request, KeyForm(), *make_key(request.org, label=form.cleaned_data["label"], by=request.member)
        )
    return _show(request, form, status=422 if request.method == "POST" else 200)


@for_members(Permission.MANAGE_ACCOUNTS, methods=("POST",))
def key_step(request: Any, pk: int, what: str) -> HttpResponse:
    """Replace a key, or take it away."""
    key = DoorKey.objects.select_related("organization").filter(pk=pk).first()
    if key is None:
        raise Http404
    if what == "renovar" and key.is_good(clock.now()):
        return _show(request, KeyForm(), *rotate_key(key, by=request.member))
    if what == "retirar" and revoke_key(key, by=request.member):
        messages.success(request, _("Esa clave ya no abre nada."))
    return redirect("door_keys", request.org.slug)


def _show(
    request: Any, form: KeyForm, made: DoorKey | None = None, secret: str = "", status: int = 200
) -> HttpResponse:
    now = clock.now()
    found = DoorKey.objects.filter(organization=request.org).order_by("-id")[:SHOWN]
    answer = page(
        request,
        "door_keys.html",
        "door_keys",
        status=status,
        form=form,
        keys=[(key, key.is_good(now)) for key in found],
        made=made,
        secret=secret,
        address=f"{settings.BASE_URL}/hooks/in/{request.org.slug}/",
    )
    answer["Cache-Control"] = "no-store"
    return answer


@for_members(Permission.MANAGE_ACCOUNTS, methods=("GET", "HEAD", "POST"))
def imports(request: Any) -> HttpResponse:
    """The files there were; uploading one has it looked through."""
    form = (
        ImportForm(request.POST or None, request.FILES or None) if request.method == "POST" else ImportForm()
    )
    if request.method == "POST" and form.is_valid():
        file: UploadedFile = form.cleaned_data["file"]
        try:
            made = receive_file(
                request.org,
                file.file,  # type: ignore[arg-type]
                name=file.name or "",
                system=form.cleaned_data["system"],
                by=request.member,
            )
        except BadTable as bad:
            form.add_error("file", sentence(bad.code) % {"line": bad.line})
        else:
            return redirect("import", request.org.slug, made.pk)
    status = 422 if request.method == "POST" else 200
    found = CaseImport.objects.filter(organization=request.org).select_related("by").order_by("-id")[:SHOWN]
    return page(request, "imports.html", "imports", status=status, form=form, imports=found)


@for_members(Permission.MANAGE_ACCOUNTS)
def one_import(request: Any, pk: int) -> HttpResponse:
    """What a file would do, is doing, or did. While it works, the page asks for itself again."""
    made = _import(pk)
    found = totals(made)
    done = found["rows"].get("taken" if made.started_at else "checked", 0)
    return page(
        request,
        "import.html",
        "imports",
        made=made,
        counts=found["did" if made.started_at else "would"],
        would=found["would"],
        done=done,
        share=round(100 * done / made.rows) if made.rows else 0,
        rate=_rate(made, done),
        problems=_problems(made),
        unknown=[head for head, field in made.columns if not field and head],
        states=ImportState,
    )


@for_members(Permission.MANAGE_ACCOUNTS, methods=("POST",))
def import_step(request: Any, pk: int, what: str) -> HttpResponse:
    """Start taking a file in, or stop it."""
    step: Callable[..., bool] = start_import if what == "empezar" else cancel_import
    if not step(_import(pk), by=request.member):
        messages.info(request, _("Ese archivo ya no espera eso."))
    return redirect("import", request.org.slug, pk)


@for_members(Permission.MANAGE_ACCOUNTS)
def import_mistakes(request: Any, pk: int) -> HttpResponse:
    """The rows with something wrong, to be mended and uploaded again."""
    made = _import(pk)
    answer = HttpResponse("".join(mistakes(made, sentence)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="errores-{made.pk}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer


def _import(pk: int) -> CaseImport:
    made = CaseImport.objects.select_related("by", "organization").filter(pk=pk).first()
    if made is None:
        raise Http404
    return made


def _rate(made: CaseImport, done: int) -> int:
    """Rows a second so far."""
    if made.started_at is None:
        return 0
    seconds = ((made.finished_at or clock.now()) - made.started_at).total_seconds()
    return round(done / seconds) if seconds > 1 else 0


def _problems(made: CaseImport) -> list[tuple[int, str, str]]:
    """The first of them: line, column as the file calls it, what is wrong."""
    heads = {field: head for head, field in made.columns if field}
    found: list[tuple[int, str, str]] = []
    pieces = ImportPiece.objects.filter(case_import=made).exclude(problems=[]).order_by("place")
    for problems in pieces.values_list("problems", flat=True)[:SHOWN_PROBLEMS]:
        found += [(line, heads.get(column, ""), sentence(code)) for line, column, code in problems]
        if len(found) >= SHOWN_PROBLEMS:
            break
    return found[:SHOWN_PROBLEMS]
