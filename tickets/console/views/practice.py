"""Practice: past cases without who they were about; nothing of it reaches a network."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as toasts
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.console.practice import next_to_practise, past_case
from tickets.team.domain.practising import NotPractised, give_feedback, practise
from tickets.team.models import PracticeAnswer

GET_POST, POST = ("GET", "HEAD", "POST"), ("POST",)
SHOWN = 30


@for_members(Permission.SEE_CASES, Permission.REPLY_PRIVATE, methods=GET_POST)
def practice(request: Any) -> HttpResponse:
    """A past case to answer as if it were new; then what a colleague answered, and what others think of it."""
    error, case = "", None
    if request.method == "POST":
        asked = request.POST.get("case", "")
        case = past_case(request.member, int(asked)) if asked.isdecimal() and len(asked) < 19 else None
        if case is None:
            raise Http404
        try:
            practise(request.member, ticket_id=case.ticket_id, text=request.POST.get("text", ""))
        except NotPractised:
            error = _("Escriba lo que respondería.")
        else:
            return redirect("practice", request.org.slug)
    return _page(request, case or next_to_practise(request.member), error)


@for_members(Permission.SEE_CASES, Permission.APPROVE_REPLIES, methods=POST)
def practice_feedback(request: Any, pk: int) -> HttpResponse:
    """Say what one thinks of what somebody practised."""
    found = PracticeAnswer.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    try:
        give_feedback(found, text=request.POST.get("text", ""), by=request.member)
    except NotPractised as refused:
        own = refused.code == "own"
        toasts.error(request, _("Lo suyo lo comenta otra persona.") if own else _("Escriba su comentario."))
    else:
        toasts.success(request, _("Guardado: lo lee quien practicó."))
    return redirect("practice", request.org.slug)


def _page(request: Any, case: Any, error: str) -> HttpResponse:
    rows = PracticeAnswer.objects.select_related("member", "feedback_by").order_by("-pk")
    mine = [
        (row, past_case(request.member, row.ticket_id)) for row in rows.filter(member=request.member)[:SHOWN]
    ]
    others = []
    if request.member.can(Permission.APPROVE_REPLIES):
        waiting = rows.filter(feedback_at=None).exclude(member=request.member)
        others = [(row, past_case(request.member, row.ticket_id)) for row in waiting[:SHOWN]]
    context = {
        "org": request.org, "me": request.member, "section": "practice", "case": case, "error": error,
        "mine": mine, "others": others,
    }  # fmt: skip
    with timezone.override(request.org.timezone):
        return render(request, "tickets/console/practice.html", context, status=422 if error else 200)
