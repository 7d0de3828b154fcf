"""What joining, splitting and undoing share: locks in one order, facts kept and put back, what has changed since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from channels_social.enums import ActionState
from helpdesk import clock
from helpdesk.text import excerpt
from tickets.cases.models import Conversation, Message, Ticket
from tickets.cases.moves import CaseMove
from tickets.clocks.domain import marks
from tickets.clocks.models import Clock, Wait
from tickets.enums import Direction

# What a move may change on the case that is kept, and puts back. `last_text` holds words: it is read again.
FACTS = (
    "state", "kind", "suggested_kind", "kind_corrected_by_id", "radicado", "priority", "assignee_id", "opened_at",
    "first_sent_at", "last_sent_at", "answered_until", "last_at", "channel", "last_asked_at", "unanswered_since",
    "unanswered_count",
    "joined_into_id", "is_reserved",
)  # fmt: skip
# Facts whose change since a move speaks against undoing it, and the code of the sentence that says so.
WATCHED = {
    "state": "since_state",
    "kind": "since_kind",
    "radicado": "since_filed",
    "joined_into_id": "since_joined",
    "is_reserved": "since_reserved",
    "last_asked_at": "since_message",
    "unanswered_count": "since_message",
    "last_at": "since_message",
    "last_sent_at": "since_answer",
}
CLOCK_FACTS = (
    "ticket_id", "started_at", "due_at", "warn_at", "alarms", "warned", "why", "paused_at", "cancelled_at",
)  # fmt: skip
INSTANTS = {"opened_at", "first_sent_at", "last_sent_at", "answered_until", "last_at", "last_asked_at",
            "unanswered_since", "started_at", "due_at", "warn_at", "alarms", "paused_at", "cancelled_at",
            "breached_at"}  # fmt: skip


def lock_cases(organization_id: int, ids: Iterable[int]) -> dict[int, Ticket]:
    """Lock the cases until the transaction ends, so that nobody waits in a circle.

    First the organization's inbox, as every turn of intake does before it looks at any case: no message can
    fall between two cases meanwhile. Then the cases in the order of their keys, as every writer does.
    Cases that are not there are missing from the answer.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM channels_social_inbox WHERE organization_id = %s FOR UPDATE", [organization_id]
        )
    found = (
        Ticket.objects.filter(organization_id=organization_id, pk__in=set(ids))
        .select_related("organization")
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    return {ticket.pk: ticket for ticket in found}


def facts_of(ticket: Ticket) -> dict[str, Any]:
    """The facts of a case that a move may change, as they are kept."""
    return {name: _kept(getattr(ticket, name)) for name in FACTS}


def clocks_of(ticket_ids: Iterable[int]) -> list[dict[str, Any]]:
    """The running clocks of the cases, as they can be put back."""
    running = Clock.objects.filter(ticket_id__in=list(ticket_ids), met_at=None, cancelled_at=None)
    rows = running.order_by("id").values("id", "breached_at", *CLOCK_FACTS)
    return [{name: _kept(value) for name, value in row.items()} for row in rows]


def waits_of(ticket_ids: Iterable[int]) -> list[int]:
    """The open waits of the cases."""
    return list(
        Wait.objects.filter(ticket_id__in=list(ticket_ids), ended_at=None).values_list("id", flat=True)
    )


def put_back(ticket: Ticket, facts: dict[str, Any]) -> None:
    """Set a case's facts as they were; saves nothing."""
    for name, value in facts.items():
        setattr(ticket, name, _value(name, value))


def put_clocks_back(before: dict[str, Any], ticket_ids: Iterable[int]) -> None:
    """Running clocks as they were, those begun since cancelled out of the way; marks of lateness stay."""
    known = {row["id"]: row for row in before["clocks"]}
    begun = Clock.objects.filter(ticket_id__in=list(ticket_ids), met_at=None, cancelled_at=None)
    begun.exclude(pk__in=known).update(cancelled_at=clock.now())
    # Aside first: for a moment two of a kind would run on one case.
    aside = Clock.objects.filter(pk__in=known, met_at=None)
    aside.update(cancelled_at=max((_value("due_at", row["due_at"]) for row in known.values()), default=None))
    for pk, row in known.items():
        facts = {name: _value(name, row[name]) for name in CLOCK_FACTS if name in row}
        if row.get("breached_at"):  # one that began anew was late no more: it is again
            facts["breached_at"] = _value("breached_at", row["breached_at"])
        Clock.objects.filter(pk=pk, met_at=None).update(**facts)
    Wait.objects.filter(pk__in=before["waits"]).update(ended_at=None)


def changed_since(ticket: Ticket, after: dict[str, Any]) -> str:
    """The code of the first thing that has happened to the case since, or nothing."""
    for name, code in WATCHED.items():
        if getattr(ticket, name) != _value(name, after.get(name, getattr(ticket, name))):
            return code
    return ""


def later_move(move: CaseMove) -> CaseMove | None:
    """A move of either case after this one that still stands: it must be undone first."""
    ids = [move.kept_id, move.other_id]
    later = CaseMove.objects.filter(organization_id=move.organization_id, pk__gt=move.pk, undone_at=None)
    return (later.filter(kept_id__in=ids) | later.filter(other_id__in=ids)).order_by("-pk").first()


def last_words(ticket: Ticket) -> str:
    """The last thing said in the case, as its row shows it."""
    last = (
        Message.objects.filter(organization_id=ticket.organization_id, ticket=ticket, is_notice=False)
        .order_by("-occurred_at", "-id")
        .values_list("text", flat=True)
        .first()
    )
    return excerpt(last, 160) if last else ""


def hang_messages(ids: Iterable[int], ticket: Ticket) -> None:
    """Messages and the notes that stand beside them belong to this case from now on."""
    Message.objects.filter(organization_id=ticket.organization_id, pk__in=list(ids)).update(ticket=ticket)


def hang_threads(threads: Iterable[tuple[int, int | None]]) -> None:
    """What is said next in these threads belongs to these cases: ``(thread, case)``."""
    for thread_id, ticket_id in threads:
        Conversation.objects.filter(pk=thread_id).update(current_ticket_id=ticket_id)


def leaving_now(message_ids: Iterable[int]) -> bool:
    """Whether one of these answers is on its way this very moment: its outcome is still to be written."""
    return Message.objects.filter(
        pk__in=list(message_ids), direction=Direction.OUT, send_state=ActionState.SENDING
    ).exists()


def keep(ticket: Ticket) -> None:
    """Save a case that a move has changed, in its place in the queue."""
    marks.place_in_queue(ticket)
    ticket.version += 1
    ticket.save()


def latest_move(ticket: Ticket) -> CaseMove | None:
    """The last move of this case that still stands."""
    found = CaseMove.objects.filter(organization_id=ticket.organization_id, kept=ticket, undone_at=None)
    return found.select_related("other", "by").order_by("-pk").first()


def _kept(value: Any) -> Any:
    """To the microsecond: Django's own encoder drops three digits, and the rows must be the same again."""
    if isinstance(value, list):
        return [_kept(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _value(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_value(name, one) for one in value]
    return datetime.fromisoformat(value) if name in INSTANTS and isinstance(value, str) else value
