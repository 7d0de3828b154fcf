"""The team: who is in it, inviting, roles, access."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from helpdesk import audit
from helpdesk.http import for_members
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission, Role
from tickets.settings.domain import team as verbs
from tickets.settings.domain.organization import invite
from tickets.settings.forms import InviteForm, RoleForm, clean_initials
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
            return invite(
                request.org,
                email=given["email"],
                name=given["name"],
                initials=given["initials"],
                role=given["role"],
                actor_id=request.member.pk,
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
    """One person: what they may do, and changing it."""
    person = _person(pk)
    form = RoleForm(request.POST if request.method == "POST" else None, initial={"role": person.role})
    if request.method != "POST":
        return page(request, "member.html", "team", person=person, form=form)
    if person.pk == request.member.pk:
        form.add_error(None, _("Su propio rol lo cambia otra persona."))
    if not form.is_valid():
        return page(request, "member.html", "team", status=422, person=person, form=form)
    if verbs.change_role(person, role=Role(form.cleaned_data["role"]), by=request.member):
        label = Role(form.cleaned_data["role"]).label
        messages.success(
            request, _("%(name)s ahora es %(role)s.") % {"name": person.display_name, "role": label.lower()}
        )
    return redirect("team", request.org.slug)


@for_members(Permission.MANAGE_TEAM, methods=POST)
def access(request: Any, pk: int) -> HttpResponse:
    """Take somebody's access away, or give it back."""
    person, lets_in = _person(pk), request.POST.get("active") == "1"
    if person.pk == request.member.pk:
        messages.error(request, _("Su propio acceso lo cambia otra persona."))
    elif verbs.set_access(person, is_active=lets_in, by=request.member):
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
