"""The OpenAPI description; public, it says nothing of anybody."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.generators import SchemaGenerator

from tickets.api.problems import MEDIA_TYPE, Problem, body_of


def schema(request: HttpRequest) -> JsonResponse:
    """OpenAPI 3 as JSON."""
    if request.method not in ("GET", "HEAD"):
        return JsonResponse({}, status=405, headers={"Allow": "GET, HEAD"})
    return JsonResponse(document(translation.get_language() or "es"))


@csrf_exempt
def nowhere(request: HttpRequest) -> JsonResponse:
    """An address of the API that is none."""
    return JsonResponse(body_of(Problem(404, "not_found")), status=404, content_type=MEDIA_TYPE)


@lru_cache(maxsize=4)
def document(language: str) -> dict[str, Any]:
    """The description, made once per process and language."""
    from tickets.api.urls import urlpatterns  # the views import this room

    with translation.override(language):
        made: dict[str, Any] = SchemaGenerator(patterns=urlpatterns).get_schema(request=None, public=True)
        return made
