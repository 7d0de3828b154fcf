"""Tells the consoles what changed: rows and messages rendered once per language, then pushed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection
from django.template.loader import get_template
from django.utils import timezone, translation

from helpdesk import clock
from helpdesk.push import publish
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Organization
from tickets.console.queries.story import messages_by_id
from tickets.console.rows import QueueRow, fetch, html_of

# More changes than this at once, and the consoles fetch their lists again instead (a burst, an import).
MANY = 60
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def announce(organization_id: int, tickets: Iterable[int], messages: Iterable[tuple[int, int]]) -> None:
    """Push the rows of ``tickets`` and the ``(ticket, message)`` pairs; after the change is committed."""
    ticket_ids, pairs = list(dict.fromkeys(tickets)), list(messages)
    if not ticket_ids and not pairs:
        return
    with tenant(organization_id):
        organization = Organization.objects.get(pk=organization_id)
        frames = _frames(organization, ticket_ids, pairs)
    publish(organization_id, frames)


def announce_account(organization_id: int) -> None:
    """Something about an account changed: pages that show it look again."""
    publish(organization_id, [("account", "{}")])


def _frames(
    organization: Organization, ticket_ids: list[int], pairs: list[tuple[int, int]]
) -> list[tuple[str, Any]]:
    counts = ("counts", _counts(organization.pk))
    if len(ticket_ids) > MANY:
        return [("refresh", "{}"), counts]
    now = clock.now()
    rows = fetch(organization, "t.id = ANY(%s)", [ticket_ids], "", now)
    with timezone.override(organization.timezone):
        frames: list[tuple[str, Any]] = [("row", _row(row, organization, now)) for row in rows]
        if pairs:
            frames += _messages(organization, pairs)
    frames += [("ticket", _json({"ticket": row.ticket_id, "v": row.version})) for row in rows]
    return [*frames, counts]


def _row(row: QueueRow, organization: Organization, now: Any) -> dict[str, str]:
    facts = {
        "ticket": row.ticket_id,
        "due": row.deadline_at.isoformat() if row.deadline_at else "",
        "views": row.views,
        "assignee": row.assignee_id,
        "v": row.version,
    }
    rendered = {}
    for language in LANGUAGES:
        with translation.override(language):
            rendered[language] = _json(facts | {"html": html_of(row, organization, now)})
    return rendered


def _messages(organization: Organization, pairs: list[tuple[int, int]]) -> list[tuple[str, Any]]:
    template = get_template("tickets/console/_message.html")
    ticket_of = {message: ticket for ticket, message in pairs}
    per_message: dict[int, dict[str, str]] = {}
    for language in LANGUAGES:
        with translation.override(language):
            for item in messages_by_id(organization, ticket_of):
                facts = {"ticket": ticket_of[int(item.id)], "message": item.id, "v": item.version}
                html = template.render({"m": item})
                per_message.setdefault(int(item.id), {})[language] = _json(facts | {"html": html})
    return [("message", per_message[pk]) for pk in sorted(per_message)]


def _counts(organization_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, sum(delta)::int FROM tickets_countdelta WHERE organization_id = %s GROUP BY key",
            [organization_id],
        )
        return _json(dict(cursor.fetchall()))


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, separators=(",", ":"))
