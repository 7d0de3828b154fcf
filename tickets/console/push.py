"""Tells the consoles what changed: rows and messages rendered once per language, then pushed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone, translation

from helpdesk import clock
from helpdesk.push import publish
from helpdesk.tenancy.audience import audience
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.planned import ask
from helpdesk.tenancy.select import Select
from tickets.cases.domain.queries.seen import shared_with
from tickets.console.handing import hand_over
from tickets.console.message import message_html
from tickets.console.queries.messages import read_messages
from tickets.console.rows import QueueRow, fetch, html_of
from tickets.privacy.rules.masking import mask

_ORGANIZATION = Select(Organization, tail="WHERE t.id = %s")
# More changes than this at once, and the consoles fetch their lists again instead (a burst, an import).
MANY = 60
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def announce(organization_id: int, tickets: Iterable[int], messages: Iterable[tuple[int, int]]) -> None:
    """Have the consoles shown the rows of ``tickets`` and the ``(ticket, message)`` pairs, once this is committed.

    The announcer writes and pushes them (``tickets.console.announcer``): who changes something does not wait for that.
    """
    ticket_ids, pairs = list(dict.fromkeys(tickets)), list(messages)
    if ticket_ids or pairs:
        transaction.on_commit(lambda: hand_over(organization_id, ticket_ids[: MANY + 1], pairs[: MANY + 1]))


def announce_after(request: Any, tickets: Iterable[int], messages: Iterable[tuple[int, int]] = ()) -> None:
    """``announce`` once the answer to this request was sent: what it shows who asked comes first."""
    organization_id, tickets, messages = request.org.pk, list(tickets), list(messages)
    request.afterwards.append(lambda: announce(organization_id, tickets, messages))


def push_changes(organization_id: int, tickets: Sequence[int], messages: Sequence[tuple[int, int]]) -> None:
    """Write what changed as it is now, once per language, and push it."""
    with tenant(organization_id, is_whole=True):
        organization = _ORGANIZATION.one(organization_id)
        assert organization is not None
        frames = _frames(organization, tickets, messages)
    publish(organization_id, frames)


def push_counts(organization_id: int) -> None:
    """Push how many cases stand in every view."""
    with tenant(organization_id):
        frame = ("counts", _counts(organization_id))
    publish(organization_id, [frame])


def announce_account(organization_id: int) -> None:
    """Something about an account changed: pages that show it look again."""
    publish(organization_id, [("account", "{}")])


def announce_rights(organization_id: int) -> None:
    """Who may see what changed: streams ask again who listens, lists are fetched again."""
    publish(organization_id, [("rights", "{}"), ("refresh", "{}")])


def _frames(
    organization: Organization, ticket_ids: Sequence[int], pairs: Sequence[tuple[int, int]]
) -> list[tuple[Any, ...]]:
    if max(len(ticket_ids), len(pairs)) > MANY:
        return [("refresh", "{}")]
    now = clock.now()
    rows = fetch(
        organization, "t.id = ANY(%s)", [sorted({*ticket_ids, *(one for one, _m in pairs)})], "", now
    )
    eyes = _eyes(organization, rows)
    frames: list[tuple[Any, ...]] = []
    with timezone.override(organization.timezone):
        # A reserved case is never told: its people are told to look (decisions C9).
        shown = [row for row in rows if row.ticket_id in ticket_ids and not row.is_reserved]
        frames += [("row", _row(row, organization, now), eyes[row.ticket_id]) for row in shown]
        frames += [("refresh", "{}", eyes[row.ticket_id]) for row in rows if row.is_reserved]
        told = [(ticket, message) for ticket, message in pairs if ticket in eyes]
        open_pairs = [one for one in told if not eyes[one[0]].get("reserved")]
        if open_pairs:
            frames += _messages(organization, open_pairs, eyes)
    return frames + [
        ("ticket", _json({"ticket": row.ticket_id, "v": row.version}), eyes[row.ticket_id])
        for row in rows
        if row.ticket_id in ticket_ids
    ]


def _eyes(organization: Organization, rows: list[QueueRow]) -> dict[int, dict[str, Any]]:
    shared = shared_with(organization.pk, [row.ticket_id for row in rows])
    return {
        row.ticket_id: audience(
            account=row.account_id,
            assignee=row.assignee_id,
            priority=row.priority,
            is_reserved=row.is_reserved,
            shared=shared.get(row.ticket_id, []),
        )
        for row in rows
    }


def _row(row: QueueRow, organization: Organization, now: Any) -> dict[str, str]:
    facts = {
        "ticket": row.ticket_id,
        "due": row.deadline_at.isoformat() if row.deadline_at else "",
        "views": row.views,
        "assignee": row.assignee_id,
        "v": row.version,
    }
    rendered = {}
    hides = mask(row.last_text) is not row.last_text
    for language in LANGUAGES:
        with translation.override(language):
            rendered[language] = _json(facts | {"html": html_of(row, organization, now)})
            if hides:
                masked = html_of(row, organization, now, is_masked=True)
                rendered[f"{language}:m"] = _json(facts | {"html": masked})
    return rendered


def _messages(
    organization: Organization, pairs: list[tuple[int, int]], eyes: dict[int, dict[str, Any]]
) -> list[tuple[Any, ...]]:
    ticket_of = {message: ticket for ticket, message in pairs}
    per_message: dict[int, dict[str, str]] = {}
    said = read_messages(organization, ticket_of)
    for language in LANGUAGES:
        with translation.override(language):
            whole_items, masked = said.items(), [one for one in said.items(is_masked=True) if one.is_masked]
            for item in whole_items + masked:
                facts = {"ticket": ticket_of[int(item.id)], "message": item.id, "v": item.version}
                key = f"{language}:m" if item.is_masked else language
                html = message_html(item)
                per_message.setdefault(int(item.id), {})[key] = _json(facts | {"html": html})
    return [("message", per_message[pk], eyes[ticket_of[pk]]) for pk in sorted(per_message)]


def _counts(organization_id: int) -> str:
    with connection.cursor() as cursor:
        ask(
            cursor,
            # What only the board shows is read there.
            "SELECT key, sum(delta)::int FROM tickets_countdelta WHERE organization_id = %s "
            "AND NOT starts_with(key, 'board:') GROUP BY key",
            [organization_id],
        )
        return _json(dict(cursor.fetchall()))


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, separators=(",", ":"))
