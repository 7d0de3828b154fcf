"""``/hooks/<network>/``: answered before sessions, log-in and language. Nothing is decided here."""

from __future__ import annotations

import json
import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from channels_social.domain.receiving import receive_entries
from channels_social.networks import registry
from channels_social.views.leaving import CALLBACKS, answer

logger = logging.getLogger(__name__)

# The address in the network's app settings → the network.
HOOKS = {"/hooks/x/": "x", "/hooks/meta/": "facebook"}
SIGNATURES = {
    "x-twitter-webhooks-signature": "HTTP_X_TWITTER_WEBHOOKS_SIGNATURE",
    "x-hub-signature-256": "HTTP_X_HUB_SIGNATURE_256",
}


def receive(request: HttpRequest) -> HttpResponse:
    """One delivery, or a network's question whether we are who we say."""
    name = HOOKS.get(request.path_info)
    if request.path_info in CALLBACKS:
        return _obey(request)
    if name is None:
        return _say(404, "Esta dirección no existe.")
    if request.method == "POST":
        return _deliver(request, name)
    if request.method == "GET":
        return _challenge(request, name)
    return _say(405, "Aquí solo se recibe con POST.")


def _challenge(request: HttpRequest, name: str) -> HttpResponse:
    answer = registry.get(name).challenge(request.GET.dict())
    if answer is None:
        return _say(403, "La verificación no coincide.")
    body, content_type = answer
    return HttpResponse(body, content_type=content_type)


def _deliver(request: HttpRequest, name: str) -> HttpResponse:
    meta = request.META
    if meta.get("HTTP_CONTENT_ENCODING", "identity") != "identity":
        return _say(415, "El envío no puede venir comprimido.")
    body = _read(request)
    if body is None:
        return _say(413, "El envío es demasiado grande.")
    network = registry.get(name)
    if not network.verify(body, {header: meta.get(key, "") for header, key in SIGNATURES.items()}):
        return _say(403, "La firma no coincide.")
    try:
        delivery = json.loads(body)
        if not isinstance(delivery, dict):
            raise ValueError("not an object")
    except (ValueError, RecursionError):
        return _say(400, "El envío está firmado, pero no es un objeto JSON.")
    receive_entries(network.split(delivery), network=name)
    return HttpResponse(b"", content_type="text/plain")


def _obey(request: HttpRequest) -> HttpResponse:
    """Somebody takes the app away: signed in the form itself, not in a header."""
    if request.method != "POST":
        return _say(405, "Aquí solo se recibe con POST.")
    body = _read(request)
    if body is None:
        return _say(413, "El envío es demasiado grande.")
    try:
        answered = answer(request.path_info, body)
    except (ValueError, RecursionError):
        return _say(400, "El envío está firmado, pero no dice quién ni cuándo.")
    return answered or _say(403, "La firma no coincide.")


def _read(request: HttpRequest) -> bytes | None:
    """The raw bytes; None when there are more than allowed, of which at most one too many is read."""
    limit: int = settings.WEBHOOK_MAX_BYTES
    told = request.META.get("CONTENT_LENGTH") or "0"
    if not told.isdigit() or int(told) > limit:
        return None
    body: bytes = request.read(limit + 1)
    return body if len(body) <= limit else None


def _say(status: int, sentence: str) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
