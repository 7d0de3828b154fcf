from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

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


class HooksFirstMiddleware:
    """Webhooks need no session, no log-in, no language: they leave the stack here."""

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
