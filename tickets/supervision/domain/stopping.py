"""Stops a batch of answers: what was not sent yet does not leave. Set-based, for a thousand at once. In ``tenant``."""

from __future__ import annotations

from django.db import connection, transaction

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership
from tickets.incidents.enums import AnswerStage
from tickets.incidents.models import AnswerBatch, BatchedAnswer

# Actions before messages, as the outbox locks them; one that is leaving at this moment is left to leave.
STOP = """
WITH mine AS (
    SELECT a.id FROM channels_social_outboundaction a
    JOIN tickets_message m ON m.organization_id = a.organization_id AND m.action_id = a.id
    JOIN tickets_batchedanswer b ON b.organization_id = m.organization_id AND b.message_id = m.id
    WHERE a.organization_id = %(org)s AND b.batch_id = %(batch)s AND a.state IN ('queued', 'held', 'retrying')
    ORDER BY a.id FOR UPDATE OF a SKIP LOCKED
)
UPDATE channels_social_outboundaction a SET state = 'cancelled', failure_code = ''
FROM mine WHERE a.organization_id = %(org)s AND a.id = mine.id RETURNING a.id
"""
SHOW = """
UPDATE tickets_message m SET send_state = 'cancelled' FROM tickets_batchedanswer b
WHERE m.organization_id = %(org)s AND m.action_id = ANY(%(actions)s)
  AND b.organization_id = m.organization_id AND b.message_id = m.id
RETURNING m.ticket_id, m.id
"""


@transaction.atomic
def stop_batch(batch: AnswerBatch, *, by: Membership) -> list[tuple[int, int]]:
    """What had not been sent does not leave: ``(case, message)`` of what had been queued. Twice changes nothing."""
    rows = BatchedAnswer.objects.filter(batch=batch)
    never = rows.filter(stage=AnswerStage.WAITING).update(stage=AnswerStage.CANCELLED)
    asked = {"org": batch.organization_id, "batch": batch.pk}
    with connection.cursor() as cursor:
        cursor.execute(STOP, asked)
        actions = [key for (key,) in cursor.fetchall()]
        cursor.execute(SHOW, asked | {"actions": actions})
        pairs = sorted(cursor.fetchall())
    rows.filter(message_id__in=[message for _ticket, message in pairs]).update(stage=AnswerStage.CANCELLED)
    AnswerBatch.objects.filter(pk=batch.pk, stopped_at=None).update(stopped_at=clock.now(), stopped_by=by)
    audit.record_all(
        batch.organization_id, "reply.cancel", ((ticket, {"message": message}) for ticket, message in pairs),
        actor_id=by.pk, cause="batch",
    )  # fmt: skip
    audit.record(
        batch.organization_id, "incident.batch_stopped", actor_id=by.pk, incident=batch.incident_id, batch=batch.pk,
        cases=never + len(pairs),
    )  # fmt: skip
    return pairs
