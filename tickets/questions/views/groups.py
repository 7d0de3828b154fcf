"""«Preguntas sin artículo»: a week's groups, each with why; and the cases an article was linked in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_social.domain.doorbell import ring
from faq.models import Article
from faq.rules.rights import may_read, may_write
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.questions.domain import deciding
from tickets.questions.domain.grouping import ask_grouping
from tickets.questions.domain.linking import uses_of
from tickets.questions.domain.queries.groups import page_of
from tickets.questions.models import ArticleUse, QuestionGroup

GET_POST, POST = ("GET", "HEAD", "POST"), ("POST",)
MOST_CASES = 50


@for_members(Permission.SEE_CASES, methods=GET_POST)
def question_groups(request: Any) -> HttpResponse:
    """The newest week, or the one asked for; posted, *net* groups the last seven days and the page shows when."""
    _must(may_write(request.member) if request.method == "POST" else may_read(request.member))
    if request.method == "POST":
        ask_grouping(request.org, by=request.member)
        request.afterwards.append(lambda: ring("questions"))
        return redirect("question_groups", request.org.slug)
    with timezone.override(request.org.timezone):
        context = {
            "org": request.org, "me": request.member, "section": "articles", "tab": "questions",
            "sees_questions": True, "may_write": may_write(request.member),
            "page": page_of(request.org, request.GET.get("semana", "")),
        }  # fmt: skip
        return render(request, "tickets/questions/groups.html", context)


@for_members(Permission.SEE_CASES, methods=POST)
def question_group(request: Any, pk: int) -> HttpResponse:
    """A draft of it in one step, or no article, or another look."""
    _must(may_write(request.member))
    group = QuestionGroup.objects.filter(pk=pk).first()
    if group is None:
        raise Http404
    op = request.POST.get("op", "")
    if op == "dismiss":
        deciding.dismiss_group(group, by=request.member)
    elif op == "restore":
        deciding.restore_group(group, by=request.member)
    else:
        article = deciding.draft_group(group, request.org, by=request.member)
        messages.success(request, _("Es un borrador: complete la respuesta y pida la revisión."))
        return redirect("article", request.org.slug, article.pk)
    return redirect("question_groups", request.org.slug)


@for_members(Permission.SEE_CASES)
def article_cases(request: Any, pk: int) -> HttpResponse:
    """How many cases an article was linked in and how many it solved, and those of them the reader may see."""
    _must(may_read(request.member))
    article = Article.objects.filter(pk=pk).first()
    if article is None:
        raise Http404
    rows = ArticleUse.objects.filter(article=article, is_source=False).select_related("message__ticket")
    seen = {one.message.ticket_id: one.message.ticket for one in rows.order_by("-pk")[:MOST_CASES]}
    context = {
        "org": request.org, "me": request.member, "section": "articles", "tab": "articles", "article": article,
        "sees_questions": True, "uses": uses_of(request.org, [pk]).get(pk),
        "cases": [one for one in seen.values() if one is not None],
    }  # fmt: skip
    template = "tickets/questions/_uses.html" if request.htmx else "tickets/questions/uses.html"
    return render(request, template, context)


def _must(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied
