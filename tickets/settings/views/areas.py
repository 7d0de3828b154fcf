"""Areas: who is asked by mail, and how much time each is given."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from channels_social.enums import AccountState, Network
from channels_social.models import SocialAccount
from helpdesk.http import for_members
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.areas.models import Area, AreaMember
from tickets.settings.area_forms import AreaForm
from tickets.settings.domain.areas import save_area, switch_area
from tickets.settings.queries.areas import areas_of
from tickets.settings.views.frame import page

GET_POST = ("GET", "HEAD", "POST")


@for_members(Permission.MANAGE_TEAM, methods=GET_POST)
def areas(request: Any) -> HttpResponse:
    """All areas with what they owe, and the form for another one."""
    form = AreaForm(request.POST or None, organization=request.org)
    if request.method == "POST" and form.is_valid():
        area = save_area(_filled(Area(), form), members=_members(form), by=request.member)
        messages.success(request, _("%s ya se puede consultar desde un caso.") % area.name)
        return redirect("areas", request.org.slug)
    return page(
        request,
        "areas.html",
        "areas",
        status=422 if request.method == "POST" else 200,
        form=form,
        lines=areas_of(request.org.pk),
        has_mail=_has_mail(request.org.pk),
    )


@for_members(Permission.MANAGE_TEAM, methods=GET_POST)
def area(request: Any, pk: int) -> HttpResponse:
    """One area: change it, or let it rest."""
    found = Area.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    if request.method == "POST" and "active" in request.POST:
        switch_area(found, is_active=request.POST["active"] == "1", by=request.member)
        messages.success(request, _("Guardado."))
        return redirect("areas", request.org.slug)
    form = AreaForm(
        request.POST if request.method == "POST" else None,
        organization=request.org,
        area=found,
        initial=_initial(found),
    )
    if request.method == "POST" and form.is_valid():
        save_area(_filled(found, form), members=_members(form), by=request.member)
        messages.success(request, _("Guardado."))
        return redirect("areas", request.org.slug)
    status = 422 if request.method == "POST" else 200
    return page(request, "area.html", "areas", status=status, form=form, area=found)


def _has_mail(organization_id: int) -> bool:
    return (
        SocialAccount.objects.filter(
            organization_id=organization_id, network=Network.EMAIL, credentials__isnull=False
        )
        .exclude(state=AccountState.DISCONNECTED)
        .exists()
    )


def _filled(area: Area, form: AreaForm) -> Area:
    told = form.cleaned_data
    area.name, area.address = told["name"], told["address"]
    area.target_percent, area.remind_percent = told["target_percent"], told["remind_percent"]
    area.target_minutes = told["target_hours"] * 60
    return area


def _members(form: AreaForm) -> list[Membership]:
    return list(
        Membership.objects.filter(organization=form.organization, pk__in=form.cleaned_data["members"])
    )


def _initial(area: Area) -> dict[str, Any]:
    members = AreaMember.objects.filter(organization_id=area.organization_id, area=area)
    return {
        "name": area.name,
        "address": area.address,
        "target_percent": area.target_percent,
        "target_hours": max(1, area.target_minutes // 60),
        "remind_percent": area.remind_percent,
        "members": [str(pk) for pk in members.values_list("member_id", flat=True)],
    }
