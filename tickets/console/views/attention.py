"""«No requiere atención»: the view, and the one key that says the contrary of what was judged, each way undoable."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.cases.models import Message, Ticket
from tickets.console.push import announce_after
from tickets.console.queries.noise import (
    NoisePage,
    aside_page,
    may_review,
    noise_page,
    sample_page,
    samples_waiting,
)
from tickets.console.rows import case_url, queue_address
from tickets.intake import attention
from tickets.intake.attention_undo import needed_after_all, undo_change
from tickets.replies.domain import casework
from tickets.triage.models import AttentionChange

POST = ("POST",)
ASIDE, SAMPLE = "apartados", "muestra"


@for_members(Permission.SEE_CASES)
def noise(request: Any) -> HttpResponse:
    """Messages without a case, or in which words were said; cases put aside; the sample, for supervisors."""
    here, words = request.GET.get("lista", ""), request.GET.get("q", "").strip()
    reviews = may_review(request.member)
    if here == SAMPLE and not reviews:
        raise PermissionDenied
    page = _page(request, here, words)
    address = reverse("noise", args=[request.org.slug])
    context = {
        "org": request.org,
        "me": request.member,
        "section": "console",
        "rows": page.rows,
        "here": here,
        "words": words,
        "address": address,
        "queue_url": queue_address(request.org.slug),
        "waiting": samples_waiting(request.org, request.member) if reviews else None,
        "may_correct": request.member.can(Permission.CHANGE_KIND),
        "may_undo": request.member.can(Permission.CLOSE_WITHOUT_MOTIVE),
        "after": page.after,
    }
    with timezone.override(request.org.timezone):
        return render(request, "tickets/console/noise.html", context)


def _page(request: Any, here: str, words: str) -> NoisePage:
    is_masked, after = not request.member.sees_data, request.GET.get("after", "")
    if here == SAMPLE:
        return sample_page(request.org, member=request.member, is_masked=is_masked)
    if here == ASIDE:
        return aside_page(request.org, after=after, is_masked=is_masked)
    return noise_page(request.org, words=words, after=after, is_masked=is_masked)


@for_members(Permission.SEE_CASES, Permission.CHANGE_KIND, methods=POST)
def attention_needed(request: Any, pk: int) -> HttpResponse:
    """«Sí requiere atención»: the message's case is opened, its clocks from receipt, or it joins the open one."""
    _message_or_404(pk)
    case_id = attention.require_attention(pk, by=request.member)
    if case_id is None:
        raise Http404
    change = AttentionChange.objects.filter(message_id=pk, ticket_id=case_id, is_needed=True).last()
    return _opened(request, pk, case_id, change)


@for_members(Permission.SEE_CASES, Permission.APPROVE_REPLIES, Permission.CLOSE_WITHOUT_MOTIVE, methods=POST)
def noise_reviewed(request: Any, pk: int) -> HttpResponse:
    """What a supervisor says of a sampled message: judged well, or it did need attention."""
    _message_or_404(pk)
    try:
        if request.POST.get("verdict") != "needed":
            if not attention.mark_reviewed(pk, by=request.member):
                raise Http404
            return _said(request, pk, _("Bien juzgado."))
        case_id = needed_after_all(pk, by=request.member)
    except attention.Refused as refused:
        return _refused(request, refused, "noise", request.org.slug)
    if case_id is None:
        raise Http404
    return _opened(request, pk, case_id, None)


@for_members(Permission.SEE_CASES, Permission.CLOSE_WITHOUT_MOTIVE, methods=POST)
def put_aside(request: Any, number: int) -> HttpResponse:
    """«No requiere atención»: the case leaves the queue, and the notice that says so undoes it."""
    found = Ticket.objects.filter(number=number).only("pk").first()
    ticket = casework.lock(found.pk) if found is not None else None
    if ticket is None or ticket.joined_into_id is not None:
        raise Http404
    try:
        change = attention.put_aside(ticket, by=request.member, reason=request.POST.get("reason", ""))
    except attention.Refused as refused:
        return _refused(request, refused, "case", request.org.slug, number)
    if change is None:
        return redirect(case_url(request.org.slug, number))
    announce_after(request, [ticket.pk])
    undo = reverse("attention_undo", args=[request.org.slug, change.pk])
    messages.success(request, _("El caso %s no requiere atención.") % number, extra_tags=f"undo:{undo}")
    return _to(request, queue_address(request.org.slug))


@for_members(Permission.SEE_CASES, methods=POST)
def attention_undo(request: Any, pk: int) -> HttpResponse:
    """Take back either of the two, for who may do the thing itself."""
    change = AttentionChange.objects.filter(pk=pk).first()
    if change is None or not Ticket.objects.filter(pk=change.ticket_id).exists():
        raise Http404
    needed = Permission.CHANGE_KIND if change.is_needed else Permission.CLOSE_WITHOUT_MOTIVE
    if not request.member.can(needed):
        raise PermissionDenied
    try:
        ticket = undo_change(change, by=request.member)
    except attention.Refused as refused:
        return _refused(request, refused, "noise", request.org.slug)
    announce_after(request, [ticket.pk])
    if change.is_needed:
        messages.success(request, _("Deshecho: el mensaje sigue sin requerir atención."))
        return _to(request, reverse("noise", args=[request.org.slug]))
    messages.success(request, _("Deshecho: el caso vuelve a la cola con sus relojes."))
    return _to(request, case_url(request.org.slug, ticket.number))


def _message_or_404(pk: int) -> None:
    """The policies say who sees it; what is not seen is not there."""
    if not Message.objects.filter(pk=pk, deleted_at__isnull=True).exists():
        raise Http404


def _opened(request: Any, pk: int, case_id: int, change: AttentionChange | None) -> HttpResponse:
    """The row says where the message is now. A case its reader may not see is not named."""
    announce_after(request, [case_id])
    case = Ticket.objects.filter(pk=case_id).first()
    said = _("Quedó en el caso %s.") % (case.radicado or case.number) if case else _("Quedó en un caso.")
    url = case_url(request.org.slug, case.number) if case else ""
    undo = reverse("attention_undo", args=[request.org.slug, change.pk]) if change and case else ""
    return _said(request, pk, said, url=url, undo=undo)


def _said(request: Any, pk: int, said: str, *, url: str = "", undo: str = "") -> HttpResponse:
    if request.htmx:
        context = {"id": pk, "said": said, "url": url, "undo": undo}
        return render(request, "tickets/console/_noise_said.html", context)
    messages.success(request, said, extra_tags=f"undo:{undo}" if undo else "")
    return redirect("noise", request.org.slug)


def _refused(request: Any, refused: attention.Refused, *where: Any) -> HttpResponse:
    """Why not, as a notice over the page it was asked from."""
    messages.error(request, sentence(refused.code))
    return _to(request, reverse(where[0], args=where[1:]))


def _to(request: Any, url: str) -> HttpResponse:
    return HttpResponse(headers={"HX-Redirect": url}) if request.htmx else redirect(url)


def sentence(code: str) -> str:
    """Why it cannot be, with the way out."""
    return {
        "filed": _(
            "El caso ya tiene radicado: su término legal corre y no se aparta. Respóndalo o resuélvalo."
        ),
        "promised": _("Al cliente se le prometió una fecha: cúmplala o resuelva el caso."),
        "reason": _("Diga por qué no requiere atención: queda en la bitácora."),
        "undone": _("Ya se había deshecho."),
        "changed": _("El caso cambió después: ya no se puede deshacer. Ábralo y decida allí."),
        "own": _("Lo juzgó usted: lo revisa otra persona."),
    }[code]
