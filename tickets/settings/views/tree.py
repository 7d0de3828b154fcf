"""The typification tree: looked at by who works with it, changed and published by an admin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from protocols.guides.domain.planting import plant_guides
from protocols.typification.domain.editing import Crossed, Draft, Step, discard, draft_of, take_step
from protocols.typification.domain.publishing import NotPublishable, StaleDraft, plant, publish
from protocols.typification.rules.edits import EditRefused
from protocols.typification.rules.tree import AXES, MOTIVE, Node
from protocols.typification.seeds import SECTORS
from tickets.settings.tree_forms import NodeForm
from tickets.settings.tree_page import may_read, names_of, tree_context, used
from tickets.settings.tree_words import refused_sentence, step_sentence, used_sentence, wrong_sentence
from tickets.settings.views.frame import page

POST, GET_POST = ("POST",), ("GET", "HEAD", "POST")
# What a step is told by, besides its name.
GIVEN = ("key", "into", "parent", "before", "axis")


@for_members()
def tree(request: Any) -> HttpResponse:
    """One axis of the tree, its draft and its versions."""
    if not may_read(request.member):
        raise PermissionDenied
    return _tree(request, request.GET.get("eje", MOTIVE))


@for_members(Permission.MANAGE_TIME, methods=POST)
def edit(request: Any) -> HttpResponse:
    """One step of the draft: add, move, retire, restore or merge."""
    axis, op = request.POST.get("eje", MOTIVE), request.POST.get("op", "")
    given = {name: request.POST[name] for name in GIVEN if request.POST.get(name)}
    if op == "add":
        given["name"] = request.POST.get("name", "")
    try:
        others = take_step(request.org, op, seen=_seen(request), by=request.member, **given)
    except EditRefused as refused:
        return _tree(request, axis, status=422, problem=refused_sentence(refused.code, refused.detail))
    except Crossed as crossed:
        again = {"op": op, **given}
        return _tree(request, axis, status=409, problem=_crossed(request, crossed), again=again)
    return _stepped(request, axis, others)


@for_members(Permission.MANAGE_TIME, methods=POST)
def version(request: Any) -> HttpResponse:
    """Publish the draft as it was seen, throw it away, or begin with the tree of a sector."""
    op, axis = request.POST.get("op", ""), request.POST.get("eje", MOTIVE)
    if op == "plant" and request.POST.get("sector") in (*SECTORS, "other"):
        plant(request.org, sector=request.POST["sector"], by=request.member)
        plant_guides(request.org, sector=request.POST["sector"])
        return _to(request, axis)
    if draft_of(request.org) is None:
        raise Http404
    if op == "discard":
        if not discard(request.org, seen=_seen(request), by=request.member):
            return _tree(request, axis, status=409, problem=_("Alguien cambió el borrador: mire cómo quedó."))
        messages.success(request, _("El borrador volvió a la última versión."))
        return _to(request, axis)
    try:
        number = publish(request.org, step=_seen(request), by=request.member).number
    except StaleDraft as stale:
        return _tree(request, axis, status=409, problem=_stale(request, stale.steps))
    except NotPublishable as refused:
        return _tree(
            request, axis, status=422, problem=" ".join(wrong_sentence(one) for one in refused.wrongs)
        )
    messages.success(request, _("Versión %s publicada: desde ahora se clasifica con ella.") % number)
    return _to(request, axis)


@for_members(Permission.MANAGE_TIME, methods=GET_POST)
def node(request: Any, key: str) -> HttpResponse:
    """Everything about one name; ``con`` asks whether to merge it with another."""
    draft = draft_of(request.org)
    found = draft.tree.get(key) if draft else None
    if draft is None or found is None:
        raise Http404
    if request.method != "POST":
        return _node(request, draft, found, NodeForm(node=found, tree=draft.tree))
    form = NodeForm(request.POST, node=found, tree=draft.tree)
    if not form.is_valid():
        return _node(request, draft, found, form, status=422)
    try:
        others = take_step(
            request.org, "change", key=key, seen=_seen(request), by=request.member, **form.cleaned_data
        )
    except EditRefused as refused:
        form.add_error("name", refused_sentence(refused.code, refused.detail))
        return _node(request, draft, found, form, status=422)
    except Crossed as crossed:
        return _node(request, draft, found, form, status=409, problem=_crossed(request, crossed))
    _tell(request, others)
    return _to(request, found.axis)


def _tree(request: Any, axis: str, *, status: int = 200, **more: Any) -> HttpResponse:
    axis = axis if axis in AXES else MOTIVE
    context = tree_context(request.org, request.member, axis)
    context["sectors"] = [*SECTORS, "other"]
    return page(request, "tree.html", "tree", status=status, **context, **more)


def _node(
    request: Any, draft: Draft, found: Node, form: NodeForm, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    into = draft.tree.get(request.GET.get("con", ""))
    return page(
        request,
        "tree_node.html",
        "tree",
        status=status,
        draft=draft,
        node=found,
        form=form,
        problem=problem,
        used=used_sentence(used(draft, request.org, found.key)),
        into=into if into and into.key != found.key else None,
        asks_to_retire="retirar" in request.GET,
        others=[one for one in draft.tree.live(found.axis) if one.key != found.key],
    )


def _stepped(request: Any, axis: str, others: list[Step]) -> HttpResponse:
    if request.htmx:
        return _tree(request, axis, notice=_meanwhile(request, others))
    _tell(request, others)
    return _to(request, axis)


def _tell(request: Any, others: list[Step]) -> None:
    messages.success(request, _meanwhile(request, others) or _("Guardado en el borrador."))


def _meanwhile(request: Any, others: list[Step]) -> str:
    """What colleagues did while the page was open: both are kept."""
    if not others:
        return ""
    people = names_of(request.org)
    done = "; ".join(step_sentence(step, people) for step in others[-3:])
    return _("Guardado. Mientras tanto, %s. Quedaron los dos cambios.") % done


def _crossed(request: Any, crossed: Crossed) -> str:
    done = step_sentence(crossed.step, names_of(request.org))
    return (
        _("%s después de que usted abrió la página. Su cambio no se hizo y está aquí: revíselo y repítalo.")
        % done
    )


def _stale(request: Any, steps: list[Step]) -> str:
    people = names_of(request.org)
    done = "; ".join(step_sentence(step, people) for step in steps[-3:]) or _("alguien cambió el borrador")
    return _("No se publicó: mientras tanto, %s. Mire el árbol y vuelva a publicar.") % done


def _seen(request: Any) -> int:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 10 else -1


def _to(request: Any, axis: str) -> HttpResponse:
    return redirect(f"{reverse('tree', args=[request.org.slug])}?eje={axis if axis in AXES else MOTIVE}")
