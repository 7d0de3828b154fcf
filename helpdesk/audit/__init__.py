"""The append-only line beside every change. ``record`` is called in the change's own transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection

from helpdesk.tenancy.planned import Script, ask

_LINE = (
    "INSERT INTO helpdesk_auditevent (organization_id, action, actor_id, ticket_id, data) "
    "VALUES (%s, %s, %s, %s, %s)"
)


def record(
    organization_id: int,
    action: str,
    *,
    actor_id: int | None = None,
    ticket_id: int | None = None,
    script: Script | None = None,
    **data: Any,
) -> None:
    """Write one line: ``action`` in the past tense (``ticket.resolved``), ``data`` of ids and codes only.

    With a ``script`` it is written when that is sent.
    """
    line = [organization_id, action, actor_id, ticket_id, json.dumps(data)]
    if script is not None:
        script.add(_LINE, line)
        return
    with connection.cursor() as cursor:
        ask(cursor, _LINE, line)


def record_all(
    organization_id: int,
    action: str,
    cases: Iterable[tuple[int, dict[str, Any]]],
    *,
    actor_id: int | None = None,
    **data: Any,
) -> None:
    """The same line for many cases, each with facts of its own beside ``data``, in one statement."""
    from helpdesk.audit.models import AuditEvent  # the app registry must be ready

    AuditEvent.objects.bulk_create(
        AuditEvent(
            organization_id=organization_id, action=action, actor_id=actor_id, ticket_id=ticket, data=data | facts
        )
        for ticket, facts in cases
    )  # fmt: skip
