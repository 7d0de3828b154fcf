"""Who sees a case that two became, or that came out of another: never anybody who was not named. Inside ``tenant``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.functions import TransactionNow

from tickets.cases.access import AccessKind, CaseAccess
from tickets.cases.models import Ticket


def named_in(ticket: Ticket) -> set[int]:
    """The people a reserved case is left to."""
    return set(_live(ticket).filter(kind=AccessKind.NAMED).values_list("member_id", flat=True))


def named_in_both(kept: Ticket, gone: Ticket) -> set[int] | None:
    """Who may see what the two become: of two reserved ones whoever sees both. None when neither is reserved."""
    sides = [named_in(ticket) for ticket in (kept, gone) if ticket.is_reserved]
    return set.intersection(*sides) if sides else None


def join_access(kept: Ticket, gone: Ticket) -> dict[str, Any]:
    """Let ``kept`` be seen by whom both may be seen by; saves nothing of the case. What it takes to undo it.

    The people of ``gone`` keep their sight of it: its numbers find the case that is left.
    """
    people = named_in_both(kept, gone)
    if people is None:
        return {"moved": _move_areas(kept, gone)}
    done: dict[str, Any] = {"added": [], "ended": []}
    if gone.is_reserved:
        done["ended"] = _end_others(kept, people)
        done["added"] = name(kept, people - named_in(kept), like=gone)
    kept.is_reserved = True
    if kept.assignee_id not in people:
        kept.assignee = None  # what an assignee may no longer see is nobody's
    return done


def part_access(gone: Ticket, done: dict[str, Any]) -> None:
    """Undo :func:`join_access`, as far as its rows are still there."""
    CaseAccess.objects.filter(pk__in=done.get("added", [])).delete()
    for pk, until in done.get("ended", []):
        CaseAccess.objects.filter(pk=pk).update(until=datetime.fromisoformat(until) if until else None)
    CaseAccess.objects.filter(pk__in=done.get("moved", [])).update(ticket=gone)


def name(ticket: Ticket, people: set[int], *, like: Ticket) -> list[int]:
    """Name these people in a case, as they were named in another; the keys of what was written."""
    rows = _live(like).filter(kind=AccessKind.NAMED, member_id__in=people)
    return [
        CaseAccess.objects.create(
            organization_id=ticket.organization_id, ticket=ticket, member_id=row.member_id, kind=row.kind,
            given_by_id=row.given_by_id, given_at=row.given_at,
        ).pk
        for row in rows.order_by("pk")
    ]  # fmt: skip


def _live(ticket: Ticket):  # type: ignore[no-untyped-def]
    return CaseAccess.objects.filter(organization_id=ticket.organization_id, ticket=ticket, until=None)


def _end_others(kept: Ticket, people: set[int]) -> list[list[Any]]:
    """Whoever else saw ``kept`` was not named in the other, which is in it now."""
    rows = CaseAccess.objects.filter(organization_id=kept.organization_id, ticket=kept).exclude(
        until__lte=TransactionNow()
    )
    rows = rows.exclude(kind=AccessKind.NAMED, member_id__in=people)
    ended = [[row.pk, row.until.isoformat() if row.until else None] for row in rows.order_by("pk")]
    rows.update(until=TransactionNow())  # as the policy reads the clock
    return ended


def _move_areas(kept: Ticket, gone: Ticket) -> list[int]:
    """The people of an area that was asked go on seeing what they were asked about."""
    rows = CaseAccess.objects.filter(organization_id=kept.organization_id, kind=AccessKind.AREA)
    had = rows.filter(ticket=kept).values_list("member_id", flat=True)
    theirs = rows.filter(ticket=gone).exclude(member_id__in=list(had))
    keys = sorted(theirs.values_list("pk", flat=True))
    CaseAccess.objects.filter(pk__in=keys).update(ticket=kept)
    return keys
