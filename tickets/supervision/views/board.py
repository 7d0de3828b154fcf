"""The board «Ahora», and passing on a case before it is late."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as toasts
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.cases.models import Ticket
from tickets.console.push import announce_after
from tickets.console.views.loading import locked_or_404
from tickets.supervision.domain.passing import NotPassed, give_back, pass_on
from tickets.supervision.page import board_context

POST = ("POST",)


@for_members(Permission.SEE_DASHBOARDS)
def board(request: Any) -> HttpResponse:
    """What is about to be late, who is there, how the channels are. With htmx only what changes."""
    return _board(request)


def _board(request: Any, *, status: int = 200) -> HttpResponse:
    template = "_now" if request.htmx else "now"
    with timezone.override(request.org.timezone):
        context = board_context(request.org, request.member, clock.now())
        return render(request, f"tickets/supervision/{template}.html", context, status=status)


@for_members(Permission.SEE_DASHBOARDS, Permission.SEE_CASES, methods=("GET", "HEAD", "POST"))
def pass_case(request: Any, number: int) -> HttpResponse:
    """Choose to whom a case goes, or give it to who was chosen."""
    if not request.member.can(Permission.ASSIGN_CASES):
        raise PermissionDenied
    if request.method != "POST":
        return _choose(request, number)
    ticket = locked_or_404(number)
    asked, held = request.POST.get("to", ""), request.POST.get("held", "")
    to = Membership.objects.filter(pk=asked).first() if asked.isdecimal() else None
    if to is None:
        raise Http404
    note = _("Pasado desde el tablero, antes de que venza.")
    try:
        pass_on(ticket, to=to, by=request.member, note=note, held_by=int(held) if held.isdecimal() else None)
    except NotPassed as refused:
        toasts.error(request, _why_not(refused.code, to, ticket))
        return _back(request, status=409)
    undo = reverse("board_pass_undo", args=[request.org.slug, number])
    said = _("El caso %(number)s pasó a %(name)s.") % {
        "number": ticket.radicado or ticket.number, "name": to.display_name,
    }  # fmt: skip
    toasts.success(request, said, extra_tags=f"undo:{undo}")
    announce_after(request, [ticket.pk])
    return _back(request)


@for_members(Permission.SEE_DASHBOARDS, Permission.SEE_CASES, Permission.ASSIGN_CASES, methods=POST)
def pass_undo(request: Any, number: int) -> HttpResponse:
    """The case goes back to who had it."""
    ticket = locked_or_404(number)
    try:
        former = give_back(ticket, by=request.member, note=_("Devuelto desde el tablero."))
    except NotPassed as refused:
        toasts.error(request, _why_not(refused.code, None, ticket))
        return _back(request, status=409)
    name = former.display_name if former else ""
    toasts.success(
        request, _("El caso volvió a %s.") % name if former else _("El caso volvió a la cola de todos.")
    )
    announce_after(request, [ticket.pk])
    return _back(request)


def _choose(request: Any, number: int) -> HttpResponse:
    ticket = Ticket.objects.select_related("customer", "assignee").filter(number=number).first()
    if ticket is None:
        raise Http404
    with timezone.override(request.org.timezone):
        context = board_context(request.org, request.member, clock.now())
        context |= {"case": ticket, "pass_url": request.path}
        return render(request, "tickets/supervision/pass.html", context)


def _back(request: Any, *, status: int = 200) -> HttpResponse:
    """The board again, with what was done or why it was not."""
    return _board(request, status=status) if request.htmx else redirect("board", request.org.slug)


def _why_not(code: str, to: Membership | None, ticket: Ticket) -> str:
    name = to.display_name if to is not None else ""
    return {
        "left": _("%s ya no está en el equipo: elija a otra persona.") % name
        if name
        else _("Quien lo tenía ya no está en el equipo: el caso queda donde está."),
        "cannot": _("%s no puede tomar casos: elija a otra persona.") % name,
        "theirs": _("%s ya tiene ese caso.") % name,
        "moved": _("Ese caso cambió de manos hace un momento: mire quién lo tiene."),
        "over": _("Ese caso ya no está abierto."),
    }[code]
