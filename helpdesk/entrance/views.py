"""The pages of an organization's own log-in: choosing it, going there, coming back, being told who has left."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.decorators import login_not_required
from allauth.core import ratelimit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from csp.decorators import csp_update
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from helpdesk.entrance.adapter import end_sessions
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.provider import StrictAdapter, decode, discover
from helpdesk.tenancy.sign_on import SignOn, sign_on_of
from helpdesk.tenancy.sign_on_words import of_entrance

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


@never_cache
@require_safe
def sign_on(request: HttpRequest) -> HttpResponse:
    """The organizations that let in who has an address of a domain; asked by whoever wants to enter."""
    email = request.GET.get("correo", "").strip().lower()
    if email and (response := ratelimit.consume_or_429(request, action="login")):
        return response
    domain = email.rpartition("@")[2]
    return _page(request, _of_domain(domain) if domain else [], email=email)


@never_cache
@require_safe
def sign_on_at(request: HttpRequest, slug: str) -> HttpResponse:
    """The way into one organization; the ordinary one where it has none of its own, or is nobody's."""
    organization = Organization.objects.filter(slug=slug).first()
    row = None
    if organization is not None:
        with tenant(organization.pk):
            row = sign_on_of(organization)
    if organization is None or row is None:
        asked = urlencode({"next": request.GET["next"]}) if request.GET.get("next") else ""
        return redirect(f"{reverse('account_login')}{'?' if asked else ''}{asked}")
    return _page(request, [(organization.slug, organization.name, row.authorize_origin)])


def _page(request: HttpRequest, found: list[tuple[str, str, str]], email: str = "") -> HttpResponse:
    asked = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()})
    doors = [(name, reverse("openid_connect_login", args=[slug])) for slug, name, _origin in found]
    context = {"doors": doors, "email": email, "next": asked if safe else ""}
    # The form that goes there ends, by redirect, at the provider: browsers ask the policy for that too.
    origins = sorted({origin for _slug, _name, origin in found})
    view = csp_update({"form-action": origins})(
        lambda request: render(request, "account/sign_on.html", context)
    )
    return view(request)


def _of_domain(domain: str) -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT slug, name, origin FROM helpdesk_sign_on_of_domain(%s)", [domain[:120]])
        return cursor.fetchall()


@login_not_required
@require_POST
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the provider. Only by pressing: a link from elsewhere logs nobody in."""
    return _through(OAuth2LoginView, request, provider_id)


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from the provider."""
    return _through(OAuth2CallbackView, request, provider_id)


def _through(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        return view.adapter_view(StrictAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OAuth2Error, RequestException) as error:
        context = {"words": of_entrance(error), "slug": provider_id}
        return render(request, "account/sign_on_refused.html", context, status=502)


@csrf_exempt
@require_POST
@login_not_required
def back_channel_logout(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The provider tells, server to server, that a person has left (OpenID Connect Back-Channel Logout 1.0)."""
    organization = Organization.objects.filter(slug=provider_id).first()
    if organization is None:
        raise Http404
    with tenant(organization.pk):
        row = sign_on_of(organization)
    if row is None:
        raise Http404
    try:
        claims = _logout_claims(row, request.POST.get("logout_token", ""))
    except (OAuth2Error, RequestException):
        return HttpResponse(status=400)
    with tenant(organization.pk):
        subject = f"{row.issuer.rstrip('/')} {claims['sub']}"[:400]
        for member in Membership.objects.filter(organization=organization, subject=subject):
            end_sessions(member, code="left")
    return HttpResponse(status=200, headers={"Cache-Control": "no-store"})


def _logout_claims(row: SignOn, token: str) -> dict[str, Any]:
    claims = decode(
        token,
        config=discover(row.issuer),
        client_id=row.client_id,
        require=("iat", "iss", "aud", "sub", "jti"),
    )
    # A token of the person must not pass for one that says they left.
    if "nonce" in claims or LOGOUT_EVENT not in (claims.get("events") or {}):
        raise OAuth2Error("no logout token")
    return claims
