"""«Términos legales»: what the law gives for each kind, from where it is known, and who accepted it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from protocols.models import LegalTerm
from protocols.rules.legal import choose
from tickets.clocks.domain.legal import legal_rules
from tickets.enums import PqrKind
from tickets.settings.domain.legal import FIELDS, TermRefused, accept_term, change_term
from tickets.settings.legal_forms import LegalTermForm
from tickets.settings.views.frame import page

GET_POST = ("GET", "HEAD", "POST")


@for_members(Permission.MANAGE_TIME)
def legal_terms(request: Any) -> HttpResponse:
    """What holds for each kind today, and every term that is known of the country."""
    rules, now = legal_rules(request.org), clock.now()
    terms = {term.pk: term for term in LegalTerm.objects.select_related("accepted_by")}
    holding = []
    for kind in PqrKind:
        rule = choose(rules.rules, kind=kind.value, sector=request.org.sector)
        due_at = rules.days.due_at(now, rule.days, rule.unit) if rule else None
        holding.append({"kind": kind.label, "term": terms.get(rule.id) if rule else None, "due_at": due_at})
    order = {kind.value: place for place, kind in enumerate(PqrKind)}
    own = ("", request.org.sector)
    known = sorted(
        terms.values(), key=lambda one: (one.sector not in own, order.get(one.kind, 99), one.sector, one.pk)
    )
    lines = [
        {
            "term": term,
            "kind": PqrKind(term.kind).label,
            "is_other": term.sector not in ("", request.org.sector),
        }
        for term in known
    ]
    return page(request, "legal_terms.html", "legal_terms", holding=holding, lines=lines)


@for_members(Permission.MANAGE_TIME, methods=GET_POST)
def legal_term(request: Any, pk: int) -> HttpResponse:
    """One term: what it says, and whether it counts."""
    term = LegalTerm.objects.select_related("accepted_by").filter(pk=pk).first()
    if term is None:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    if posted is not None and posted.get("step") in ("accept", "rest"):
        return _accept(request, term)
    form = LegalTermForm(posted, term=term)
    if posted is None or not form.is_valid():
        return _page(request, form, term, 200 if posted is None else 422)
    values = {name: form.cleaned_data[name] for name in FIELDS}
    try:
        change_term(pk, values=values, version=form.cleaned_data["version"], by=request.member)
    except TermRefused:
        form.add_error(None, _changed())
        return _page(request, form, term, 422)
    return _saved(request)


def _accept(request: Any, term: LegalTerm) -> HttpResponse:
    version = request.POST.get("version", "")
    known = int(version) if version.isdecimal() else -1
    try:
        accept_term(term.pk, is_active=request.POST["step"] == "accept", version=known, by=request.member)
    except TermRefused:
        return _page(request, LegalTermForm(term=term), term, 422, problem=_changed())
    return _saved(request)


def _saved(request: Any) -> HttpResponse:
    messages.success(request, _("Guardado. Vale para lo que se radique desde ahora."))
    return redirect("legal_terms", request.org.slug)


def _changed() -> str:
    return _("Otra persona guardó un cambio mientras usted escribía: ábralo otra vez para ver cómo quedó.")


def _page(request: Any, form: LegalTermForm, term: LegalTerm, status: int, problem: str = "") -> HttpResponse:
    return page(
        request,
        "legal_term.html",
        "legal_terms",
        status=status,
        form=form,
        term=term,
        problem=problem,
        kind=PqrKind(term.kind).label,
        example=_example(request, term),
        may_change=request.member.can(Permission.MANAGE_TIME),
    )


def _example(request: Any, term: LegalTerm) -> dict[str, datetime]:
    """Received today: when we mean to have answered, and when it would end."""
    days, now = legal_rules(request.org).days, clock.now().astimezone(ZoneInfo(request.org.timezone))
    return {
        "internal": days.alarms(now, [term.internal_day], term.unit)[0],
        "due": days.due_at(now, term.days, term.unit),
    }
