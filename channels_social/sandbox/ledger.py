"""What X would charge: pay-per-use prices (docs.x.com/x-api/getting-started/pricing, read 2026-08).

A resource read again on the same UTC day is not charged again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from channels_social.sandbox.ids import now_ms
from channels_social.sandbox.store import Store

# Millionths of a dollar.
PRICES = {
    "post_read": 5_000,
    "owned_read": 1_000,
    "dm_read": 10_000,
    "post_create": 15_000,
    "post_create_url": 200_000,
    "reply_summoned": 10_000,
    "dm_create": 15_000,
    "event_post": 5_000,
    "event_dm": 10_000,
}


def charge(store: Store, account: str, kind: str, resources: Iterable[str]) -> None:
    """Write down one charge per resource, unless that resource was charged already today."""
    now = now_ms()
    day = datetime.fromtimestamp(now / 1000, UTC).date().isoformat()
    rows = [(account, kind, str(resource), day, now, PRICES[kind]) for resource in resources]
    if rows:
        columns = "account, kind, resource, day, at_ms, microdollars"
        sql = f"INSERT OR IGNORE INTO ledger ({columns}) VALUES (?,?,?,?,?,?)"
        store.run_many(sql, rows)


def totals(store: Store, account: str = "") -> list[dict[str, Any]]:
    """Per account and kind: how many and how much, in dollars."""
    sql = """SELECT account, kind, count(*) AS units, sum(microdollars) AS cost FROM ledger
             WHERE ? IN ('', account) GROUP BY account, kind ORDER BY account, kind"""
    return [
        {"account": r["account"], "kind": r["kind"], "units": r["units"], "usd": r["cost"] / 1e6}
        for r in store.all(sql, account)
    ]
