"""Ajustes, Protocolos: the list, the form with its preview, versions, publishing by somebody else."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from helpdesk import clock
from helpdesk.http import for_members
from protocols.guides.domain.planting import plant_guides
from protocols.guides.domain.publishing import NotPublishable, publish_protocol, wrongs_in
from protocols.guides.domain.queries.pages import live_motives, taken_motives
from protocols.guides.enums import DestinationKind
from protocols.guides.rules.following import states_of
from protocols.guides.rules.guide import Guide, Note, guide_of
from protocols.guides.seeds import note_of
from protocols.models import Protocol
from protocols.versions.domain import lifecycle
from tickets.areas.models import Area
from tickets.enums import CheckMeans
from tickets.settings.guide_form import changed, posted_guide, trimmed
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
from tickets.settings.guide_words import changes_in, meanwhile, wrong_sentence
from tickets.settings.queries.guides import departures_of, owners, protocol_lines, versions_of
from tickets.settings.views.frame import page

POST, GET_POST = ("POST",), ("GET", "HEAD", "POST")


@for_members(methods=GET_POST)
def protocols(request: Any) -> HttpResponse:
    """All protocols, found by name or motive; posted, those of the sector that are missing."""
    _must(may_read(request.member))
    if request.method == "POST":
        _must(may_write(request.member))
        n = plant_guides(request.org)
        messages.success(
            request, _("Se trajeron %s.") % n if n else _("No faltaba ninguno de los de su sector.")
        )
        return redirect("protocols", request.org.slug)
    words = request.GET.get("q", "").strip()
    lines = protocol_lines(request.org.pk, words, clock.now().date())
    return page(
        request, "protocols.html", "protocols", lines=lines, words=words, editable=may_write(request.member)
    )


@for_members(methods=GET_POST)
def protocol_add(request: Any) -> HttpResponse:
    """A new one, kept as a draft."""
    _must(may_write(request.member))
    if request.method != "POST":
        empty = Guide(notes=(note_of(request.org.country, request.org.sector),))
        return _shown(request, None, empty)
    return _written(request, None)


@for_members(methods=GET_POST)
def protocol(request: Any, pk: int) -> HttpResponse:
    """One protocol: read, previewed, changed by a button of its form, or saved as a draft."""
    _must(may_read(request.member))
    found = _found(pk)
    if request.method != "POST":
        past = past_version(request, found)
        return _shown(request, found, guide_of(past.document) if past else _standing(found), past=past)
    _must(may_write(request.member))
    return _written(request, found)


@for_members(methods=POST)
def protocol_life(request: Any, pk: int) -> HttpResponse:
    """Publish, discard the draft, retire, bring back or delete."""
    found = _found(pk)
    op = request.POST.get("op", "")
    _must(may_write(request.member) if op in ("discard", "drop") else may_publish(request.member))
    try:
        if op == "publish":
            version = publish_protocol(found, step=step_in(request.POST), by=request.member)
            messages.success(request, _("Publicada la versión %s.") % version.number)
        else:
            messages.success(request, take(found, op, step=step_in(request.POST), by=request.member))
    except NotPublishable as refused:
        problem = " ".join(_sentences(request.org.pk, found, refused.wrongs))
        return _shown(request, found, _standing(found), status=422, problem=problem)
    except lifecycle.Outdated as newer:
        return _shown(request, newer.page, _standing(newer.page), status=409, problem=_moved(newer.page))
    except lifecycle.NotAllowed as refused:
        return _shown(request, found, _standing(found), status=409, problem=_refusal(refused.code))
    return redirect("protocols" if op == "drop" else "protocol", *_place(request, found, op))


def _written(request: Any, found: Protocol | None) -> HttpResponse:
    guide = posted_guide(request.POST)
    if request.POST.get("preview"):
        return _shown(request, found, guide, is_touched=True)
    if "do" in request.POST:
        return _shown(request, found, changed(guide, request.POST["do"]), is_touched=True)
    guide = trimmed(guide)
    if not guide.name:
        return _shown(request, found, guide, status=422, is_touched=True, problem=_("Póngale un nombre."))
    review_on, is_date = review_in(request.POST)
    if not is_date:
        problem = _("La fecha de revisión no se entiende: escríbala como 2027-05-31.")
        return _shown(request, found, guide, status=422, is_touched=True, problem=problem)
    about: dict[str, Any] = {"owner": owner_in(request), "review_on": review_on}
    if found is None:
        made = lifecycle.begin(Protocol, request.org, _as_stored(guide), by=request.member, **about)
        messages.success(request, _("Guardado como borrador: lo publica otra persona."))
        return redirect("protocol", request.org.slug, made.pk)
    try:
        is_new = lifecycle.save_draft(
            found, _as_stored(guide), step=step_in(request.POST), by=request.member, **about
        )
    except lifecycle.Outdated as newer:
        return _shown(request, newer.page, guide, status=409, is_touched=True, problem=_moved(newer.page))
    said = (
        _("Guardado como borrador: lo publica otra persona.") if is_new else _("No había nada que guardar.")
    )
    messages.success(request, said)
    return redirect("protocol", request.org.slug, found.pk)


def _as_stored(guide: Guide) -> dict[str, Any]:
    """As JSON gives it back: so that nothing changed is seen to be nothing."""
    stored: dict[str, Any] = json.loads(json.dumps(guide.as_document()))
    return stored


def _shown(
    request: Any,
    found: Any,
    guide: Guide,
    *,
    status: int = 200,
    problem: str = "",
    is_touched: bool = False,
    past: Any = None,
) -> HttpResponse:
    member, country = request.member, request.org.country
    if all(one.country != country for one in guide.notes):
        guide = replace(guide, notes=(Note(country), *guide.notes))
    clean = trimmed(guide)
    editable = may_write(member) and past is None
    return page(
        request, "protocol.html", "protocols", status=status, problem=problem, protocol=found, guide=guide,
        is_touched=is_touched, editable=editable,
        groups=motive_groups(request.org.pk, guide.motives) if editable else [],
        motive_names=[live_motives(request.org.pk).get(key, key) for key in guide.motives],
        step=seen_step(request, found, status), past=past, changes=changes_in(found),
        wrongs=_sentences(request.org.pk, found, wrongs_in(found, clean, request.org.pk)) if editable else [],
        states=states_of(clean.steps, (), ""), clean=_named(clean, request.org.name),
        kinds=[(one.value, one.label) for one in DestinationKind], areas=_areas(request.org.pk),
        means=[(one.value, one.label) for one in CheckMeans if one != CheckMeans.SAID],
        people=owners(request.org.pk), owner=_owner(request, found), review=_review(request, found),
        authors=lifecycle.authors_of(found) if found else [], may_publish=may_publish(member),
        is_author=bool(found and member.pk in found.authors), versions=versions_of(found) if found else [],
        departures=departures_of(found) if found and editable else [],
    )  # fmt: skip


def _named(guide: Guide, name: str) -> Guide:
    """With the company's own name in its notices."""
    notes = (replace(one, privacy=one.privacy.replace("{empresa}", name)) for one in guide.notes)
    return replace(guide, notes=tuple(notes))


