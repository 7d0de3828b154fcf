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
from helpdesk.http import for_members, holds
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Mode, Permission, Role
from tickets.console.push import announce_rights
from tickets.replies.domain.approving import approved_unchanged
from tickets.settings.domain import team as verbs
from tickets.settings.domain.people import spans_of
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
from tickets.settings.people_forms import ShiftsForm, TrainingForm
from tickets.settings.queries.team import line_of, lines_of
from tickets.settings.views.frame import page
from tickets.team.domain.inviting import issue
from tickets.team.links import url_of
from tickets.team.rules.approval import PROPOSED_AFTER

logger = logging.getLogger(__name__)
GET_POST, POST = ("GET", "HEAD", "POST"), ("POST",)


@for_members(methods=GET_POST)
def team(request: Any) -> HttpResponse:
    """Everybody, and the form that invites one more."""
    _may_look(request)
    if request.method == "POST" and not request.member.can(Permission.MANAGE_TEAM):
        raise PermissionDenied
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
    lines = lines_of(request.org)
    return page(
        request,
        "team.html",
        "team",
        status=status,
        form=form if request.member.can(Permission.MANAGE_TEAM) else None,
        lines=lines,
        active=sum(line.member.is_active for line in lines),
    )


def _may_look(request: Any) -> None:
    """The team is for who invites, and for who gives shifts and trains."""
    if not any(holds(request.member, one, "GET") for one in (Permission.MANAGE_TEAM, Permission.MANAGE_DUTY)):
        raise PermissionDenied


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


@for_members(methods=GET_POST)
def member(request: Any, pk: int) -> HttpResponse:
    """One person: what they may do, whose cases they see, when they work; and changing their rights."""
    _may_look(request)
    person = person_of(pk)
    if request.method != "POST":
        return person_page(request, person)
    if not request.member.can(Permission.MANAGE_TEAM):
        raise PermissionDenied
    wants_all = request.POST.get("what") == "rights"
    rights = rights_of(person)
    form = RoleForm(None if wants_all else request.POST, initial={"role": person.role})
    each = RightsForm(request.POST if wants_all else None, rights=rights, accounts=_accounts(request))
    asked = each if wants_all else form
    if asked.is_valid():
        wanted = each.rights if wants_all else preset_rights(form.cleaned_data["role"], rights.accounts)
        try:
            change = change_rights(person, wanted, by=request.member)
        except RightsRefused as refused:
            asked.add_error(None, _why_not(refused.code))
        else:
            _say_changed(request, person, wanted.role, change)
            return redirect("team", request.org.slug)
    return person_page(request, person, form=form, rights_form=each)


def person_page(request: Any, person: Membership, **forms: Any) -> HttpResponse:
    """The page of one person; 422 when one of ``forms`` has a mistake."""
    rights, mates = rights_of(person), list(Membership.objects.filter(organization=request.org))
    status = 422 if any(form.errors for form in forms.values()) else 200
    context = {
        "form": RoleForm(initial={"role": person.role}),
        "rights_form": RightsForm(None, rights=rights, accounts=_accounts(request)),
        "shifts_form": ShiftsForm(spans=spans_of(person)),
        "training_form": TrainingForm(person=person, mates=mates),
    } | forms
    return page(
        request, "member.html", "team", status=status, person=person,
        line=line_of(request.org, person), unchanged=approved_unchanged(person), proposed_after=PROPOSED_AFTER,
        heirs=[one for one in mates if one.is_active and one.pk != person.pk and one.can(Permission.SEE_CASES)],
        may_team=request.member.can(Permission.MANAGE_TEAM), may_duty=request.member.can(Permission.MANAGE_DUTY),
        **context,
    )  # fmt: skip


def _accounts(request: Any) -> list[tuple[str, str]]:
    accounts = SocialAccount.objects.filter(organization=request.org).order_by("network", "id")
    return [(str(one.pk), f"{one} · {one.get_network_display()}") for one in accounts]


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
def invite_again(request: Any, pk: int) -> HttpResponse:
    """Send the invitation once more."""
    person = person_of(pk)
    if person.is_active:
        audit.record(request.org.pk, "member.invited_again", actor_id=request.member.pk, member=person.pk)
        _write_to(request, person)
    return redirect("team", request.org.slug)


def person_of(pk: int) -> Membership:
    """A colleague, also a former one; 404 for nobody."""
    person = Membership.objects.select_related("user").filter(pk=pk).first()
    if person is None:
        raise Http404
    return person


def _write_to(request: Any, person: Membership) -> None:
    """The mail goes once everything is stored; if it does not leave, the admin is told."""
    url = url_of(issue(person, by=request.member))

    def send() -> None:
        try:
            verbs.send_invitation(person, request.org, url=url, by=request.member)
        except OSError as error:
            logger.warning("an invitation did not leave: %s", type(error).__name__)
            messages.error(
                request,
                _("%s está en el equipo, pero el correo no salió. Vuelva a enviarlo en un rato.")
                % person.display_name,
            )
        else:
            said = _("Invitación enviada a %s.") % person.user.email
            if TeamChange.objects.filter(member=person, decided_at=None).exists():
                said = _("%s Su rol vale cuando otra persona lo apruebe, en «Cambios por aprobar».") % said
            messages.success(request, said)

    transaction.on_commit(send)
