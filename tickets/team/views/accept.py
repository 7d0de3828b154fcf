"""The page an invitation opens: signed, without log-in, good once."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tickets.team.domain.inviting import NotInvited, accept, look_up
from tickets.team.forms import AcceptForm
from tickets.team.links import opened
from tickets.team.models import Invitation

# Per minute, of one address: a person opens, reads and answers.
MOST = 30


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Say who invites to what, and take the person in."""
    if _is_too_often(request):
        return _stop(
            request, _("Demasiados intentos seguidos: espere un minuto y vuelva a abrir el enlace."), 429
        )
    found = opened(token)
    if found is None:
        return _stop(request, _("El enlace no es válido: ábralo completo, tal como llegó en el correo."), 404)
    organization_id, pk, version = found
    with transaction.atomic(), tenant(organization_id):
        try:
            asked = look_up(pk, version, lock=request.method == "POST")
        except NotInvited as refused:
            return _stop(request, _why(refused.code), 404 if refused.code == "unknown" else 410)
        answer = _inside(request, asked)
    # Not no-referrer: the browser would then say that the form comes from nowhere, and it would be refused.
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


def _inside(request: Any, asked: Invitation) -> HttpResponse:
    user, org = asked.member.user, asked.organization
    # Who has a password shows that they are that person by entering with it.
    if user.has_usable_password() and request.user.pk != user.pk:
        context = {"org": org, "member": asked.member, "login_url": _login(request)}
        return render(request, "tickets/team/invitation.html", context)
    posted = request.POST if request.method == "POST" else None
    form = AcceptForm(posted, user=user, initial={"name": asked.member.display_name})
    if posted is not None and form.is_valid():
        given = form.cleaned_data
        accept(asked, name=given["name"], password=given.get("password1"))
        where = reverse("queue", args=[org.slug])
        if request.user.is_authenticated and request.user.pk == user.pk:
            return redirect(where)
        messages.success(request, _("Listo: entre con su correo y la contraseña que acaba de poner."))
        return redirect(f"{resolve_url('account_login')}?next={quote(where)}")
    context = {"org": org, "member": asked.member, "form": form}
    return render(request, "tickets/team/invitation.html", context, status=422 if form.errors else 200)


def _login(request: HttpRequest) -> str:
    return f"{resolve_url('account_login')}?next={quote(request.get_full_path())}"


def _why(code: str) -> str:
    return {
        "used": _("Esta invitación ya se usó: entre con su correo y su contraseña."),
        "revoked": _("Quien administra el equipo retiró esta invitación: pregúntele a esa persona."),
        "replaced": _("Le enviaron un enlace más nuevo: abra el último correo."),
        "expired": _("Este enlace ya no sirve: pida a quien lo invitó que lo envíe otra vez."),
    }.get(code, _("El enlace no es válido: ábralo completo, tal como llegó en el correo."))


def _stop(request: HttpRequest, words: str, status: int) -> HttpResponse:
    return render(request, "tickets/team/invitation_stop.html", {"words": words}, status=status)


def _is_too_often(request: HttpRequest) -> bool:
    key = f"invitation:{request.META.get('REMOTE_ADDR', '')}:{int(clock.now().timestamp()) // 60}"
    cache.add(key, 0, timeout=120)
    return cache.incr(key) > MOST
