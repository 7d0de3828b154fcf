"""The index and one's own profile."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _

from channels_social.enums import AccountState, Purpose
from channels_social.models import SocialAccount
from helpdesk.http import for_members, holds
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Mode, Permission
from tickets.settings.forms import LanguageForm
from tickets.settings.queries.entries import counts_of
from tickets.settings.tree_page import tree_fact
from tickets.settings.views.frame import page

YEAR_S = 365 * 86_400


@for_members()
def index(request: Any) -> HttpResponse:
    """What can be set; only one's own profile for who sets nothing."""
    sets = any(
        holds(request.member, one, "GET") for one in (Permission.MANAGE_ACCOUNTS, Permission.MANAGE_TEAM)
    )
    reads = request.member.can(Permission.SEE_AUDIT) and request.member.mode(Permission.SEE_AUDIT) != Mode.OWN
    if not (sets or reads):
        return profile_page(request, LanguageForm(initial={"language": translation.get_language()}))
    return page(request, "index.html", "settings", facts=_facts(request))


def _facts(request: Any) -> dict[str, str]:
    """One true sentence per room, for who may open it."""
    facts = {}
    if request.member.can(Permission.MANAGE_ACCOUNTS):
        accounts = list(
            SocialAccount.objects.filter(organization=request.org).exclude(purpose=Purpose.BY_HAND)
        )
        live = sum(account.state == AccountState.LIVE for account in accounts)
        facts["accounts"] = _("%(live)s de %(all)s en vivo") % {"live": live, "all": len(accounts)}
        held = counts_of(request.org)["quarantined"]
        number = _("más de 1.000") if held.is_more else str(held.number)
        facts["entries"] = _("%s en cuarentena") % number if held.number else _("Nada en cuarentena")
    if fact := tree_fact(request):
        facts["tree"] = fact
    if request.member.can(Permission.MANAGE_TEAM):
        count = Membership.objects.filter(organization=request.org, is_active=True).count()
        facts["team"] = _("%s personas") % count
    return facts


@for_members(methods=("GET", "HEAD", "POST"))
def profile(request: Any) -> HttpResponse:
    """One's own language; links to password and second factor."""
    if request.method != "POST":
        return profile_page(request, LanguageForm(initial={"language": translation.get_language()}))
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return profile_page(request, form, status=422)
    language = form.cleaned_data["language"]
    request.user.language = language
    request.user.save(update_fields=["language"])
    translation.activate(language)
    messages.success(request, _("Guardado."))
    response = redirect("profile", request.org.slug)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR_S,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def profile_page(request: Any, form: LanguageForm, status: int = 200, **more: Any) -> HttpResponse:
    """One's own page."""
    return page(request, "profile.html", "profile", status=status, form=form, **more)
