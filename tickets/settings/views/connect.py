"""Connecting accounts: away to the network with a state that works once, and back with a code."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from channels_social.enums import AccountMode, Network
from channels_social.models import SocialAccount
from channels_social.networks.base import NetworkError
from helpdesk import clock
from helpdesk.http import for_members, is_over
from helpdesk.tenancy.context import acting_user, tenant
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.settings.domain import connecting
from tickets.settings.domain.connecting import Attempt, Found, Problem
from tickets.settings.domain.lending import LENDERS
from tickets.settings.forms import PagesForm
from tickets.settings.views.frame import page


@for_members(Permission.MANAGE_ACCOUNTS, methods=("POST",))
def begin(request: Any, network: str) -> HttpResponse:
    """Off to the network's own page, where the person says yes or no."""
    if network not in LENDERS:
        raise Http404
    if not LENDERS[network].is_configured():
        messages.error(request, _not_configured(network))
        return redirect("accounts", request.org.slug)
    former = _account_of(request.POST.get("account", ""), network)
    start = LENDERS[network].begin(connecting.redirect_uri(network))
    attempt = Attempt(
        organization_id=request.org.pk,
        slug=request.org.slug,
        network=network,
        verifier=start.verifier,
        at=clock.now().timestamp(),
        mode=AccountMode.READ_ONLY if request.POST.get("read_only") else AccountMode.FULL,
        expected_id=former.external_id if former else "",
        expected_name=str(former) if former else "",
    )
    connecting.remember(request.session, start.state, attempt)
    return redirect(start.url)


def _account_of(asked: str, network: str) -> SocialAccount | None:
    """The account to reconnect, when one was named; another tenant's is not seen."""
    if not asked.isdecimal():
        return None
    account = SocialAccount.objects.filter(pk=int(asked), network=network).first()
    if account is None:
        raise Http404
    return account


def _not_configured(network: str) -> str:
    names = {"x": "X_CLIENT_ID, X_CLIENT_SECRET", "facebook": "FB_APP_ID, FB_APP_SECRET"}[network]
    said = _("Falta dar de alta la aplicación de %(network)s en este servidor: pida que definan %(names)s.")
    return said % {"network": Network(network).label, "names": names}


@login_required
@require_GET
def callback(request: Any, network: str) -> HttpResponse:
    """Back from the network. Global: the networks allow one address; the state tells whose it is."""
    if network not in LENDERS:
        raise Http404
    attempt = connecting.recall(request.session, request.GET.get("state", ""), network)
    if attempt is None:
        return _stop(request, network, 400)
    member = _member(request, attempt)
    if member is None:
        return _stop(request, network, 403)
    try:
        return _come_back(request, attempt, member)
    except Problem as problem:
        messages.error(request, str(problem))
        return redirect("accounts", attempt.slug)


def _stop(request: HttpRequest, network: str, status: int) -> HttpResponse:
    """Nothing is known of this return, or the person may no longer connect accounts: a page that says so."""
    context = {"network": Network(network).label, "is_unknown": status == 400}
    return render(request, "tickets/settings/connect_stop.html", context, status=status)


def _member(request: Any, attempt: Attempt) -> Membership | None:
    """Who came back, if they still may do this in the organization they began it for."""
    with acting_user(request.user.pk):
        member = (
            Membership.objects.select_related("organization")
            .filter(user_id=request.user.pk, organization_id=attempt.organization_id, is_active=True)
            .first()
        )
    if member is None or is_over(request.session, member):
        return None
    return member if member.can(Permission.MANAGE_ACCOUNTS) else None


def _come_back(request: Any, attempt: Attempt, member: Membership) -> HttpResponse:
    """Find out who lent what; one account is connected at once, pages are chosen first."""
    name = Network(attempt.network).label
    if request.GET.get("error"):
        raise Problem(
            _("En %s se dijo que no: no se conectó nada. Puede volver a empezar cuando quiera.") % name
        )
    code = request.GET.get("code", "")
    if not code:
        raise Problem(_("%s no devolvió el permiso: no se conectó nada. Vuelva a empezar.") % name)
    lender = LENDERS[attempt.network]
    try:
        found = lender.ask(code, attempt.verifier, connecting.redirect_uri(attempt.network))
    except NetworkError as error:
        raise connecting.told(error, attempt.network) from None
    if lender.offers_many:
        return _offer(request, attempt, found)
    connecting.check_expected(attempt, found[0])
    with tenant(attempt.organization_id):
        account = connecting.connect(found[0], attempt, by=member)
    _say(request, account, found[0])
    return redirect("accounts", attempt.slug)


def _offer(request: Any, attempt: Attempt, found: list[Found]) -> HttpResponse:
    if not found:
        raise Problem(
            _(
                "Facebook no entregó ninguna página: hay que marcarla en su ventana y ser administrador de "
                "ella. Vuelva a empezar y elija «Editar configuración» si la ventana no la muestra."
            )
        )
    if attempt.expected_id and not any(connecting.is_expected(attempt, one) for one in found):
        connecting.check_expected(attempt, found[0])
    connecting.offer(request.session, attempt, found)
    return redirect("account_pages", attempt.slug)


@for_members(Permission.MANAGE_ACCOUNTS, methods=("GET", "HEAD", "POST"))
def pages(request: Any) -> HttpResponse:
    """Which of the lent pages are connected; their tokens wait sealed in the session meanwhile."""
    kept = connecting.offered(request.session, request.org)
    if kept is None:
        messages.error(request, _("La lista de páginas venció: vuelva a conectar Facebook."))
        return redirect("accounts", request.org.slug)
    attempt, found = kept
    chosen = [one.external_id for one in found if connecting.is_expected(attempt, one)]
    given = request.POST if request.method == "POST" else None
    form = PagesForm(given, found=found, initial={"pages": chosen})
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return page(request, "pages.html", "accounts", status=status, form=form, attempt=attempt)
    connecting.forget(request.session)
    for one in found:
        if one.external_id in form.cleaned_data["pages"]:
            _connect(request, attempt, one)
    return redirect("accounts", request.org.slug)


def _connect(request: Any, attempt: Attempt, found: Found) -> None:
    try:
        account = connecting.connect(found, attempt, by=request.member)
    except Problem as problem:
        messages.error(request, str(problem))
        return
    transaction.on_commit(partial(_say, request, account, found))


def _say(request: Any, account: SocialAccount, found: Found) -> None:
    """Ask for deliveries once the account is stored, outside any transaction, and tell how it went."""
    is_pushed = connecting.listen(account, partial(LENDERS[account.network].subscribe, found))
    name = str(account)
    if account.mode == AccountMode.READ_ONLY:
        messages.success(request, _("%s quedó conectada en solo lectura: todo entra, nada sale.") % name)
    else:
        messages.success(request, _("%s quedó conectada: recibe y responde.") % name)
    if not is_pushed:
        said = _("%(network)s no quiso avisar al instante de lo que llega a %(name)s: se lee cada %(every)s.")
        every = _("%s segundos") % settings.POLL_EVERY
        label = Network(account.network).label
        messages.warning(request, said % {"network": label, "name": name, "every": every})
