"""The organization's own log-in: its provider, whom it lets in, and the second person who approves it."""

from __future__ import annotations

from typing import Any

import requests
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from helpdesk.tenancy.provider import discover
from helpdesk.tenancy.sign_on import SignOn
from helpdesk.tenancy.sign_on_words import of_address
from tickets.console.push import announce_rights
from tickets.settings.domain import sign_on as verbs
from tickets.settings.domain.rights import RightsRefused
from tickets.settings.forms import SignOnForm
from tickets.settings.views.frame import page


@for_members(methods=("GET", "HEAD", "POST"))
def sign_on_settings(request: Any) -> HttpResponse:
    """The provider as it is, and changing it. It is asked who it is before anything is kept."""
    may_edit = request.member.can(Permission.MANAGE_ROLES)
    row = SignOn.objects.select_related("edited_by").filter(organization=request.org).first()
    if not may_edit and not (row is not None and verbs.may_approve(row, request.member)):
        raise PermissionDenied
    if request.method == "POST" and not may_edit:
        raise PermissionDenied
    form = SignOnForm(request.POST if request.method == "POST" else None, row=row)
    if request.method == "POST" and form.is_valid():
        wanted = form.wanted
        try:
            config = discover(wanted.issuer)
        except (OAuth2Error, requests.RequestException) as error:
            form.add_error("issuer", of_address(error))
        else:
            verbs.save(
                request.org, wanted, authorize_endpoint=config["authorization_endpoint"], by=request.member
            )
            messages.success(request, _("Guardado. Funciona cuando otra persona lo apruebe."))
            return redirect("sign_on_settings", request.org.slug)
    return page(
        request,
        "sign_on.html",
        "sign_on_settings",
        status=422 if form.errors else 200,
        form=form,
        row=row,
        may_edit=may_edit,
        may_approve=row is not None and not row.is_live and verbs.may_approve(row, request.member),
        callback=settings.BASE_URL + reverse("openid_connect_callback", args=[request.org.slug]),
        logout=settings.BASE_URL + reverse("back_channel_logout", args=[request.org.slug]),
    )


@for_members(methods=("POST",))
def sign_on_decide(request: Any) -> HttpResponse:
    """Approve what somebody else edited, or switch it off."""
    may_edit = request.member.can(Permission.MANAGE_ROLES)
    if not (may_edit or request.member.can(Permission.APPROVE_REPLIES)):
        raise PermissionDenied
    row = SignOn.objects.filter(organization=request.org).first()
    if row is None:
        raise Http404
    if request.POST.get("decision") == "stop":
        if not may_edit:
            raise PermissionDenied
        verbs.stop(row, by=request.member)
        organization_id = request.org.pk
        transaction.on_commit(lambda: announce_rights(organization_id))
        messages.success(request, _("Apagada: desde ahora solo se entra con contraseña."))
        return redirect("sign_on_settings", request.org.slug)
    try:
        verbs.approve(row, seen=request.POST.get("seen", ""), by=request.member)
    except RightsRefused as refused:
        if refused.code != "gone":
            raise PermissionDenied from None
        messages.error(request, _("Cambió mientras la leía: mírela otra vez."))
    else:
        messages.success(request, _("Aprobada: ya se puede entrar así."))
    return redirect("sign_on_settings", request.org.slug)
