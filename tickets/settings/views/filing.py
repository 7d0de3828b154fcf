"""«Radicación»: what is filed and when, and what customers hear of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.permissions import Permission
from tickets.cases.domain.filing import radicado_of, rulebook_of
from tickets.enums import PqrKind
from tickets.replies.filing_sentences import joined_sentence, private_sentence, public_sentence
from tickets.settings.domain.filing import FIELDS, decide_filing
from tickets.settings.filing_forms import FilingSettingsForm
from tickets.settings.filing_words import nothing_told, what_it_does
from tickets.settings.views.frame import page

EXAMPLE = 123


@for_members(Permission.MANAGE_TIME, methods=("GET", "HEAD", "POST"))
def filing(request: Any) -> HttpResponse:
    """Rules, numbers and sentences, each with what it does; changed choices are shown before they are saved."""
    rulebook = rulebook_of(request.org.pk)
    form = FilingSettingsForm(request.POST if request.method == "POST" else None, rulebook=rulebook)
    if request.method == "POST" and request.POST.get("preview") == "1":
        form.is_valid()
        return _page(request, form)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        changes = decide_filing(
            rules=form.rules(), policy={name: given[name] for name in FIELDS}, by=request.member
        )
        messages.success(request, _("Guardado.") if changes else _("Nada cambió."))
        return redirect("filing", request.org.slug)
    return _page(request, form, status=422 if form.errors else 200)


def _page(request: Any, form: FilingSettingsForm, status: int = 200) -> HttpResponse:
    numbers = str(form["numbers"].value())
    rules = form.rules()
    rows = [
        SimpleNamespace(field=form[f"when_{kind.value}"], says=what_it_does(rules[kind.value], numbers))
        for kind in PqrKind
    ]
    return page(request, "filing.html", "filing", status=status, form=form, rows=rows,
                heard=_heard(request.org, form))  # fmt: skip


def _heard(org: Organization, form: FilingSettingsForm) -> dict[str, str]:
    """What a customer would read, with an invented number."""
    own = {
        name: "" if form.errors.get(name) else str(form[name].value() or "")
        for name in FIELDS
        if "_sentence" in name
    }
    house = {"sector": org.sector, "country": org.country, "radicado": radicado_of(clock.now().year, EXAMPLE)}
    tells, in_public = form["tells"].value(), form["tells_in_public"].value()
    private = private_sentence(
        own["private_sentence"], name="Diana Rojas", kind=str(PqrKind.RECLAMO.label).lower(), **house
    )
    return {
        "private": private if tells else nothing_told(),
        "public": public_sentence(own["public_sentence"], **house) if tells and in_public else nothing_told(),
        "joined": joined_sentence(own["joined_sentence"], **house),
    }
