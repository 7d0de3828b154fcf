"""Where Meta tells that somebody takes the app away, and the page that says what became of a petition to delete."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from channels_social.domain.leaving import delete_person, take_permission_back
from channels_social.models import DataDeletion
from channels_social.networks.facebook import signed
from channels_social.networks.facebook.signed import Said

Answer = Callable[[Said, str], HttpResponse]


def answer(path: str, body: bytes) -> HttpResponse | None:
    """Obey what Meta posts to one of its addresses; None when the request is not signed by it.

    Raises ``ValueError`` for one that is signed and says nothing we know.
    """
    request = parse_qs(body.decode("ascii", "replace")).get("signed_request", [""])[0]
    return CALLBACKS[path](signed.read(request), request) if signed.is_signed(request) else None


def _deauthorized(said: Said, request: str) -> HttpResponse:
    take_permission_back(said)
    return HttpResponse(b"", content_type="text/plain")


def _deleted(said: Said, request: str) -> HttpResponse:
    code = delete_person(said, request)
    url = settings.BASE_URL + reverse("data_deletion", args=[code])
    return JsonResponse({"url": url, "confirmation_code": code})


CALLBACKS: dict[str, Answer] = {
    "/hooks/meta/deauthorize/": _deauthorized,
    "/hooks/meta/data-deletion/": _deleted,
}


@require_GET
def status(request: HttpRequest, code: str) -> HttpResponse:
    """What became of a petition, for whoever was told its code; nothing of a person stands here."""
    petition = DataDeletion.objects.filter(code=code).first()
    if petition is None:
        raise Http404
    return render(request, "data_deletion.html", {"petition": petition})
