"""Who may approve an answer, and until when it should be (care.md, finding 20). Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

# The author's supervisor first; after this anybody who approves.
FIRST = timedelta(minutes=5)
# As many approved without a change propose the end of it.
PROPOSED_AFTER = 50


def open_to_all_at(written_at: datetime, *, supervisor: int | None, is_supervisor_here: bool) -> datetime:
    """From when any approver may decide: at once when no supervisor is assigned, or theirs is not there."""
    return written_at + FIRST if supervisor is not None and is_supervisor_here else written_at


def why_not(*, author: int | None, by: int, supervisor: int | None, opens_at: datetime, now: datetime) -> str:
    """Why somebody may not approve it now: ``own``, ``first`` (their supervisor has the first minutes), or ""."""
    if author == by:
        return "own"
    if supervisor == by or now >= opens_at:
        return ""
    return "first"


def due_at(written_at: datetime, clock_due: datetime | None) -> datetime:
    """Five minutes, and always before the case's clock."""
    return min(written_at + FIRST, clock_due) if clock_due is not None else written_at + FIRST
