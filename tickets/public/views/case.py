"""«Abrir un caso»: what happened, then whom to answer. Two short pages that work without scripts."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from helpdesk.site.limits import address_of, count
from helpdesk.site.visitors import for_visitors, stop
from tickets.console.push import announce
from tickets.customers.rules.data import Unrecognised
from tickets.public.domain.filing import Filed, file_case
from tickets.public.domain.telling import sends_mail
from tickets.public.forms import ACCEPTED, CaseForm, TellForm
from tickets.public.queries.articles import articles_about
from tickets.public.queries.asking import extras_for, motive_for, term_for
from tickets.public.sentences import term_words

# What one person files in ten minutes, and what a whole organization's customers do in a bad ten minutes.
STRETCH, FROM_ONE_ADDRESS, OF_ALL = 600, 6, 300


@for_visitors("GET", "HEAD", "POST")
def case(request: Any) -> HttpResponse:
    """The form, its second step, and the number at the end."""
    if not request.site.takes_cases:
        return stop(request, _("Aquí no se reciben casos por formulario."), 404)
    if request.method != "POST":
        form = TellForm(
            initial={"token": secrets.token_urlsafe(24), "text": request.GET.get("texto", "")[:2000]}
        )
        return _page(request, "tell", form)
    # Too large to be read whole: the door kept what was typed (``helpdesk.asgi``).
    is_too_much = bool(request.META.get("circunflejo.too_large"))
    if request.POST.get("step") != "send" or "back" in request.POST:
        return _ask(request, goes_back="back" in request.POST)
    motive = request.POST.get("motive", "")[:60]
    form = CaseForm(
        request.POST,
        country=request.org.country,
        extras=extras_for(request.org, motive),
        files=[] if is_too_much else request.FILES.getlist("files"),
        is_too_much=is_too_much,
    )
    if not form.is_valid():
        return _page(request, "contact", form, status=413 if is_too_much else 422, motive=motive)
    if _is_flooded(request):
        form.add_error(
            None,
            _("Desde aquí llegaron muchos casos seguidos: en diez minutos se puede enviar. Nada se perdió."),
        )
        return _page(request, "contact", form, status=429, motive=motive)
    return _file(request, form)


def _ask(request: Any, *, goes_back: bool) -> HttpResponse:
    """The first step was told: what helps with that, and whom to answer."""
    form = TellForm(request.POST)
    if not form.is_valid() or goes_back:
        return _page(request, "tell", form, status=200 if goes_back else 422)
    text = form.cleaned_data["text"]
    motive = motive_for(request.org, text, form.pqr_kind or "")
    contact = CaseForm(None, country=request.org.country, extras=extras_for(request.org, motive))
    contact.initial = {**form.cleaned_data, "motive": motive}
    return _page(request, "contact", contact, motive=motive, kind=form.pqr_kind, text=text)


def _file(request: Any, form: CaseForm) -> HttpResponse:
    is_told = form.cleaned_data["tells"] and sends_mail()
    try:
        filed = file_case(
            request.org,
            text=form.words,
            kind=form.pqr_kind,
            who=form.who,
            token=form.cleaned_data["token"],
            uploads=form.uploads,
            besides=form.besides,
            tells=is_told,
        )
    except Unrecognised:  # two rooms that read a datum differently: the visitor is asked to look again
        form.add_error("email", _("Ese correo o teléfono no se reconoce: hay que revisarlo."))
        return _page(request, "contact", form, status=422, motive=form.cleaned_data["motive"])
    pairs = [(filed.opened.ticket_id, filed.opened.message_id)]
    announce(request.org.pk, [filed.opened.ticket_id], pairs)  # type: ignore[list-item, arg-type]
    context = {"filed": filed, "term": _term(filed), "is_told": is_told}
    return render(request, "public/case_done.html", context)


def _term(filed: Filed) -> str:
    return term_words(filed.days, filed.unit) if filed.due_at else ""


def _is_flooded(request: Any) -> bool:
    org = request.org.pk
    mine = count(f"case:{org}:{address_of(request)}", seconds=STRETCH)
    return mine > FROM_ONE_ADDRESS or count(f"case:{org}", seconds=STRETCH) > OF_ALL


def _page(
    request: Any,
    step: str,
    form: TellForm,
    *,
    status: int = 200,
    motive: str = "",
    kind: Any = None,
    text: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "accepted": ACCEPTED, "sends_mail": sends_mail()}
    if step == "contact":
        kind = kind or form.pqr_kind
        term = term_for(request.org, kind or "")
        context |= {
            "kind": kind,
            "motive": motive,
            "told": text or form["text"].value(),
            "term": term,
            "term_words": term_words(term.days, term.unit) if term else "",
            "articles": articles_about(request.org, text or str(form["text"].value() or ""))
            if status == 200
            else [],
        }
    return render(request, f"public/case_{step}.html", context, status=status)
