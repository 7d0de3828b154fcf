"""The two yardsticks over HTTP: verify and insert one row; fifty rows of raw SQL as JSON."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

INSERT = (
    "INSERT INTO channels_social_inboundevent (organization_id, account_id, kind, external_id, digest, source, "
    "payload, state, reason) VALUES (%s, %s, 'x.post', %s, %s, 'webhook', %s, 'pending', '') ON CONFLICT DO NOTHING"
)
PAGE = (
    "SELECT t.id, t.number, t.radicado, c.name, t.channel, t.priority, t.kind, t.last_text, t.last_at, "
    "t.unanswered_since, t.next_deadline_at, t.next_clock_kind, t.is_overdue, t.state, t.version, t.assignee_id, "
    "m.initials, m.display_name, t.queue_at FROM tickets_ticket t "
    "JOIN tickets_customer c ON c.organization_id = t.organization_id AND c.id = t.customer_id "
    "LEFT JOIN helpdesk_membership m ON m.organization_id = t.organization_id AND m.id = t.assignee_id "
    "WHERE t.organization_id = %s AND t.state IN ('new', 'open', 'waiting_customer', 'waiting_area') "
    "ORDER BY t.queue_at, t.id LIMIT 50"
)


ROLLUP = (
    "SELECT day, key, opened, messages, first_met, first_late FROM tickets_dayfigure WHERE organization_id = %s "
    "AND cut = 'kind' AND edition = 0 AND day > current_date - 90 AND account = %s AND key <> 'felicitacion' "
    "ORDER BY day, key"
)


def hook(request: HttpRequest, organization: int, account: int) -> HttpResponse:
    """Verify the signature of the bytes, insert one row."""
    body = request.body
    mac = hmac.new(settings.X_CONSUMER_SECRET.encode(), body, hashlib.sha256).digest()
    right = b"sha256=" + base64.b64encode(mac)
    given = request.META.get("HTTP_X_TWITTER_WEBHOOKS_SIGNATURE", "").encode()
    if not hmac.compare_digest(given, right):
        return HttpResponse(status=403)
    number = json.loads(body)["data"]["payload"]["id"]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [organization, account, number, hashlib.sha256(body).hexdigest()[:32], body])
    return HttpResponse(b"")


def page(request: HttpRequest, organization: int) -> HttpResponse:
    """Fifty rows of the queue."""
    with connection.cursor() as cursor:
        cursor.execute(PAGE, [organization])
        names = [column.name for column in cursor.description]
        rows: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return JsonResponse({"rows": rows})


def rollup(request: HttpRequest, organization: int, account: int) -> HttpResponse:
    """Ninety days of five kinds, as they are kept."""
    with connection.cursor() as cursor:
        cursor.execute(ROLLUP, [organization, account])
        names = [column.name for column in cursor.description]
        rows: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return JsonResponse({"rows": rows})


urlpatterns = [
    path("healthz", lambda request: HttpResponse(b"ok")),
    path("hook/<int:organization>/<int:account>/", hook),
    path("rollup/<int:organization>/<int:account>/", rollup),
    path("page/<int:organization>/", page),
]
