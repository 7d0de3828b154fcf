"""The figures on the tabs of one member, out of an organization's counters. Pure: the stream uses it too.

Keys are ``open``, ``unanswered``, ``overdue``, the same for the ``pool`` nobody has taken and that is of low
priority, each also per account (``open@12``), and ``mine:<member>``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

VIEWS = {"open": "pool", "unanswered": "pool-unanswered", "overdue": "pool-overdue"}
TABS = (*VIEWS, *VIEWS.values())


def tabs_of(counters: Mapping[str, int], places: Sequence[str], member_id: int, scope: str) -> dict[str, int]:
    """What stands on each tab. ``places`` ends the keys: ``[""]`` for who sees every account, ``["@12"]`` …

    For the scope ``own`` only the pool is known here: their own cases are counted where they are read.
    """
    words = scope.split()

    def total(key: str) -> int:
        return sum(counters.get(f"{key}{place}", 0) for place in places)

    mine = {"mine": counters.get(f"mine:{member_id}", 0)}
    if "own" not in words:
        return {view: total(view) for view in VIEWS} | mine
    if "pool" not in words:
        return dict.fromkeys(VIEWS, 0) | mine
    return {view: total(pool) for view, pool in VIEWS.items()} | mine
