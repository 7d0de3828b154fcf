"""What waits for another person's yes, and what one says one is doing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as toasts
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_social.domain.doorbell import ring
from helpdesk.http import for_members
from helpdesk.tenancy.models import Presence
from helpdesk.tenancy.permissions import Permission
from tickets.cases.models import Message
from tickets.console.access import petition_words
from tickets.console.push import announce_after
from tickets.console.queries.messages import files_of_answers
from tickets.console.rows import case_url
from tickets.privacy.rules.masking import mask
from tickets.questions.domain.linking import note_links
from tickets.replies.domain import approving, casework
from tickets.replies.domain.petitions import petitions_for
from tickets.replies.domain.reply import Refused
from tickets.replies.sentences import sentence
from tickets.team.domain.presence import set_presence

POST = ("POST",)


@for_members(Permission.SEE_CASES, Permission.APPROVE_REPLIES)
def approvals(request: Any) -> HttpResponse:
    """Answers that wait, first due first."""
    return _page(request)


def _page(
    request: Any, *, status: int = 200, failed: int = 0, error: str = "", typed: str = ""
) -> HttpResponse:
    slug = request.org.slug
    waiting = approving.waiting_for(request.org, request.member)
    files = files_of_answers(request.org, [token for one in waiting for token in one.tokens])
    lines = [
        {
            "one": one,
            "media": [file for token in one.tokens for file in files.get(token, [])],
            "said": one.words if request.member.sees_data else mask(one.words),
            "case_url": case_url(slug, one.message.ticket.number),
            "error": error if one.message.pk == failed else "",
            "typed": typed if one.message.pk == failed else "",
        }
        for one in waiting
    ]
    asked = [
        {
            "one": one,
            "words": petition_words(one, one.asked_by.display_name),
            "case_url": case_url(slug, one.ticket.number),
        }
        for one in petitions_for(request.member)
    ]
    context = {
        "org": request.org, "me": request.member, "section": "approvals", "lines": lines, "petitions": asked,
    }  # fmt: skip
    if failed and not any(line["error"] for line in lines):
        context["error"] = error
    with timezone.override(request.org.timezone):
        return render(request, "tickets/console/approvals.html", context, status=status)


@for_members(Permission.SEE_CASES, Permission.APPROVE_REPLIES, methods=POST)
def decide(request: Any, pk: int) -> HttpResponse:
    """Let an answer leave, perhaps with other words, or send it back with a reason."""
    message = (
        Message.objects.select_related("ticket", "ticket__organization", "conversation", "action__account")
        .filter(pk=pk, action__isnull=False, ticket__isnull=False)
        .first()
    )
    if message is None:
        raise Http404
    message.ticket = ticket = casework.lock(message.ticket_id)
    text, reason = request.POST.get("text"), request.POST.get("reason", "")
    returns = request.POST.get("decision") == "return"
    try:
        if returns:
            approving.send_back(message, by=request.member, reason=reason)
        else:
            approving.approve(message, by=request.member, text=text)
            note_links(request.org, [message], by=request.member)
    except Refused as refused:
        words = sentence(refused.code, refused.detail)
        return _page(request, status=422, failed=pk, error=words, typed=reason if returns else text or "")
    announce_after(request, [ticket.pk], [(ticket.pk, pk)])
    request.afterwards.append(lambda: ring("net"))
    toasts.success(
        request, _("Devuelta: su autor lo lee en el caso.") if returns else _("Aprobada: ya sale.")
    )
    return redirect("approvals", request.org.slug)


@for_members(Permission.SEE_CASES, methods=POST)
def presence(request: Any) -> HttpResponse:
    """Say what one is doing; colleagues read it where they give cases away."""
    value = request.POST.get("presence", "")
    if value not in Presence.values:
        return HttpResponse(_("Ese estado no existe: elija uno de la lista."), status=400)
    set_presence(request.member, value)
    if not request.htmx:
        return redirect("queue", request.org.slug)
    return render(request, "ui/presence.html", {"org": request.org, "me": request.member})