def _sentences(organization_id: int, found: Protocol | None, wrongs: Any) -> list[str]:
    names, taken = live_motives(organization_id), taken_motives(organization_id, but=found and found.pk)
    return [wrong_sentence(one, names, taken) for one in wrongs]


def _areas(organization_id: int) -> list[str]:
    rows = Area.objects.filter(organization_id=organization_id, is_active=True)
    return list(rows.order_by("name").values_list("name", flat=True))


def _owner(request: Any, found: Any) -> str:
    return request.POST.get("owner", str(found.owner_id or "") if found else str(request.member.pk))


def _review(request: Any, found: Any) -> str:
    return request.POST.get("review_on", str(found.review_on or "") if found else "")


def _found(pk: int) -> Protocol:
    found = Protocol.objects.select_related("version", "owner", "saved_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _standing(found: Any) -> Guide:
    return guide_of(found.draft if found.draft is not None else found.version.document)


def _moved(newer: Any) -> str:
    return meanwhile(newer.saved_by.display_name if newer.saved_by else "")


def _refusal(code: str) -> str:
    return {
        "own": _("Usted lo escribió: lo publica otra persona."),
        "in_use": _("Ya se publicó y hay casos que lo recuerdan: no se borra, se retira."),
    }.get(code, _("No hay cambios por publicar."))


def _place(request: Any, found: Protocol, op: str) -> tuple[Any, ...]:
    return (request.org.slug,) if op == "drop" else (request.org.slug, found.pk)


def _must(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied
