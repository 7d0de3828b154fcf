"""A support address: typed, tried, connected. Speaking with servers happens between two transactions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from channels_social.domain.accounts import connect_account, credentials_of
from channels_social.domain.doorbell import ring
from channels_social.enums import AccountMode, Network
from channels_social.models import SocialAccount
from helpdesk.http import for_members
from helpdesk.secrets.crypto import CannotOpen
from helpdesk.tenancy.permissions import Permission
from tickets.settings.domain.accounts import show_everywhere
from tickets.settings.domain.connecting import voice_of
from tickets.settings.domain.mailboxes import Trial, probe
from tickets.settings.domain.organization import give_policy
from tickets.settings.mailbox_forms import MailboxForm
from tickets.settings.views.frame import page

GET_POST = ("GET", "HEAD", "POST")


def mailbox(request: Any, org: str, pk: int | None = None) -> HttpResponse:
    """Show the form; try what was typed; connect it when both servers let us in."""
    request.asked = None
    first: HttpResponse = _read(request, org=org, pk=pk)
    if request.asked is None:
        return first
    request.trials = probe(request.asked)
    finished: HttpResponse = _finish(request, org=org, pk=pk)
    return finished


@for_members(Permission.MANAGE_ACCOUNTS, methods=GET_POST)
def _read(request: Any, pk: int | None) -> HttpResponse:
    """Authority and form; ``request.asked`` is what is to be tried, when the form holds together."""
    form = _form(request, pk)
    if request.method == "POST" and form.is_valid():
        request.asked = form.credentials(_former(pk))
        return HttpResponse(status=204)
    return _show(request, form, pk, status=422 if request.method == "POST" else 200)


@for_members(Permission.MANAGE_ACCOUNTS, methods=GET_POST)
def _finish(request: Any, pk: int | None) -> HttpResponse:
    form, trials = _form(request, pk), request.trials
    is_good = form.is_valid() and all(trial.is_good for trial in trials)
    if request.POST.get("probe") or not is_good:
        return _show(request, form, pk, trials=trials, status=200 if is_good else 422)
    try:
        with transaction.atomic():
            account = _connected(request, form)
    except IntegrityError:
        form.add_error("address", _("Ese correo ya lo atiende otra empresa en este sistema."))
        return _show(request, form, pk, status=422)
    messages.success(request, _("%s quedó conectado: recibe y responde.") % account.external_id)
    transaction.on_commit(lambda: (ring("poll"), ring("net")))
    return redirect("accounts", request.org.slug)


def _account(pk: int | None) -> SocialAccount | None:
    if pk is None:
        return None
    account = SocialAccount.objects.filter(pk=pk, network=Network.EMAIL).first()
    if account is None:
        raise Http404
    return account


def _former(pk: int | None) -> dict[str, Any]:
    """The sealed credentials of a connected address; nothing when they cannot be opened any more."""
    account = _account(pk)
    try:
        return credentials_of(account) if account else {}
    except CannotOpen:
        return {}


def _form(request: Any, pk: int | None) -> MailboxForm:
    former, account = _former(pk), _account(pk)
    initial: dict[str, Any] = {"name": request.org.name}
    if account is not None:
        initial = {
            "address": account.external_id,
            "name": former.get("name", ""),
            "user": former.get("user", ""),
        }
        for which in ("imap", "smtp"):
            for name in ("host", "port", "security"):
                initial[f"{which}_{name}"] = (former.get(which) or {}).get(name, "")
    return MailboxForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        has_password=bool(former.get("password")),
        is_connected=account is not None,
    )


def _connected(request: Any, form: MailboxForm) -> SocialAccount:
    told = form.cleaned_data
    former = SocialAccount.objects.filter(network=Network.EMAIL, external_id=told["address"]).first()
    account = connect_account(
        organization_id=request.org.pk,
        network=Network.EMAIL,
        external_id=told["address"],
        name=told["address"],
        credentials=form.credentials(_former(former.pk if former else None)),
        capabilities=former.capabilities if former else None,
        mode=AccountMode.READ_ONLY if told.get("read_only") else AccountMode.FULL,
        actor_id=request.member.pk,
    )
    give_policy(account, voice=voice_of(request.org))
    show_everywhere(account)
    return account


def _show(
    request: Any, form: MailboxForm, pk: int | None, *, trials: list[Trial] | None = None, status: int = 200
) -> HttpResponse:
    return page(
        request,
        "mailbox.html",
        "accounts",
        status=status,
        form=form,
        account=_account(pk),
        trials=trials or [],
        is_good=bool(trials) and all(trial.is_good for trial in trials or []),
    )
