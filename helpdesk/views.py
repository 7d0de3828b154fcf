from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from helpdesk import push


def healthz(request: HttpRequest) -> JsonResponse:
    """Whether this process reaches its database and Redis."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    push.client().ping()
    return JsonResponse({"ok": True})


def events(request: HttpRequest, org: str) -> HttpResponse:
    """Only the door streams; a plain WSGI server has nothing to say here."""
    return HttpResponse(status=404)
