"""Saying what a case is about, and resolving it: what is owed is asked for, and nothing that was chosen is lost."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from protocols.guides.rules.guide import Step
from tickets.cases.domain.classifying import Choice, NotInTree, NotTypified, classify, require_typified
from tickets.cases.domain.queries.typified import current
from tickets.cases.models import Ticket
from tickets.commitments.domain.promising import replaceable
from tickets.console.case_page import case_context, ticket_for
from tickets.console.promises import lines_of
from tickets.console.push import announce_after
from tickets.console.queries.head import promises_of
from tickets.console.rows import case_url
from tickets.console.typification import missing_sentence, panel_of, refused_sentence
from tickets.console.views.dialogs import asked
from tickets.console.views.loading import locked_or_404
from tickets.console.views.pages import queue_context
from tickets.enums import Priority
from tickets.guidance.domain.following import NotPossible, leave, unticked
from tickets.guidance.sentences import sentence as sentence_of_guidance
from tickets.replies.domain import casework
from tickets.replies.domain.petitions import ask, must_ask
from tickets.replies.domain.priority import take_priority

POST, GET_POST = ("POST",), ("GET", "HEAD", "POST")
HEAD, PANEL = "tickets/console/_case_head.html", "tickets/console/_typify_panel.html"


@for_members(Permission.SEE_CASES, Permission.CHANGE_KIND, methods=GET_POST)
def typify(request: Any, number: int) -> HttpResponse:
    """The panel, or what was chosen in it; with ``then=resolve`` the case is resolved by the same stroke."""
    if request.method != "POST":
        return _panel(request, number)
    resolves = request.POST.get("then") == "resolve"
    asks = resolves and must_ask(request.member, Permission.RESOLVE_CASES)
    if resolves and not asks and not request.member.can(Permission.RESOLVE_CASES):
        raise PermissionDenied
    ticket, choice = locked_or_404(number), _chosen(request.POST)
    try:
        classify(ticket, choice, by=request.member)
        if resolves and (question := _question(request, ticket)):
            return question
        if asks:
            ask(ticket, action="resolve", by=request.member)
        elif resolves:
            casework.resolve(ticket, by=request.member)
    except NotInTree as refused:
        return _ask(request, ticket, choice, resolves, refused_sentence(refused.axis, refused.name))
    except NotTypified as refused:
        return _ask(request, ticket, choice, resolves, missing_sentence(refused.missing))
    return _done(request, ticket)


@for_members(Permission.SEE_CASES, methods=POST)
def resolve(request: Any, number: int) -> HttpResponse:
    """Resolve, or ask for it; while something is owed the panel opens instead, and the same keys go on from there."""
    ticket = locked_or_404(number)
    asks = must_ask(request.member, Permission.RESOLVE_CASES)
    if not asks and not request.member.can(Permission.RESOLVE_CASES):
        raise PermissionDenied
    if question := _question(request, ticket):
        return question
    try:
        if asks:
            ask(ticket, action="resolve", by=request.member)
        else:
            casework.resolve(ticket, by=request.member)
    except NotTypified as refused:
        return _ask(request, ticket, None, True, "" if request.htmx else missing_sentence(refused.missing))
    return _done(request, ticket)


@for_members(Permission.SEE_CASES, Permission.CHANGE_KIND, methods=POST)
def priority(request: Any, number: int) -> HttpResponse:
    """Take the priority that the motive proposes."""
    value, ticket = request.POST.get("priority", ""), locked_or_404(number)
    said = current(ticket)
    if value not in Priority.values or said is None or said.motive.priority != value:
        return HttpResponse(
            _("Esa prioridad ya no es la que propone el motivo: recargue la página."), status=409
        )
    why = f"motivo: {said.motive.name.lower()}"  # kept in the language of the house, as every reason is
    take_priority(ticket, priority=Priority(value), why=why, by=request.member)
    return _done(request, ticket)


def _question(request: Any, ticket: Ticket) -> HttpResponse | None:
    """What whoever resolves has to say first: that it is what was promised, and why steps of the protocol are left.

    With a reason the protocol is left for it, and nothing is asked.
    """
    owed = unticked(ticket) if _is_typified(ticket) else []
    reason = request.POST.get("steps_reason", "")
    if owed and reason.strip():
        try:
            leave(ticket, reason=reason, by=request.member)
        except NotPossible:
            return _ask_first(request, ticket, owed, reason)
        owed = []
    unsaid = request.POST.get("promises") != "checked" and replaceable(ticket).exists()
    if not owed and not unsaid:
        return None
    return _ask_first(request, ticket, owed, reason if "steps_reason" in request.POST else None)


def _is_typified(ticket: Ticket) -> bool:
    """What is still owed of its typification is asked for first."""
    try:
        require_typified(ticket)
    except NotTypified:
        return False
    return True


def _ask_first(request: Any, ticket: Ticket, owed: list[Step], typed: str | None) -> HttpResponse:
    with timezone.override(request.org.timezone):
        known = lines_of(promises_of(ticket), request.member, request.org.slug)
    answer = asked(
        request, "promises/_resolve.html", ticket, status=422, promises=known, steps=owed, typed=typed or "",
        error=sentence_of_guidance("no_reason") if typed is not None and owed else "",
    )  # fmt: skip
    # The head asked; the question opens over the page.
    answer["HX-Retarget"], answer["HX-Reswap"], answer["HX-Reselect"] = (
        "#case-dialog",
        "innerHTML",
        ".case-dialog",
    )
    return answer


def _chosen(posted: Any) -> Choice:
    motive, _bar, rank = posted.get("motive", "").partition("|")
    return Choice(
        motive=motive,
        product=posted.get("product", ""),
        cause=posted.get("cause", ""),
        result=posted.get("result", ""),
        rank=int(rank) if rank in ("1", "2", "3") else 0,
    )


def _panel(request: Any, number: int) -> HttpResponse:
    ticket = ticket_for(number)
    panel = ticket and panel_of(ticket, request.org.slug, resolves=False)
    if ticket is None or panel is None:
        raise Http404
    if request.htmx:
        return render(request, PANEL, {"panel": panel})
    return _page(request, ticket, panel, 200)


def _ask(request: Any, ticket: Ticket, picked: Choice | None, resolves: bool, problem: str) -> HttpResponse:
    """The head with its panel open, or the whole page without scripts. What was picked stays picked."""
    panel = panel_of(ticket, request.org.slug, resolves=resolves, picked=picked, problem=problem)
    if panel is not None and panel.problem == panel.sentence:
        panel.problem = ""
    fresh = ticket_for(ticket.number)
    assert fresh is not None
    if not request.htmx:
        return _page(request, fresh, panel, 422)
    with timezone.override(request.org.timezone):
        context = case_context(request, fresh, now=clock.now()) | {"panel": panel}
        return render(request, HEAD, context, status=422)


def _page(request: Any, ticket: Ticket, panel: Any, status: int) -> HttpResponse:
    with timezone.override(request.org.timezone):
        context = queue_context(request, ticket.pk) | case_context(request, ticket, now=clock.now())
        return render(request, "tickets/console/page.html", context | {"panel": panel}, status=status)


def _done(request: Any, ticket: Ticket) -> HttpResponse:
    announce_after(request, [ticket.pk])
    if not request.htmx:
        return redirect(case_url(request.org.slug, ticket.number))
    fresh = ticket_for(ticket.number)
    assert fresh is not None
    with timezone.override(request.org.timezone):
        answer = render(request, HEAD, case_context(request, fresh, now=clock.now()))
    # The right pane shows the protocol of the motive.
    answer["HX-Trigger"] = "motive-changed"
    return answer
