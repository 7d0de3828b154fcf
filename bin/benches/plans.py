"""Plans of every hot statement as the role that runs it: `bin/bench plans`. Reads nothing but what pages read."""

from __future__ import annotations

import json
import sys
from functools import partial
from typing import Any

from benches.pages import client_of, member_of, watched

SLUG = "banca-01"
SEARCHES = (
    "ornitorrinco",
    "garrapata",
    "xilófono",
    "maleta",
    '"maleta en la conexión pese"',
    "2026-000123",
    "@persona77",
)


def explain(sql: str, params: Any, cursor: Any) -> None:
    """Print the plan of a statement, run for that."""
    if not sql.lstrip().upper().startswith(("SELECT", "WITH")) or "set_config" in sql:
        return
    with cursor.connection.cursor() as own:
        own.execute("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, SUMMARY ON) " + sql, params)
        plan = [row[0] for row in own.fetchall()]
    print(f"\n-- {' '.join(sql.split())[:300]}")
    print(
        "\n".join(
            f"   {line}" for line in plan if "Planning:" not in line and "Buffers: shared hit=" not in line
        )
    )


def app(number: int) -> None:
    """Pages and searches."""
    client = client_of(member_of(SLUG))
    paths = [f"/{SLUG}/casos/?view={view}" for view in ("open", "mine", "unanswered", "overdue", "resolved")]
    paths += [f"/{SLUG}/casos/?q={words}" for words in SEARCHES] + [f"/{SLUG}/casos/{number}/"]
    for path in paths:
        client.get(path)  # warms both caches
        print(f"\n================ {path}")
        with watched(explain):
            status = client.get(path).status_code
        print(f"   status {status}")


def worker() -> None:
    """Claims and sweeps, without a tenant."""
    from django.db import connection, transaction

    from channels_social.domain import delivery
    from tickets.clocks.domain import sweep
    from tickets.intake import inbox

    for name, call in (
        ("claim_inbox", inbox.claim_inbox),
        ("claim_next", delivery.claim_next),
        ("sweep_leases", lambda: delivery.sweep_leases(None)),
        *((f"sweep {due}", partial(sweep._due, due, condition)) for _mark, due, condition in sweep.MARKS),
    ):
        print(f"\n================ {name}")
        with transaction.atomic():
            with watched(_explain_all):
                call()
            transaction.set_rollback(True)
    connection.close()


def _explain_all(sql: str, params: Any, cursor: Any) -> None:
    if sql.lstrip().upper().startswith(("SELECT", "UPDATE")) and "set_config" not in sql:
        with cursor.connection.cursor() as own:
            own.execute("SAVEPOINT plan")
            own.execute("EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) " + sql, params)
            plan = [row[0] for row in own.fetchall()]
            own.execute("ROLLBACK TO plan")
        print(f"\n-- {' '.join(sql.split())[:300]}\n" + "\n".join(f"   {line}" for line in plan))


if __name__ == "__main__":
    import django

    django.setup()
    app(int(sys.argv[2])) if sys.argv[1] == "app" else worker()
    print(json.dumps({}))
