"""The counters on tabs: steps are folded often, and recounted now and then in case of doubt. Inside ``tenant``."""

from __future__ import annotations

from django.db import connection, transaction


@transaction.atomic
def fold(organization_id: int) -> int:
    """Replace the steps of each counter by their sum; how many rows went. Readers never see a gap."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH gone AS (DELETE FROM tickets_countdelta WHERE organization_id = %(org)s RETURNING key, delta), "
            "kept AS (INSERT INTO tickets_countdelta (organization_id, key, delta) "
            "SELECT %(org)s, key, sum(delta) FROM gone GROUP BY key HAVING sum(delta) <> 0 RETURNING 1) "
            "SELECT (SELECT count(*) FROM gone) - (SELECT count(*) FROM kept)",
            {"org": organization_id},
        )
        return cursor.fetchone()[0]


@transaction.atomic
def recount(organization_id: int) -> dict[str, int]:
    """Count the cases themselves and mend the counters; the differences found, empty when all was right.

    The counters are locked against writers for the moment of the count.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE tickets_countdelta IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(
            "WITH real AS (SELECT key, count(*) AS n FROM tickets_ticket t, "
            "unnest(tickets_count_keys(t.state, t.unanswered_since, t.is_overdue, t.assignee_id, t.account_id, "
            "t.is_reserved, t.priority)) AS key "
            "WHERE t.organization_id = %(org)s "
            "AND t.state IN ('new', 'open', 'waiting_customer', 'waiting_area') GROUP BY key), "
            "kept AS (SELECT key, sum(delta) AS n FROM tickets_countdelta "
            "WHERE organization_id = %(org)s GROUP BY key) "
            "SELECT key, coalesce(real.n, 0) - coalesce(kept.n, 0) FROM real FULL JOIN kept USING (key) "
            "WHERE coalesce(real.n, 0) <> coalesce(kept.n, 0)",
            {"org": organization_id},
        )
        wrong = {key: int(step) for key, step in cursor.fetchall()}
        for key, step in wrong.items():
            cursor.execute(
                "INSERT INTO tickets_countdelta (organization_id, key, delta) VALUES (%s, %s, %s)",
                [organization_id, key, step],
            )
    return wrong
