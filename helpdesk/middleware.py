from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseRedirect
from django.http.request import split_domain_port

from helpdesk.tenancy import SIGNED_ON

# What a session that an organization's provider opened may ask of allauth's pages: leaving, entering, a second step.
LEFT_OPEN = ("/cuenta/logout/", "/cuenta/login/", "/cuenta/oidc/", "/cuenta/2fa/authenticate/")


class SignedOnMiddleware:
    """A person's password, address and second factor are theirs in every organization: the provider of one of them
    says who they are there, and must not reach what opens the others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if (
            path.startswith("/cuenta/")
            and not path.startswith(LEFT_OPEN)
            and SIGNED_ON in request.session
            and request.user.is_authenticated
        ):
            raise PermissionDenied
        return self.get_response(request)


class OwnDomainMiddleware:
    """An organization's own domain shows its public site and nothing else; a host nobody named stays refused.

    Which domain is whose is the operator's word (``PUBLIC_DOMAINS``): a tenant cannot claim another's.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = request.META.get("HTTP_HOST", "").lower()
        slug = settings.PUBLIC_DOMAINS.get(split_domain_port(said)[0])
        if slug is None:
            return self.get_response(request)
        request.get_host = lambda: said  # type: ignore[method-assign]
        prefix = f"/ayuda/{slug}/"
        if request.path_info == "/":
            return HttpResponseRedirect(prefix)
        if request.path_info.startswith((prefix, settings.STATIC_URL)) or request.path_info == "/robots.txt":
            return self.get_response(request)
        return HttpResponseNotFound("Aquí solo está la ayuda.\n", content_type="text/plain; charset=utf-8")


class HooksFirstMiddleware:
    """Webhooks need no session, no log-in, no language, nor what is for browsers: they leave the stack here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/hooks/in/"):
            from tickets.doors.views.hook import receive as receive_call  # the app registry must be ready

            return receive_call(request)
        if request.path_info.startswith("/hooks/"):
            from channels_social.views.webhooks import receive  # the app registry must be ready

            return receive(request)
        return self.get_response(request)
