"""Whose turn it is to let an answer leave, beside the answers that wait for it. Asked only where one does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from helpdesk.tenancy.models import Presence
from tickets.team.rules import approval

WAITING = """
SELECT m.id, o.created_at, o.created_by_id, f.id, f.display_name, f.is_active AND f.presence = ANY(%s)
FROM tickets_message m
JOIN channels_social_outboundaction o ON o.organization_id = m.organization_id AND o.id = m.action_id
LEFT JOIN helpdesk_membership a ON a.organization_id = o.organization_id AND a.id = o.created_by_id
LEFT JOIN helpdesk_membership f ON f.organization_id = a.organization_id AND f.id = a.supervisor_id
WHERE m.organization_id = %s AND m.id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """Who wrote it, who decides first and until when. Each page says what that means to its reader."""

    author_id: int | None
    first_id: int | None
    first_name: str
    opens_at: datetime


def turns_of(organization_id: int, message_ids: Sequence[int]) -> dict[int, Turn]:
    """The turns of answers that wait for approval, by message."""
    if not message_ids:
        return {}
    here = [Presence.AVAILABLE.value, Presence.BUSY.value]
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [here, organization_id, list(message_ids)])
        return {
            pk: Turn(
                author, first, name or "",
                approval.open_to_all_at(written_at, supervisor=first, is_supervisor_here=bool(is_here)),
            )
            for pk, written_at, author, first, name, is_here in cursor.fetchall()
        }  # fmt: skip
