"""The cases of an incident, the answers to many of them, and the statement that stands in every composer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as toasts
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels_social.domain.doorbell import ring
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.cases.models import Ticket
from tickets.cases.rules import clean_number
from tickets.console.push import announce_after
from tickets.console.rows import case_url
from tickets.customers.domain.names import NAMELESS
from tickets.incidents.domain.linking import alike_cases, link, unlink
from tickets.incidents.domain.queries.live import pinned_of
from tickets.incidents.enums import LinkCause
from tickets.incidents.models import AnswerBatch, BatchedAnswer, Incident, IncidentCase
from tickets.incidents.rules.bulk import OFFERED, NotSaid
from tickets.incidents.sentences import sentence
from tickets.privacy.rules.masking import mask
from tickets.replies.domain.reply import new_token
from tickets.supervision.domain.batches import Draft, drafts_of, queue_batch
from tickets.supervision.domain.stopping import stop_batch
from tickets.supervision.incident_page import why_words
from tickets.supervision.push import announce_incidents
from tickets.supervision.views.incidents import numbered, page_of

POST = ("POST",)
GET_POST = ("GET", "HEAD", "POST")


@for_members(Permission.SEE_CASES, methods=GET_POST)
def cases(request: Any, number: int) -> HttpResponse:
    """Cases that are alike, with the words they share; linking what was ticked or named, and unlinking one."""
    found = numbered(request, number)
    if request.method != "POST":
        return _suggested(request, found)
    may_link = request.member.can(Permission.DECLARE_INCIDENTS) or request.member.can(
        Permission.RESOLVE_CASES
    )
    if not may_link:
        raise PermissionDenied
    if gone := request.POST.get("unlink", ""):
        return _unlink(request, found, gone)
    named = request.POST.get("number", "").strip()
    if named:
        ticket = _by_number(named)
        if ticket is None:
            errors = {"cases": _("No hay un caso con el número «%s» que usted pueda ver.") % named}
            return page_of(request, found, status=422, errors=errors, named=named)
        added = link(found, [ticket.pk], by=request.member, cause=LinkCause.HAND)
    else:
        keys = [int(one) for one in request.POST.getlist("case") if one.isdecimal()]
        added = link(found, keys, by=request.member, cause=LinkCause.LIKENESS)
    if added:
        toasts.success(request, ngettext("%s caso ligado.", "%s casos ligados.", added) % added)
    else:
        toasts.error(request, _("Ninguno se ligó: ya lo estaban, o no se eligió ninguno."))
    _told(request)
    back = request.POST.get("back", "")
    if back.isdecimal():
        return redirect(case_url(request.org.slug, int(back)))
    return redirect("incident", request.org.slug, number)


def _unlink(request: Any, found: Incident, gone: str) -> HttpResponse:
    ticket = Ticket.objects.filter(number=int(gone)).first() if gone.isdecimal() else None
    if ticket is None or not unlink(found, ticket.pk, by=request.member):
        toasts.error(request, _("Ese caso ya no estaba ligado."))
    else:
        toasts.success(request, _("El caso %s ya no está ligado.") % (ticket.radicado or ticket.number))
    _told(request)
    return redirect("incident", request.org.slug, found.number)


def _by_number(named: str) -> Ticket | None:
    shown = clean_number(named)
    if shown.isdecimal() and len(shown) < 18:
        found = Ticket.objects.filter(number=int(shown)).first()
        if found is not None:
            return found
    return Ticket.objects.filter(radicado=shown).first()


def _suggested(request: Any, found: Incident) -> HttpResponse:
    masked = not request.member.sees_data
    lines = [
        {
            "one": one,
            "said": mask(one.text) if masked else one.text,
            "url": case_url(request.org.slug, one.number),
        }
        for one in alike_cases(found)
    ]
    return page_of(request, found, alike=lines, has_looked=True)


@for_members(
    Permission.SEE_CASES,
    Permission.DECLARE_INCIDENTS,
    Permission.REPLY_PRIVATE,
    Permission.REPLY_PUBLIC,
    methods=GET_POST,
)
def answers(request: Any, number: int) -> HttpResponse:
    """Write one answer for the cases of an incident, review what each would read, and queue what stays ticked."""
    found = numbered(request, number)
    text = request.POST.get("text", found.statement)
    token = request.POST.get("token", "") or new_token()
    drafts: list[Draft] = []
    error, status = "", 200
    try:
        if request.method == "POST":
            if request.POST.get("send"):
                return _queue(request, found, text, token)
            drafts = drafts_of(found, text, by=request.member)
            error = "" if drafts else _("Todavía no hay casos ligados a esta novedad.")
    except NotSaid as wrong:
        error, status = sentence(wrong.code, wrong.detail), 422
    context = {
        "org": request.org, "me": request.member, "section": "incidents", "incident": found, "text": text,
        "token": token, "error": error, "variables": OFFERED,
        "drafts": [{"one": one, "why": why_words(one.why_not) if one.why_not else ""} for one in drafts],
        "ticked": sum(not one.why_not for one in drafts),
    }  # fmt: skip
    with timezone.override(request.org.timezone):
        return render(request, "tickets/supervision/answers.html", context, status=status)


def _queue(request: Any, found: Incident, text: str, token: str) -> HttpResponse:
    keys = [int(one) for one in request.POST.getlist("case") if one.isdecimal()]
    batch = queue_batch(found, keys, text=text, by=request.member, token=token)
    n = BatchedAnswer.objects.filter(batch=batch).count()
    toasts.success(
        request,
        ngettext(
            "%s respuesta va saliendo, después de lo urgente y lo individual.",
            "%s respuestas van saliendo, después de lo urgente y lo individual.",
            n,
        )
        % n,
    )
    _told(request)
    request.afterwards.append(lambda: ring("batches"))
    return redirect("incident", request.org.slug, found.number)


@for_members(Permission.SEE_CASES, Permission.DECLARE_INCIDENTS, methods=POST)
def stop(request: Any, number: int, pk: int) -> HttpResponse:
    """What has not been sent of a batch does not leave."""
    found = numbered(request, number)
    batch = AnswerBatch.objects.filter(incident=found, pk=pk).first()
    if batch is None:
        raise Http404
    pairs = stop_batch(batch, by=request.member)
    tickets = [ticket for ticket, _message in pairs]
    announce_after(request, tickets)
    _told(request)
    toasts.success(request, _("Detenidas las que no habían salido."))
    return redirect("incident", request.org.slug, number)


@for_members(Permission.SEE_CASES)
def pinned(request: Any, number: int) -> HttpResponse:
    """The statements of what fails now, filled for this case, over its composer."""
    ticket = Ticket.objects.select_related("customer").filter(number=number).first()
    if ticket is None:
        raise Http404
    found = pinned_of(request.org.pk)
    linked = set(
        IncidentCase.objects.filter(ticket=ticket, incident__in=found).values_list("incident_id", flat=True)
    )
    name = "" if ticket.customer.name == NAMELESS else ticket.customer.name.split()[0]
    lines = [
        {"one": one, "said": _filled(one.statement, name, ticket), "is_linked": one.pk in linked}
        for one in found
    ]
    context = {
        "org": request.org, "lines": lines, "case": ticket,
        "may_link": request.member.can(Permission.RESOLVE_CASES),
    }  # fmt: skip
    with timezone.override(request.org.timezone):
        return render(request, "tickets/supervision/_pinned.html", context)


def _filled(statement: str, name: str, ticket: Ticket) -> str:
    said = (
        statement.replace("{nombre}", name)
        if name
        else statement.replace("{nombre}, ", "").replace("{nombre}", "")
    )
    return said.replace("{caso}", ticket.radicado or str(ticket.number)).strip()


def _told(request: Any) -> None:
    organization_id = request.org.pk
    request.afterwards.append(lambda: announce_incidents(organization_id))
