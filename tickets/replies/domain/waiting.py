"""While we wait for a customer: one reminder, then the case is closed «sin respuesta del cliente», with a way back."""

from __future__ import annotations

from django.db import connection, transaction

from helpdesk import audit, clock
from helpdesk.tenancy.context import tenant
from tickets.cases.models import Message, Ticket
from tickets.clocks.domain import marks
from tickets.clocks.models import Clock, Wait
from tickets.enums import ClockKind, TicketState
from tickets.replies.domain.notices import queue_notice, refusal_of
from tickets.replies.domain.targets import targets_of
from tickets.replies.filing_sentences import first_name, is_formal

LIMIT = 200
NO_ANSWER = "no_answer"
# Formal, then by name.
REMINDER = {
    True: "seguimos pendientes de su respuesta para continuar con su caso {number}. Si ya no la necesita, no tiene que "
    "hacer nada.",
    False: "seguimos pendientes de tu respuesta para continuar con tu caso {number}. Si ya no la necesitas, no tienes "
    "que hacer nada.",
}
CLOSED = {
    True: "cerramos su caso {number} porque no tuvimos respuesta. Si aún lo necesita, escríbanos por aquí y lo "
    "retomamos.",
    False: "cerramos tu caso {number} porque no tuvimos respuesta. Si aún lo necesitas, escríbenos por aquí y lo "
    "retomamos.",
}
_DUE = (
    "SELECT organization_id, id, ticket_id FROM tickets_wait WHERE ended_at IS NULL AND next_at <= now() "
    f"ORDER BY next_at LIMIT {LIMIT}"
)


def sweep_waits() -> dict[int, list[tuple[int, int]]]:
    """Take every wait whose step is due one step on; ``(case, message or 0)`` by organization. As the worker.

    One indexed question for all organizations; each case is a transaction of its own, and one that somebody holds
    waits for the next round.
    """
    moved: dict[int, list[tuple[int, int]]] = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_DUE)
        due = cursor.fetchall()
    for organization_id, wait_id, ticket_id in due:
        with tenant(organization_id):
            found = Ticket.objects.filter(pk=ticket_id).select_related("organization", "customer")
            ticket = found.select_for_update(of=("self",), skip_locked=True).first()
            wait = Wait.objects.filter(pk=wait_id, ended_at=None).first() if ticket else None
            if ticket is None or wait is None:
                continue
            message = _step(ticket, wait)
        moved.setdefault(organization_id, []).append((ticket_id, message.pk if message else 0))
    return moved


def _step(ticket: Ticket, wait: Wait) -> Message | None:
    if ticket.state != TicketState.WAITING_CUSTOMER:
        Wait.objects.filter(pk=wait.pk).update(next_at=None)
        return None
    if wait.close_at is not None and clock.now() >= wait.close_at:
        return _close(ticket, wait)
    message = _say(ticket, REMINDER, f"recordatorio:{wait.pk}") if wait.reminded_at is None else None
    reminded_at = clock.now() if message is not None else wait.reminded_at
    Wait.objects.filter(pk=wait.pk).update(next_at=wait.close_at, reminded_at=reminded_at)
    if message is not None:
        audit.record(ticket.organization_id, "ticket.reminded", ticket_id=ticket.pk, wait=wait.pk)
    return message


def _close(ticket: Ticket, wait: Wait) -> Message | None:
    """They never answered: nothing was solved and nothing is late. What they write next opens it again."""
    now = clock.now()
    Clock.objects.filter(
        organization_id=ticket.organization_id, ticket=ticket, met_at=None, cancelled_at=None
    ).exclude(kind=ClockKind.LEGAL).update(cancelled_at=now)
    Wait.objects.filter(pk=wait.pk).update(ended_at=now, next_at=None, outcome=NO_ANSWER)
    message = _say(ticket, CLOSED, f"sin-respuesta:{wait.pk}")
    ticket.state, ticket.resolved_at = TicketState.RESOLVED, now
    ticket.unanswered_since, ticket.unanswered_count = None, 0
    marks.place_in_queue(ticket)
    ticket.version += 1
    ticket.save()
    audit.record(ticket.organization_id, "ticket.closed_unanswered", ticket_id=ticket.pk, wait=wait.pk)
    return message


def _say(ticket: Ticket, sentences: dict[bool, str], token: str) -> Message | None:
    """In private where the network lets us speak first; else nothing is said, and the case shows it was not."""
    target = targets_of(ticket, now=clock.now()).get("private")
    if (
        target is None
        or target.conversation.pk is None
        or target.conversation.is_public
        or refusal_of(target)
    ):
        return None
    words = sentences[is_formal(ticket.organization.sector)].format(number=ticket.radicado or ticket.number)
    name = first_name(ticket.customer.name)
    text = f"{name}, {words}" if name else words[0].upper() + words[1:]
    return queue_notice(ticket, target, text=text, token=token)
