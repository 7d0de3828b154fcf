from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


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
