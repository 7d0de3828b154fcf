"""Social accounts: how they are, whether they answer, and letting one go."""

from __future__ import annotations

from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_social.domain.doorbell import ring
from channels_social.domain.queries.health import health_of, waiting_of
from channels_social.enums import AccountMode, Purpose
from channels_social.models import SocialAccount
from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.replies.domain.handing import SENTENCES
from tickets.settings.domain import accounts as verbs
from tickets.settings.forms import PurposeForm
from tickets.settings.models import AccountPolicy
from tickets.settings.published_words import hours_told
from tickets.settings.sentences import account_panel
from tickets.settings.views.frame import page

GET_POST = ("GET", "HEAD", "POST")


def origin_of(url: str) -> str:
    """Scheme, host and port of an address, as a content security policy writes them."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def may_leave_for_networks(view: Any) -> Any:
    """The form that connects ends, by redirect, at the network: browsers ask the policy for that too."""

    @wraps(view)
    def opened(request: Any, **kwargs: Any) -> HttpResponse:
        addresses = {origin_of(settings.X_AUTHORIZE_URL), origin_of(settings.FB_DIALOG_URL)}
        return csp_update({"form-action": sorted(addresses)})(view)(request, **kwargs)

    return opened


@may_leave_for_networks
@for_members(Permission.MANAGE_ACCOUNTS)
def accounts(request: Any) -> HttpResponse:
    """Every account with all that can be said of it, and the way to connect another."""
    now = clock.now()
    with timezone.override(request.org.timezone):
        panels = [account_panel(health, now) for health in health_of(request.org, now=now)]
        told = hours_told(request.org.pk)
        for panel in panels:
            panel["hours"] = told.get(panel["account"].pk)
    return page(
        request,
        "accounts.html",
        "accounts",
        panels=panels,
        can_connect={"x": bool(settings.X_CLIENT_ID), "facebook": bool(settings.FB_APP_ID)},
    )


@for_members(Permission.MANAGE_ACCOUNTS, methods=GET_POST)
def mode(request: Any, pk: int) -> HttpResponse:
    """Whether an account answers or only listens: first what that means, then done."""
    account = _account(pk)
    wanted = AccountMode.FULL if account.mode == AccountMode.READ_ONLY else AccountMode.READ_ONLY
    if request.method != "POST":
        return _ask(request, "account_mode.html", account, wanted=wanted.value)
    asked = request.POST.get("mode", "")
    if asked not in AccountMode.values:
        return _ask(request, "account_mode.html", account, status=422, wanted=wanted.value)
    if verbs.change_mode(account, mode=AccountMode(asked), by=request.member):
        transaction.on_commit(lambda: ring("net"))
    said = (
        _("%s queda en solo lectura: todo entra, nada sale.")
        if asked == AccountMode.READ_ONLY
        else _("%s recibe y responde.")
    )
    messages.success(request, said % account)
    return redirect("accounts", request.org.slug)


@for_members(Permission.MANAGE_ACCOUNTS, methods=GET_POST)
def purpose(request: Any, pk: int) -> HttpResponse:
    """Whether an account attends or is the brand's; of a brand's, whom it sends people to and how it says so."""
    account = _account(pk)
    policy = AccountPolicy.objects.filter(account=account).first()
    support = SocialAccount.objects.filter(purpose=Purpose.SUPPORT, network=account.network).exclude(pk=pk)
    form = PurposeForm(
        request.POST if request.method == "POST" else None,
        accounts=list(support),
        initial={
            "purpose": account.purpose,
            "hands_to": policy.hands_to_id if policy else None,
            "text": (policy.hand_over_text if policy else "")
            or SENTENCES[policy.voice if policy else "usted"],
        },
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        to = next((one for one in support if str(one.pk) == given["hands_to"]), None)
        verbs.change_purpose(
            account, purpose=Purpose(given["purpose"]), hands_to=to, text=given["text"], by=request.member
        )
        messages.success(request, _("Guardado: %s.") % account)
        return redirect("accounts", request.org.slug)
    status = 422 if form.errors else 200
    return page(request, "account_purpose.html", "accounts", status=status, account=account, form=form)


@for_members(Permission.MANAGE_ACCOUNTS, methods=GET_POST)
def leave(request: Any, pk: int) -> HttpResponse:
    """Let an account go: first what that means, then done."""
    account = _account(pk)
    if request.method != "POST":
        return _ask(request, "account_leave.html", account)
    verbs.disconnect(account, by=request.member)
    messages.success(request, _("%s quedó desconectada. Sus casos siguen aquí.") % account)
    return redirect("accounts", request.org.slug)


def _account(pk: int) -> SocialAccount:
    account = SocialAccount.objects.filter(pk=pk).first()
    if account is None:
        raise Http404
    return account


def _ask(request: Any, template: str, account: SocialAccount, status: int = 200, **more: Any) -> HttpResponse:
    waiting = waiting_of(request.org, account)
    return page(request, template, "accounts", status=status, account=account, waiting=waiting, **more)
