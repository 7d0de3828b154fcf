"""The themes of articles, and what is done with what readers did not find."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from faq.domain import themes as verbs
from faq.domain.queries import pages
from faq.domain.readers import dismiss_missed, draft_missed
from faq.domain.writing import NotAllowed
from faq.models import Category, MissedSearch
from faq.rules.rights import may_publish, may_read, may_write
from faq.sentences import sentence
from faq.views.frame import must, page
from helpdesk.http import for_members

POST, GET_POST = ("POST",), ("GET", "HEAD", "POST")


@for_members(methods=GET_POST)
def themes(request: Any) -> HttpResponse:
    """The themes in their order; posted, one is added, renamed, raised or dropped."""
    must(may_publish(request.member) if request.method == "POST" else may_read(request.member))
    problem = ""
    if request.method == "POST":
        try:
            _change(request)
        except NotAllowed as refused:
            problem = sentence(refused.code)
        else:
            return redirect("article_themes", request.org.slug)
    return page(
        request, "themes.html", tab="themes", status=409 if problem else 200, problem=problem,
        themes=pages.themes(request.org.pk), name=request.POST.get("name", "") if problem else "",
    )  # fmt: skip


@for_members(methods=POST)
def missed(request: Any, pk: int) -> HttpResponse:
    """Begin an article for what was not found, or let it be."""
    must(may_write(request.member))
    found = MissedSearch.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    if request.POST.get("op") == "dismiss":
        dismiss_missed(found, by=request.member)
        return redirect("articles", request.org.slug)
    article = draft_missed(found, request.org, by=request.member)
    messages.success(request, _("Es un borrador: escriba la respuesta y pida la revisión."))
    return redirect("article", request.org.slug, article.pk)


def _change(request: Any) -> None:
    op, name = request.POST.get("op", ""), request.POST.get("name", "")
    if op == "add":
        verbs.add_theme(request.org, name=name, by=request.member)
        return
    pk = request.POST.get("theme", "")
    theme = Category.objects.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) < 19 else None
    if theme is None:
        raise Http404
    if op == "rename":
        verbs.rename_theme(theme, name=name, by=request.member)
    elif op == "raise":
        verbs.raise_theme(theme, by=request.member)
    elif op == "drop":
        verbs.drop_theme(theme, by=request.member)
