"""Articles in a case: those an answer can link, and the draft that a good answer becomes by one key."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as toasts
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from faq.rules.rights import may_write
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.console.case_page import ticket_for
from tickets.console.queries.article_offers import offers_for
from tickets.console.rows import case_url
from tickets.console.views.pages import must_say_why
from tickets.questions.domain.deciding import NoAnswer, draft_answer
from tickets.replies.domain import casework


@for_members(Permission.SEE_CASES)
def case_articles(request: Any, number: int) -> HttpResponse:
    """The articles for this case, or those that have some words."""
    ticket = ticket_for(number)
    if ticket is None or must_say_why(request, ticket):
        raise Http404
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    offers = offers_for(request.org, ticket, words)
    return render(request, "tickets/console/_articles.html", {"offers": offers, "words": words})


@for_members(Permission.SEE_CASES, methods=("POST",))
def draft(request: Any, number: int) -> HttpResponse:
    """The last public answer of the case as the draft of an article, without who it was said to."""
    if not may_write(request.member):
        raise PermissionDenied
    ticket = casework.lock_numbered(number)
    if ticket is None:
        raise Http404
    try:
        article = draft_answer(ticket, request.org, by=request.member)
    except NoAnswer:
        toasts.warning(request, _("Todavía no hay una respuesta pública enviada en este caso."))
        return _to(request, case_url(request.org.slug, number))
    toasts.success(request, _("Es un borrador: quite lo que sea solo de este caso y pida la revisión."))
    return _to(request, reverse("article", args=[request.org.slug, article.pk]))


def _to(request: Any, address: str) -> HttpResponse:
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)
