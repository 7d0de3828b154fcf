"""«Escucha»: what searches found, and what is done with it by one key."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from channels_social.models import Finding
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.console.push import announce_after
from tickets.console.rows import case_url
from tickets.listening.domain import deciding
from tickets.listening.domain.deciding import Opened, Refused
from tickets.listening.page import listening_context
from tickets.listening.sentences import sentence

NEEDED = {
    "caso": Permission.TAKE_CASES,
    "descartar": Permission.RESOLVE_CASES,
    "devolver": Permission.RESOLVE_CASES,
}


@for_members(Permission.SEE_CASES)
def listening(request: Any) -> HttpResponse:
    """The newest findings, or those with some words."""
    return show(request)


@for_members(Permission.SEE_CASES, methods=("POST",))
def step(request: Any, pk: int, what: str) -> HttpResponse:
    """Open a case of it, let it be, or take that back."""
    if not Finding.objects.filter(pk=pk).exists():
        raise Http404
    if not request.member.can(NEEDED[what]):
        raise PermissionDenied
    try:
        if what == "caso":
            opened = deciding.open_case(pk, by=request.member)
            tell(request, opened)
            return to_case(request, opened)
        verb = deciding.dismiss if what == "descartar" else deciding.restore
        done = verb(pk, by=request.member)
    except Refused as refused:
        return show(request, error=sentence(refused.code, refused.detail), status=409)
    if not request.htmx:
        return redirect("listening", request.org.slug)
    return HttpResponse(status=200 if done else 409)


def show(request: Any, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page. ``error`` and ``error_pk``: what went wrong, and with which finding."""
    with timezone.override(request.org.timezone):
        context = listening_context(request) | more
        return render(request, "tickets/listening/page.html", context, status=status)


def tell(request: Any, opened: Opened) -> None:
    """Show the case to the consoles once it is committed."""
    pairs = [(opened.ticket_id, one) for one in (opened.message_id, opened.native_id) if one]
    announce_after(request, [opened.ticket_id], pairs)


def to_case(request: Any, opened: Opened) -> HttpResponse:
    """On to the case."""
    url = case_url(request.org.slug, opened.number)
    return HttpResponse(headers={"HX-Redirect": url}) if request.htmx else redirect(url)
