"""Incidents: the list, declaring one, its page, and its life."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as toasts
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_social.domain.doorbell import ring
from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.incidents.domain import declaring, notices
from tickets.incidents.domain.declaring import NotDeclared
from tickets.incidents.enums import IncidentState, NoticeStage
from tickets.incidents.models import Incident, IncidentNotice
from tickets.incidents.rules.moments import next_hour
from tickets.incidents.sentences import sentence
from tickets.supervision.forms import IncidentForm, initial_of
from tickets.supervision.incident_page import incident_context
from tickets.supervision.push import announce_incidents

POST = ("POST",)
GET_POST = ("GET", "HEAD", "POST")


@for_members(Permission.SEE_CASES)
def incidents(request: Any) -> HttpResponse:
    """What fails now, what may be failing, and what is over."""
    rows = Incident.objects.filter(organization=request.org).select_related(
        "account", "declared_by", "proposed_by"
    )
    live = [IncidentState.OPEN, IncidentState.PROPOSED]
    waiting = IncidentNotice.objects.filter(organization=request.org, stage=NoticeStage.PENDING)
    context = {
        "open": rows.filter(state=IncidentState.OPEN).order_by("-id")[:50],
        "proposed": rows.filter(state=IncidentState.PROPOSED).order_by("-id")[:50],
        "over": rows.exclude(state__in=live).order_by("-id")[:50],
        "waiting": set(waiting.values_list("incident_id", flat=True)),
        "declare_label": _declare_label(request),
    }
    return _render(request, "incidents", context)


@for_members(Permission.SEE_CASES, methods=GET_POST)
def new(request: Any) -> HttpResponse:
    """Declare an incident, accept a proposal, or, for who may only ask, propose one."""
    member = request.member
    proposes = not member.can(Permission.DECLARE_INCIDENTS)
    if proposes and not member.asks(Permission.DECLARE_INCIDENTS):
        raise PermissionDenied
    asked = (request.POST if request.method == "POST" else request.GET).get("proposal", "")
    proposal = numbered(request, int(asked)) if asked.isdecimal() else None
    with timezone.override(request.org.timezone):
        if request.method != "POST":
            return _form(request, IncidentForm(initial=_initial(proposal), proposes=proposes), proposal)
        form = IncidentForm(request.POST, proposes=proposes)
        if not form.is_valid():
            return _form(request, form, proposal, status=422)
        try:
            if proposes:
                made = declaring.propose(request.org, form.facts(), by=member)
            else:
                made = declaring.declare(
                    request.org, form.facts(), by=member, proposal=proposal,
                    is_another=request.POST.get("another") == "1",
                )  # fmt: skip
        except NotDeclared as refused:
            return _form(request, form, proposal, status=409 if refused.other else 422, refused=refused)
    _told(request)
    said = _("Quedó propuesta: la ve quien supervisa.") if proposes else _("La novedad quedó declarada.")
    toasts.success(request, said)
    return redirect("incident", request.org.slug, made.number)


@for_members(Permission.SEE_CASES)
def incident(request: Any, number: int) -> HttpResponse:
    """One incident: what it says, its notice, its cases, what was answered, and its history."""
    return page_of(request, numbered(request, number))


@for_members(Permission.SEE_CASES, Permission.DECLARE_INCIDENTS, methods=POST)
def change(request: Any, number: int) -> HttpResponse:
    """Tell it anew, close it, reopen it, or dismiss it."""
    found, member, what = numbered(request, number), request.member, request.POST.get("what", "")
    with timezone.override(request.org.timezone):
        form = IncidentForm(request.POST) if what == "tell" else None
        if form is not None and not form.is_valid():
            return page_of(request, found, status=422, form=form)
        try:
            if form is not None:
                asked = request.POST.get("version", "")
                version = int(asked) if asked.isdecimal() else 0
                declaring.tell_anew(found, form.facts(), by=member, version=version)
            elif what == "close":
                declaring.close(found, prevention=request.POST.get("prevention", ""), by=member)
            elif what in ("reopen", "dismiss"):
                getattr(declaring, what)(found, by=member)
            else:
                raise Http404
        except NotDeclared as refused:
            fresh = numbered(request, number)
            prevention = request.POST.get("prevention", "")
            status = 422 if refused.code == "no_prevention" else 409
            errors = {what: sentence(refused.code)}
            return page_of(request, fresh, status=status, form=form, errors=errors, prevention=prevention)
    _told(request)
    toasts.success(request, _said(what))
    return redirect("incident", request.org.slug, number)


def _said(what: str) -> str:
    return {
        "tell": _("Guardado. Lo publicado no cambia hasta que se apruebe otro aviso."),
        "close": _("La novedad quedó cerrada."),
        "reopen": _("La novedad quedó abierta otra vez."),
        "dismiss": _("La novedad quedó descartada."),
    }[what]


@for_members(Permission.SEE_CASES, methods=POST)
def notice(request: Any, number: int) -> HttpResponse:
    """Ask for the notice to be published, approve it, refuse it, or take it back."""
    found, member, what = numbered(request, number), request.member, request.POST.get("what", "")
    asked = request.POST.get("notice", "")
    row = IncidentNotice.objects.filter(incident=found, pk=asked).first() if asked.isdecimal() else None
    if what in ("write", "withdraw") and not member.can(Permission.DECLARE_INCIDENTS):
        raise PermissionDenied
    if what != "write" and row is None:
        raise Http404
    try:
        if what == "write":
            notices.write_notice(found, by=member)
        elif what == "approve":
            notices.approve_notice(row, by=member)
        elif what == "refuse":
            notices.refuse_notice(row, by=member, reason=request.POST.get("reason", ""))
        elif what == "withdraw":
            notices.withdraw_notice(row, by=member)
        else:
            raise Http404
    except notices.NotPublished as refused:
        return page_of(request, found, status=422, errors={"notice": sentence(refused.code)})
    _told(request)
    request.afterwards.append(lambda: ring("alarms"))
    toasts.success(
        request,
        {
            "write": _("El aviso espera la aprobación de otra persona."),
            "approve": _("El aviso quedó publicado."),
            "refuse": _("El aviso no se publica."),
            "withdraw": _("El aviso ya no se ve en público."),
        }[what],
    )
    return redirect("incident", request.org.slug, number)


def page_of(
    request: Any, found: Incident, *, status: int = 200, form: IncidentForm | None = None, **more: Any
) -> HttpResponse:
    """The page of an incident; ``errors`` by the part they belong to."""
    with timezone.override(request.org.timezone):
        context = incident_context(found, request.member)
        context["form"] = form or IncidentForm(initial=initial_of(found))
        return _render(request, "incident", {"errors": {}} | context | more, status=status)


def _form(
    request: Any,
    form: IncidentForm,
    proposal: Incident | None,
    *,
    status: int = 200,
    refused: NotDeclared | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "proposal": proposal, "declare_label": _declare_label(request)}
    if refused is not None:
        context |= {"error": sentence(refused.code), "other": refused.other}
    return _render(request, "incident_new", context, status=status)


def _initial(proposal: Incident | None) -> dict[str, Any]:
    given = initial_of(proposal) if proposal is not None else {}
    return given | {"next_notice_at": next_hour(clock.now())}


def _declare_label(request: Any) -> str:
    if request.member.can(Permission.DECLARE_INCIDENTS):
        return _("Declarar novedad")
    return _("Proponer novedad") if request.member.asks(Permission.DECLARE_INCIDENTS) else ""


def numbered(request: Any, number: int) -> Incident:
    """The incident of that number, or nothing is there."""
    rows = Incident.objects.select_related("account", "declared_by", "proposed_by", "closed_by")
    found = rows.filter(organization=request.org, number=number).first()
    if found is None:
        raise Http404
    return found


def _told(request: Any) -> None:
    organization_id = request.org.pk
    request.afterwards.append(lambda: announce_incidents(organization_id))


def _render(request: Any, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    frame = {
        "org": request.org, "me": request.member, "section": "incidents", "now": clock.now(),
        "list_url": reverse("incidents", args=[request.org.slug]),
    }  # fmt: skip
    with timezone.override(request.org.timezone):
        return render(request, f"tickets/supervision/{template}.html", frame | context, status=status)
