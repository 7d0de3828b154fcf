"""Many dates at once: as many statements as for one, the same marks, everything of one in one transaction."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention
from tickets.cases.domain.counts import recount
from tickets.cases.models import Ticket
from tickets.clocks.models import Clock
from tickets.commitments.domain.sweep import sweep_commitments
from tickets.commitments.models import Commitment

# One case copied, each copy with a date that fell due a minute ago and one that warns of its last hour.
MANY = """
WITH made AS (
    INSERT INTO tickets_ticket (organization_id, id, number, customer_id, state, kind, suggested_kind, kind_reasons,
        priority, priority_reasons, opened_at, reopened_count, last_text, last_at, channel, unanswered_count,
        next_clock_kind, is_overdue, queue_at, version, assignee_id)
    SELECT organization_id, nextval('tickets_ticket_id_seq'), (SELECT max(number) FROM tickets_ticket) + n,
        customer_id, 'open', kind, suggested_kind,
        kind_reasons, priority, priority_reasons, opened_at, 0, last_text, last_at, channel, 1,
        next_clock_kind, false, queue_at, 1, %(owner)s FROM tickets_ticket, generate_series(1, %(many)s) AS n
        WHERE id = (SELECT min(id) FROM tickets_ticket)
    RETURNING organization_id, id
)
INSERT INTO tickets_commitment (organization_id, ticket_id, what, due_at, owner_id, made_at, told_at, state, proof,
    next_at, source)
SELECT organization_id, id, 'x', now() + ahead, %(owner)s, now() - interval '3 days', now() - interval '3 days', 'open',
    '', now() - interval '1 minute', '' FROM made, unnest(ARRAY['-1 minute'::interval, '50 minutes']) AS ahead
"""


def many(cast, count: int) -> None:
    with tenant(cast.bank.pk), connection.cursor() as cursor:
        cursor.execute(MANY, {"many": count, "owner": cast.juan.pk})


def swept(as_worker) -> tuple[int, int]:
    """Cases marked, and statements it took."""
    with as_worker(), CaptureQueriesContext(connection) as asked:
        found = sweep_commitments()
    return sum(map(len, found.values())), len(asked)


def test_many_dates_due_at_once_are_marked_in_as_many_statements_as_one(cast, as_worker):
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces"))
    many(cast, 1)
    one = swept(as_worker)
    many(cast, 400)

    marked, statements = swept(as_worker)

    assert (one[0], marked) == (1, 400)
    assert statements <= one[1] + 2
    with tenant(cast.bank.pk):
        cases = Ticket.objects.filter(is_overdue=True, next_clock_kind="commitment").count()
        assert Commitment.objects.filter(state="broken").count() == cases == marked + 1 == 401
        assert Commitment.objects.filter(state="open", warned=60).count() == cases
        for action in ("commitment.broken", "commitment.warned"):
            assert AuditEvent.objects.filter(action=action).count() == cases
        assert Clock.objects.filter(kind="commitment", breached_at__isnull=False).count() == cases
        assert recount(cast.bank.pk) == {}
    assert swept(as_worker)[0] == 0


def test_dates_of_somebody_who_left_are_shared_out(cast, as_worker):
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces"))
    many(cast, 10)
    with tenant(cast.bank.pk):
        cast.juan.is_active = False
        cast.juan.save()

    swept(as_worker)

    with tenant(cast.bank.pk):
        owners = set(Commitment.objects.values_list("owner_id", flat=True))
        assert owners
        assert cast.juan.pk not in owners
        assert set(Ticket.objects.exclude(assignee=None).values_list("assignee_id", flat=True)) <= owners
        assert AuditEvent.objects.filter(action="commitment.moved").count() == 20
