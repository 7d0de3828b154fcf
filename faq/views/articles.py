"""Artículos: the list, the form with its preview, review, and publishing by somebody else."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from faq.addresses import article_address, short_address
from faq.domain import writing
from faq.domain.queries.pages import (
    VIEWS,
    authors_of,
    lines_of,
    missed_searches,
    owners,
    stage_of,
    themes,
    versions_of,
    votes_of,
)
from faq.domain.queries.shelf import today_in
from faq.domain.writing import About
from faq.models import Article, ArticleVersion
from faq.rules.document import BODY, Document, document_of, posted_document
from faq.rules.markdown import as_html
from faq.rules.rights import may_publish, may_read, may_write
from faq.sentences import meanwhile, sentence
from faq.views.frame import must, page
from helpdesk.http import for_members
from helpdesk.tenancy.models import Membership

POST, GET_POST = ("POST",), ("GET", "HEAD", "POST")


@for_members()
def articles(request: Any) -> HttpResponse:
    """All articles, what waits for review first; and what readers looked for in vain."""
    must(may_read(request.member))
    view = request.GET.get("ver", "")
    words = request.GET.get("q", "").strip()[:100]
    shown = view if view in VIEWS else VIEWS[0]
    return page(
        request, "articles.html", tab="articles", view=shown, words=words,
        lines=lines_of(request.org.pk, view=shown, words=words, today=today_in(request.org)),
        views=_views(shown), missed=missed_searches(request.org.pk),
    )  # fmt: skip


@for_members(methods=GET_POST)
def article_add(request: Any) -> HttpResponse:
    """A new one, kept as a draft."""
    must(may_write(request.member))
    if request.method != "POST":
        return _shown(request, None, Document())
    return _written(request, None)


@for_members(methods=GET_POST)
def article(request: Any, pk: int) -> HttpResponse:
    """One article: read, previewed, or saved as a draft."""
    must(may_read(request.member))
    found = _found(pk)
    if request.method != "POST":
        past = _past(request, found)
        return _shown(request, found, document_of(past.document) if past else _standing(found), past=past)
    must(may_write(request.member))
    return _written(request, found)


@for_members(methods=POST)
def article_life(request: Any, pk: int) -> HttpResponse:
    """Publish, give back, discard the draft, retire, bring back or delete."""
    must(may_read(request.member))
    op, found = request.POST.get("op", ""), _found(pk)
    is_writers = op in ("discard", "drop") or (op == "restore" and found.version_id is None)
    must(may_write(request.member) if is_writers else may_publish(request.member))
    try:
        messages.success(request, _take(request, found, op))
    except writing.Outdated as newer:
        return _shown(
            request, newer.article, _standing(newer.article), status=409,
            problem=_("%s lo cambió mientras usted lo leía: mire cómo quedó.") % _who(newer.article),
        )  # fmt: skip
    except writing.NotAllowed as refused:
        return _shown(request, found, _standing(found), status=409, problem=sentence(refused.code))
    return (
        redirect("articles", request.org.slug) if op == "drop" else redirect("article", request.org.slug, pk)
    )


def _take(request: Any, found: Article, op: str) -> str:
    """One step of its life; what is said afterwards."""
    step, by = _step_in(request.POST), request.member
    if op == "publish":
        version = writing.publish(found, step=step, by=by)
        return _("Publicada la versión %s: ya está en el sitio de ayuda.") % version.number
    if op == "return":
        writing.give_back(found, step=step, by=by, note=request.POST.get("note", ""))
        return _("Devuelto a quien lo escribe, con lo que falta.")
    if op == "discard":
        writing.discard(found, step=step, by=by)
        return _("El borrador se descartó: queda la versión publicada.")
    if op == "retire":
        writing.retire(found, by=by)
        return _("Retirado: quien llegue por un enlace verá que ya no está.")
    if op == "restore":
        writing.restore(found, by=by)
        return _("Otra vez en el sitio.") if found.version_id else _("Otra vez entre los borradores.")
    if op == "drop":
        writing.drop(found, by=by)
        return _("Apartado: está en «Retirados» si hace falta.")
    raise writing.NotAllowed("nothing")


def _written(request: Any, found: Article | None) -> HttpResponse:
    document = posted_document(request.POST)
    if request.POST.get("preview"):
        return _shown(request, found, document)
    if not document.title:
        return _shown(request, found, document, status=422, problem=sentence("title"))
    expires_on, is_date = _date_in(request.POST)
    if not is_date:
        return _shown(request, found, document, status=422, problem=sentence("no_date"))
    about = About(_owner_in(request), expires_on)
    asks = request.POST.get("op") == "review"
    if found is None:
        found = writing.begin(request.org, document, by=request.member, about=about, ask_review=asks)
        is_new = True
    else:
        try:
            is_new = writing.save_draft(
                found, document, step=_step_in(request.POST), by=request.member, about=about, ask_review=asks
            )
        except writing.Outdated as newer:
            return _shown(
                request, newer.article, document, status=409, problem=meanwhile(_who(newer.article)),
                theirs=_standing(newer.article),
            )  # fmt: skip
    messages.success(request, _said(is_new, asks))
    return redirect("article", request.org.slug, found.pk)


def _said(is_new: bool, asks: bool) -> str:
    if not is_new:
        return _("No había nada que guardar.")
    return _("En revisión: lo publica otra persona.") if asks else _("Guardado como borrador.")


def _shown(
    request: Any, found: Any, document: Document, *, status: int = 200, problem: str = "", past: Any = None,
    theirs: Document | None = None,
) -> HttpResponse:  # fmt: skip
    posted = request.POST if "title" in request.POST else {}
    is_author = bool(found and request.member.pk in found.authors)
    return page(
        request, "article.html", tab="articles", status=status, problem=problem, article=found, document=document,
        past=past, theirs=theirs, editable=may_write(request.member) and past is None, html=as_html(document.body),
        step=_seen_step(request, found, status), themes=themes(request.org.pk), people=owners(request.org.pk),
        owner=posted.get("owner", _owner(request, found)), expires=posted.get("expires_on", _expires(request, found)),
        stage=stage_of(found, today_in(request.org)) if found else "draft", most=BODY,
        authors=authors_of(found) if found else [], is_author=is_author,
        versions=versions_of(found) if found else [], wrongs=_wrongs(found) if found else [],
        votes=votes_of([found]).get(found.pk) if found else None,
        address=article_address(request.org, found) if found and found.version_id else "",
        short=short_address(request.org, found) if found and found.version_id else "",
    )  # fmt: skip


def _wrongs(found: Article) -> list[str]:
    return [sentence(code) for code in writing.what_keeps(found)] if found.draft is not None else []


def _found(pk: int) -> Article:
    rows = Article.objects.select_related("version", "owner", "saved_by", "returned_by", "category")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _past(request: Any, found: Article) -> ArticleVersion | None:
    """The version that was asked to be looked at, if it is one of this article."""
    number = request.GET.get("v", "")
    if not number.isdecimal() or len(number) > 6:
        return None
    return ArticleVersion.objects.filter(article=found, number=int(number)).first()


def _standing(found: Article) -> Document:
    return document_of(found.draft if found.draft is not None else found.version and found.version.document)


def _step_in(posted: Any) -> int:
    said = posted.get("step", "")
    return int(said) if said.isdecimal() and len(said) < 10 else -1


def _seen_step(request: Any, found: Article | None, status: int) -> int:
    """What the form goes on with: the step it was made of, or after a 409 the one that stands now."""
    if request.method == "POST" and status != 409 and _step_in(request.POST) >= 0:
        return _step_in(request.POST)
    return found.step if found else 0


def _date_in(posted: Any) -> tuple[date | None, bool]:
    said = posted.get("expires_on", "").strip()
    if not said:
        return None, True
    try:
        return date.fromisoformat(said), True
    except ValueError:
        return None, False


def _owner_in(request: Any) -> Membership | None:
    said = request.POST.get("owner", "")
    if not said.isdecimal() or len(said) > 18:
        return None
    return Membership.objects.filter(organization_id=request.org.pk, pk=int(said), is_active=True).first()


def _owner(request: Any, found: Article | None) -> str:
    return str(found.owner_id or "") if found else str(request.member.pk)


def _expires(request: Any, found: Article | None) -> str:
    return str(found.expires_on or "") if found else str(today_in(request.org) + writing.HOLDS)


def _who(found: Article) -> str:
    return found.saved_by.display_name if found.saved_by else ""


def _views(shown: str) -> list[dict[str, Any]]:
    labels = {
        "todos": _("Todos"), "revision": _("En revisión"), "borradores": _("Con borrador"),
        "publicados": _("Publicados"), "por-vencer": _("Vencidos y por vencer"), "retirados": _("Retirados"),
    }  # fmt: skip
    return [{"key": key, "label": labels[key], "current": key == shown} for key in VIEWS]
