"""«Responder en X»: three steps, so that no transaction is open while X is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.cases.models import Message
from tickets.console.case_page import case_context, ticket_for
from tickets.console.rows import case_url
from tickets.listening.domain.deciding import Opened, Refused
from tickets.listening.domain.native import (
    Asked,
    asked_of_failed,
    asked_of_finding,
    count_answer,
    read_answer,
)
from tickets.listening.page import may_answer
from tickets.listening.sentences import sentence
from tickets.listening.views.findings import show, tell, to_case

POST = ("POST",)
Find = Callable[[Any, int], Asked]


def finding_answer(request: Any, org: str, pk: int) -> HttpResponse:
    """The link of our answer to a finding."""
    return _answer(request, org, pk, _of_finding, _again_finding)


def message_answer(request: Any, org: str, pk: int) -> HttpResponse:
    """The link of our answer to a customer whom X did not let us answer from here."""
    return _answer(request, org, pk, _of_message, _again_message)


def _answer(request: Any, org: str, pk: int, find: Find, again: Callable[..., HttpResponse]) -> HttpResponse:
    found: list[Asked] = []

    @for_members(Permission.SEE_CASES, Permission.REPLY_PUBLIC, methods=POST)
    def ask(request: Any) -> HttpResponse:
        if not may_answer(request.member):
            raise PermissionDenied
        found.append(find(request, pk))
        return HttpResponse()

    @for_members(Permission.SEE_CASES, Permission.REPLY_PUBLIC, methods=POST)
    def count(request: Any, item: Any) -> HttpResponse:
        opened = count_answer(found[0], item, by=request.member)
        tell(request, opened)
        return _done(request, opened)

    @for_members(Permission.SEE_CASES, Permission.REPLY_PUBLIC, methods=POST)
    def refuse(request: Any, error: str) -> HttpResponse:
        return again(request, pk, error)

    try:
        response = ask(request, org=org)
        if not found:
            return response
        return count(request, org=org, item=read_answer(found[0], request.POST.get("link", "")[:500]))
    except Refused as refused:
        return refuse(request, org=org, error=sentence(refused.code, refused.detail))


def _of_finding(request: Any, pk: int) -> Asked:
    try:
        return asked_of_finding(pk)
    except Refused as refused:
        raise Http404 from refused


def _of_message(request: Any, pk: int) -> Asked:
    message = Message.objects.select_related("conversation").filter(pk=pk, ticket__isnull=False).first()
    if message is None:
        raise Http404
    return asked_of_failed(message)


def _done(request: Any, opened: Opened) -> HttpResponse:
    if request.POST.get("stay") == "1" and not request.htmx:
        return redirect("listening", request.org.slug)
    return to_case(request, opened)


def _again_finding(request: Any, pk: int, error: str) -> HttpResponse:
    return show(request, error=error, error_pk=pk, link=request.POST.get("link", "")[:500], status=422)


def _again_message(request: Any, pk: int, error: str) -> HttpResponse:
    message = Message.objects.select_related("ticket").get(pk=pk)
    assert message.ticket is not None
    ticket = ticket_for(message.ticket.number)
    if ticket is None:
        return redirect(case_url(request.org.slug, message.ticket.number))
    with timezone.override(request.org.timezone):
        context = case_context(request, ticket, now=clock.now(), errors=[error])
        return render(
            request,
            "tickets/console/case_part.html" if request.htmx else "tickets/console/page.html",
            context,
            status=422,
        )
