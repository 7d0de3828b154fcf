"""Ajustes, Plantillas: the list with how often each is used, the form with its preview, publishing by somebody else."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.http import for_members
from protocols.answers.domain.publishing import NotPublishable, publish_template
from protocols.answers.rules.variables import VARIABLES
from protocols.answers.rules.wording import Wording, wording_of, wrongs_of
from protocols.guides.domain.queries.pages import live_motives
from protocols.models import AnswerTemplate
from protocols.versions.domain import lifecycle
from tickets.settings.guide_form import posted_wording
from tickets.settings.guide_rights import may_publish, may_read, may_write
from tickets.settings.guide_steps import (
    motive_groups,
    owner_in,
    past_version,
    review_in,
    seen_step,
    step_in,
    take,
)
from tickets.settings.guide_words import changes_in, meanwhile, wording_sentence
from tickets.settings.queries.guides import owners, template_lines, versions_of
from tickets.settings.views.frame import page
from tickets.settings.wording_preview import preview_of

POST, GET_POST = ("POST",), ("GET", "HEAD", "POST")
VOICES = (("usted", "usted"), ("tu", "tú"), ("vos", "vos"))


@for_members()
def answer_templates(request: Any) -> HttpResponse:
    """All templates, found by name or motive, with their uses."""
    _must(may_read(request.member))
    words = request.GET.get("q", "").strip()
    lines = template_lines(request.org.pk, words, clock.now().date())
    editable = may_write(request.member)
    return page(
        request, "answer_templates.html", "answer_templates", lines=lines, words=words, editable=editable
    )


@for_members(methods=GET_POST)
def answer_template_add(request: Any) -> HttpResponse:
    """A new one, kept as a draft."""
    _must(may_write(request.member))
    return _written(request, None) if request.method == "POST" else _shown(request, None, Wording())


@for_members(methods=GET_POST)
def answer_template(request: Any, pk: int) -> HttpResponse:
    """One template: read, previewed with a real case, or saved as a draft."""
    _must(may_read(request.member))
    found = _found(pk)
    if request.method != "POST":
        past = past_version(request, found)
        return _shown(request, found, wording_of(past.document) if past else _standing(found), past=past)
    _must(may_write(request.member))
    return _written(request, found)


@for_members(methods=POST)
def answer_template_life(request: Any, pk: int) -> HttpResponse:
    """Publish, discard the draft, retire, bring back or delete."""
    found, op = _found(pk), request.POST.get("op", "")
    _must(may_write(request.member) if op in ("discard", "drop") else may_publish(request.member))
    step = step_in(request.POST)
    try:
        if op == "publish":
            version = publish_template(found, step=step, by=request.member)
            messages.success(request, _("Publicada la versión %s.") % version.number)
        else:
            messages.success(request, take(found, op, step=step, by=request.member))
    except NotPublishable as refused:
        problem = " ".join(wording_sentence(one) for one in refused.wrongs)
        return _shown(request, found, _standing(found), status=422, problem=problem)
    except lifecycle.Outdated as newer:
        return _shown(request, newer.page, _standing(newer.page), status=409, problem=_moved(newer.page))
    except lifecycle.NotAllowed as refused:
        return _shown(request, found, _standing(found), status=409, problem=_refusal(refused.code))
    if op == "drop":
        return redirect("answer_templates", request.org.slug)
    return redirect("answer_template", request.org.slug, found.pk)


def _written(request: Any, found: AnswerTemplate | None) -> HttpResponse:
    wording = posted_wording(request.POST)
    if request.POST.get("preview"):
        return _shown(request, found, wording, is_touched=True)
    review_on, is_date = review_in(request.POST)
    wrongs = [wording_sentence(one) for one in wrongs_of(wording)]
    if not is_date:
        wrongs.append(_("La fecha de revisión no se entiende: escríbala como 2027-05-31."))
    if wrongs:
        return _shown(request, found, wording, status=422, is_touched=True, problem=" ".join(wrongs))
    about: dict[str, Any] = {"owner": owner_in(request), "review_on": review_on, "by": request.member}
    if found is None:
        made = lifecycle.begin(AnswerTemplate, request.org, wording.as_document(), **about)
        messages.success(request, _("Guardado como borrador: lo publica otra persona."))
        return redirect("answer_template", request.org.slug, made.pk)
    try:
        is_new = lifecycle.save_draft(found, wording.as_document(), step=step_in(request.POST), **about)
    except lifecycle.Outdated as newer:
        return _shown(request, newer.page, wording, status=409, is_touched=True, problem=_moved(newer.page))
    said = (
        _("Guardado como borrador: lo publica otra persona.") if is_new else _("No había nada que guardar.")
    )
    messages.success(request, said)
    return redirect("answer_template", request.org.slug, found.pk)


def _shown(
    request: Any,
    found: Any,
    wording: Wording,
    *,
    status: int = 200,
    problem: str = "",
    is_touched: bool = False,
    past: Any = None,
) -> HttpResponse:
    member, names = request.member, live_motives(request.org.pk)
    editable = may_write(member) and past is None
    return page(
        request, "answer_template.html", "answer_templates", status=status, problem=problem, found=found,
        wording=wording, is_touched=is_touched, editable=editable, past=past, changes=changes_in(found),
        groups=motive_groups(request.org.pk, wording.motives) if editable else [],
        motive_names=[names.get(key, key) for key in wording.motives], step=seen_step(request, found, status),
        wrongs=[wording_sentence(one) for one in wrongs_of(wording)] if editable else [],
        texts=[(key, name, wording.texts.get(key, "")) for key, name in VOICES], variables=VARIABLES,
        preview=preview_of(request, wording), people=owners(request.org.pk),
        owner=request.POST.get("owner", str(found.owner_id or "") if found else str(member.pk)),
        review=request.POST.get("review_on", str(found.review_on or "") if found else ""),
        authors=lifecycle.authors_of(found) if found else [], may_publish=may_publish(member),
        is_author=bool(found and member.pk in found.authors), versions=versions_of(found) if found else [],
    )  # fmt: skip


def _found(pk: int) -> AnswerTemplate:
    found = AnswerTemplate.objects.select_related("version", "owner", "saved_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _standing(found: Any) -> Wording:
    return wording_of(found.draft if found.draft is not None else found.version.document)


def _moved(newer: Any) -> str:
    return meanwhile(newer.saved_by.display_name if newer.saved_by else "")


def _refusal(code: str) -> str:
    return {
        "own": _("Usted lo escribió: lo publica otra persona."),
        "in_use": _("Ya se publicó y hay respuestas que la recuerdan: no se borra, se retira."),
    }.get(code, _("No hay cambios por publicar."))


def _must(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied
