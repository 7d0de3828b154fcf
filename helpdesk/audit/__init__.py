"""The append-only line beside every change. ``record`` is called in the change's own transaction."""

from __future__ import annotations

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
