"""One person: shifts, training, leaving, the invitation; and one's own picture."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.http import for_members
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.console.push import announce_after, announce_rights
from tickets.settings.domain import people as verbs
from tickets.settings.domain import team as team_verbs
from tickets.settings.forms import LanguageForm
from tickets.settings.people_forms import ShiftsForm, TrainingForm, photo_sentence
from tickets.settings.views import general
from tickets.settings.views.team import person_of, person_page
from tickets.team.domain.inviting import revoke
from tickets.team.rules.photos import MOST_BYTES, BadPhoto

POST = ("POST",)


@for_members(Permission.MANAGE_DUTY, methods=POST)
def shifts(request: Any, pk: int) -> HttpResponse:
    """When a person works."""
    person = person_of(pk)
    form = ShiftsForm(request.POST, spans=verbs.spans_of(person))
    if not form.is_valid():
        return person_page(request, person, shifts_form=form)
    if verbs.set_shifts(person, form.spans, by=request.member):
        messages.success(request, _("Guardado: el turno de %s.") % person.display_name)
    return redirect("member", request.org.slug, pk)


@for_members(Permission.MANAGE_DUTY, methods=POST)
def training(request: Any, pk: int) -> HttpResponse:
    """What a person was trained for, and who looks first at what they write."""
    person = person_of(pk)
    if person.pk == request.member.pk:
        raise PermissionDenied
    form = TrainingForm(request.POST, person=person, mates=list(Membership.objects.all()))
    if not form.is_valid():
        return person_page(request, person, training_form=form)
    if verbs.set_training(person, form.training, supervisor=form.first_approver, by=request.member):
        messages.success(request, _("Guardado: la capacitación de %s.") % person.display_name)
    return redirect("member", request.org.slug, pk)


@for_members(Permission.MANAGE_TEAM, methods=POST)
def access(request: Any, pk: int) -> HttpResponse:
    """Take somebody's access away and give their cases on, or let them in again."""
    person, lets_in = person_of(pk), request.POST.get("active") == "1"
    if person.pk == request.member.pk:
        messages.error(request, _("Su propio acceso lo cambia otra persona."))
        return redirect("team", request.org.slug)
    to = _colleague(request.POST.get("cases_to", ""), person)
    moved = team_verbs.set_access(person, is_active=lets_in, by=request.member, cases_to=to)
    if moved is not None:
        organization_id = request.org.pk
        request.afterwards.append(lambda: announce_rights(organization_id))
        announce_after(request, moved)
        messages.success(
            request,
            _left(person, moved, to) if not lets_in else _("%s puede entrar otra vez.") % person.display_name,
        )
    return redirect("team", request.org.slug)


def _colleague(asked: str, person: Membership) -> Membership | None:
    """Who takes over: somebody who is there and sees cases."""
    if not asked:
        return None
    found = (
        Membership.objects.filter(pk=asked, is_active=True).exclude(pk=person.pk).first()
        if asked.isdecimal()
        else None
    )
    if found is None or not found.can(Permission.SEE_CASES):
        raise Http404
    return found


def _left(person: Membership, moved: list[int], to: Membership | None) -> str:
    said = _("%s ya no puede entrar. Lo que firmó queda.") % person.display_name
    if not moved:
        return said
    where = to.display_name if to else _("la cola de todos")
    more = ngettext(
        "%(n)s caso abierto pasó a %(where)s.", "%(n)s casos abiertos pasaron a %(where)s.", len(moved)
    )
    return f"{said} {more % {'n': len(moved), 'where': where}}"


@for_members(Permission.MANAGE_TEAM, methods=POST)
def take_back(request: Any, pk: int) -> HttpResponse:
    """The invitation opens nothing any more."""
    person = person_of(pk)
    if person.pk != request.member.pk and revoke(person, by=request.member):
        organization_id = request.org.pk
        request.afterwards.append(lambda: announce_rights(organization_id))
        messages.success(request, _("La invitación de %s ya no abre nada.") % person.display_name)
    else:
        messages.error(request, _("Esa invitación ya se usó o ya se había retirado: mire la lista."))
    return redirect("team", request.org.slug)


@for_members(methods=POST)
def photo(request: Any) -> HttpResponse:
    """One's own picture: set, dropped, shown to customers or not."""
    what, file = request.POST.get("what", ""), request.FILES.get("photo")
    if what in ("publish", "unpublish"):
        if verbs.publish_photo(request.member, yes=what == "publish"):
            messages.success(request, _("Guardado."))
    elif what == "drop":
        verbs.drop_photo(request.member, by=request.member)
        messages.success(request, _("Su foto ya no está."))
    elif file is None:
        return _again(request, _("Elija una foto."))
    else:
        try:
            verbs.set_photo(request.member, file.read(MOST_BYTES + 1))
        except BadPhoto as bad:
            return _again(request, photo_sentence(bad.code))
        messages.success(request, _("Su foto está guardada. La ven sus colegas."))
    return redirect("profile", request.org.slug)


def _again(request: Any, error: str) -> HttpResponse:
    form = LanguageForm(initial={"language": request.LANGUAGE_CODE})
    return general.profile_page(request, form, status=422, photo_error=error)
