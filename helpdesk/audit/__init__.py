"""The append-only line beside every change. ``record`` is called in the change's own transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from helpdesk.audit.models import AuditEvent


def record(
    organization_id: int,
    action: str,
    *,
    actor_id: int | None = None,
    ticket_id: int | None = None,
    **data: Any,
) -> AuditEvent:
    """Write one line: ``action`` in the past tense (``ticket.resolved``), ``data`` of ids and codes only."""
    from helpdesk.audit.models import AuditEvent  # the app registry must be ready

    return AuditEvent.objects.create(
        organization_id=organization_id, action=action, actor_id=actor_id, ticket_id=ticket_id, data=data
    )


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
