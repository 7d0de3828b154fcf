"""The team: who is in it, inviting, roles, access."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from channels_social.models import SocialAccount
from helpdesk import audit
from helpdesk.http import for_members
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Mode, Permission, Role
from tickets.console.push import announce_rights
from tickets.settings.domain import team as verbs
from tickets.settings.domain.rights import (
    RightsRefused,
    change_rights,
    decide,
    invite_by,
    may_decide,
    preset_rights,
    rights_of,
)
from tickets.settings.forms import InviteForm, RightsForm, RoleForm, clean_initials
from tickets.settings.models import TeamChange
from tickets.settings.views.frame import page

logger = logging.getLogger(__name__)
GET_POST, POST = ("GET", "HEAD", "POST"), ("POST",)


@for_members(Permission.MANAGE_TEAM, methods=GET_POST)
def team(request: Any) -> HttpResponse:
    """Everybody, and the form that invites one more."""
    form = InviteForm(request.POST if request.method == "POST" else None, organization=request.org)
    if request.method == "POST" and form.is_valid() and (member := _invite(request, form)):
        _write_to(request, member)
        return redirect("team", request.org.slug)
    return _team(request, form, status=422 if form.errors else 200)


def _invite(request: Any, form: InviteForm) -> Membership | None:
    given = form.cleaned_data
    try:
        with transaction.atomic():
            return invite_by(
                request.org,
                email=given["email"],
                name=given["name"],
                initials=given["initials"],
                role=given["role"],
                by=request.member,
            )
    except IntegrityError:  # somebody else invited the same person or gave the same initials meanwhile
        form.add_error("initials", _("Alguien acaba de usar esas iniciales o ese correo: mire la lista."))
        return None


def _team(request: Any, form: InviteForm, status: int = 200) -> HttpResponse:
    members = list(
        Membership.objects.filter(organization=request.org)
        .select_related("user")
        .order_by("-is_active", "display_name")
    )
    return page(
        request,
        "team.html",
        "team",
        status=status,
        form=form,
        members=members,
        active=sum(member.is_active for member in members),
    )


@for_members(Permission.MANAGE_TEAM)
def initials(request: Any) -> HttpResponse:
    """What is said under the initials while somebody types: proposed, free, or whose they are."""
    name, typed = request.GET.get("name", ""), request.GET.get("initials", "")
    context = {"field": InviteForm(organization=request.org)["initials"], "error": "", "proposed": ""}
    try:
        found = clean_initials(typed, name, request.org)
        context["proposed"] = "" if typed else found
    except ValidationError as refused:
        context["error"] = refused.messages[0] if typed else ""
    return render(request, "tickets/settings/_initials_help.html", context)


@for_members(Permission.MANAGE_TEAM, methods=GET_POST)
def member(request: Any, pk: int) -> HttpResponse:
    """One person: what they may do and whose cases they see, and changing it."""
    person = _person(pk)
    posted = request.POST if request.method == "POST" else None
    wants_all = posted is not None and posted.get("what") == "rights"
    form = RoleForm(None if wants_all else posted, initial={"role": person.role})
    rights = rights_of(person)
    each = RightsForm(posted if wants_all else None, rights=rights, accounts=_accounts(request))
    asked = each if wants_all else form
    if posted is not None and asked.is_valid():
        wanted = each.rights if wants_all else preset_rights(form.cleaned_data["role"], rights.accounts)
        try:
            change = change_rights(person, wanted, by=request.member)
        except RightsRefused as refused:
            asked.add_error(None, _why_not(refused.code))
        else:
            _say_changed(request, person, wanted.role, change)
            return redirect("team", request.org.slug)
    status = 422 if asked.errors else 200
    return page(request, "member.html", "team", status=status, person=person, form=form, rights_form=each)


def _accounts(request: Any) -> list[tuple[str, str]]:
    accounts = SocialAccount.objects.filter(organization=request.org).order_by("network", "id")
    return [(str(one.pk), str(one)) for one in accounts]


def _why_not(code: str) -> str:
    return {
        "own": _("Su propio rol lo cambia otra persona."),
        "may_not": _("Cambiar roles y permisos le corresponde a otra persona."),
        "same": _("Así está ya."),
        "gone": _("Ese cambio ya no espera: mire cómo quedó."),
    }[code]


def _say_changed(request: Any, person: Membership, role: str, change: TeamChange | None) -> None:
    organization_id, label = request.org.pk, Role(role).label.lower()
    if change is None:
        transaction.on_commit(lambda: announce_rights(organization_id))
        said = _("%(name)s ahora es %(role)s.")
    else:
        said = _("%(name)s será %(role)s cuando otra persona lo apruebe: dar más permisos es cosa de dos.")
    messages.success(request, said % {"name": person.display_name, "role": label})


@for_members()
def rights_changes(request: Any) -> HttpResponse:
    """The changes of roles and permissions that wait for a second person."""
    if not (request.member.can(Permission.MANAGE_ROLES) or request.member.can(Permission.APPROVE_REPLIES)):
        raise PermissionDenied
    waiting = TeamChange.objects.filter(state="pending").select_related("member", "asked_by").order_by("pk")
    lines = [(one, may_decide(one, request.member), _given(one)) for one in waiting]
    return page(request, "rights_changes.html", "rights_changes", lines=lines)


def _given(change: TeamChange) -> list[str]:
    """What a person would be able to do that they cannot now, and how."""
    before = rights_of(change.member)
    lines = []
    for permission in Permission:
        held = "yes" if permission in change.permissions else "no"
        mode = Mode(change.modes.get(permission.value, held))
        if mode != before.modes[permission.value]:
            lines.append(f"{permission.label}: {mode.label}")
    return lines


@for_members(methods=POST)
def rights_change(request: Any, pk: int) -> HttpResponse:
    """Approve or refuse a change that somebody else asked for, about somebody else."""
    if not (request.member.can(Permission.MANAGE_ROLES) or request.member.can(Permission.APPROVE_REPLIES)):
        raise PermissionDenied
    change = TeamChange.objects.filter(pk=pk).select_related("member").first()
    if change is None:
        raise Http404
    try:
        decide(change, approve=request.POST.get("decision") == "approve", by=request.member)
    except RightsRefused as refused:
        if refused.code == "may_not":
            raise PermissionDenied from None
        messages.error(request, _why_not(refused.code))
    else:
        organization_id = request.org.pk
        transaction.on_commit(lambda: announce_rights(organization_id))
        messages.success(request, _("Hecho: quedó en la bitácora con las dos personas."))
    return redirect("rights_changes", request.org.slug)


@for_members(Permission.MANAGE_TEAM, methods=POST)
def access(request: Any, pk: int) -> HttpResponse:
    """Take somebody's access away, or give it back."""
    person, lets_in = _person(pk), request.POST.get("active") == "1"
    if person.pk == request.member.pk:
        messages.error(request, _("Su propio acceso lo cambia otra persona."))
    elif verbs.set_access(person, is_active=lets_in, by=request.member):
        organization_id = request.org.pk
        transaction.on_commit(lambda: announce_rights(organization_id))
        said = _("%s puede entrar otra vez.") if lets_in else _("%s ya no puede entrar. Lo que firmó queda.")
        messages.success(request, said % person.display_name)
    return redirect("team", request.org.slug)


@for_members(Permission.MANAGE_TEAM, methods=POST)
def invite_again(request: Any, pk: int) -> HttpResponse:
    """Send the invitation once more."""
    person = _person(pk)
    if person.is_active:
        audit.record(request.org.pk, "member.invited_again", actor_id=request.member.pk, member=person.pk)
        _write_to(request, person)
    return redirect("team", request.org.slug)


def _person(pk: int) -> Membership:
    person = Membership.objects.select_related("user").filter(pk=pk).first()
    if person is None:
        raise Http404
    return person


def _write_to(request: Any, person: Membership) -> None:
    """The mail goes once everything is stored; if it does not leave, the admin is told."""

    def send() -> None:
        try:
            verbs.send_invitation(person, request.org, by=request.member)
        except OSError as error:
            logger.warning("an invitation did not leave: %s", type(error).__name__)
            messages.error(
                request,
                _("%s está en el equipo, pero el correo no salió. Vuelva a enviarlo en un rato.")
                % person.display_name,
            )
        else:
            messages.success(request, _("Invitación enviada a %s.") % person.user.email)

    transaction.on_commit(send)
