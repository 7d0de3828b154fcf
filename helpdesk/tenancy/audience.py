"""Whose eyes a pushed frame is for: the policy of cases (migration 0009 of ``tickets``) said once more, in Python.

A test walks both over the same cases and people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Listener:
    """A member at their console. ``accounts`` is None for who sees every account."""

    organization_id: int
    member_id: int
    scope: str = ""
    accounts: frozenset[int] | None = None
    is_masked: bool = False
    language: str = "es"
    needs_reason: bool = False


def audience(
    *, account: int | None, assignee: int | None, priority: str, is_reserved: bool, shared: list[int]
) -> dict[str, Any]:
    """What a frame about a case says of the case, for :func:`sees`."""
    facts: dict[str, Any] = {"account": account, "assignee": assignee, "low": priority == "low"}
    if is_reserved:
        facts["reserved"] = True
    if shared:
        facts["shared"] = shared
    return facts


def sees(listener: Listener, case: Mapping[str, Any] | None) -> bool:
    """Whether a frame about this case is for this listener; a frame about no case is for everybody."""
    if case is None or listener.member_id in case.get("shared", ()):
        return True
    if case.get("reserved") or listener.needs_reason:
        return False
    if listener.accounts is not None and case["account"] not in listener.accounts:
        return False
    words = listener.scope.split()
    if "own" not in words or case["assignee"] == listener.member_id:
        return True
    return "pool" in words and case["assignee"] is None and bool(case["low"])
