"""`bin/bench data`: only builds the ground, and tells how large it is."""

from __future__ import annotations

from typing import Any

from benches.ground import ground

TABLES = ("tickets_ticket", "tickets_message", "tickets_customer", "tickets_conversation", "tickets_clock")


def run() -> dict[str, Any]:
    """Build what is missing; rows and megabytes."""
    with ground() as here:
        measured = {f"{table}_rows": here.ask(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}
        measured["database_mib"] = here.ask("SELECT pg_database_size(current_database()) / 1048576")[0][0]
    return {"measured": measured}
