"""While we wait for a customer: one reminder, then the case is closed «sin respuesta del cliente», with a way back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from time import monotonic

from django.db import connection, transaction
from django.db.models import F

from helpdesk import audit, clock
from helpdesk.tenancy.context import tenant
from tickets.cases.models import Ticket
from tickets.clocks.domain import marks
from tickets.clocks.models import Clock, Wait
from tickets.enums import ClockKind, TicketState
from tickets.replies.domain.notices import Notice, queue_notices, refusal_of
from tickets.replies.domain.targets import Target, targets_of, threads_of
from tickets.replies.filing_sentences import first_name, is_formal

LIMIT = 500
# Seconds it works before intake gets its turn.
TURN_S = 3.0
NO_ANSWER, DESISTED = "no_answer", "desisted"
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
# A petition we asked to complete and nobody did (CO, Ley 1755, art. 17): given up, and it may be filed again.
GIVEN_UP = {
    True: "archivamos su petición {number}: pasó un mes desde que le pedimos completarla y no lo hizo, así que la ley "
    "la da por desistida. Puede presentarla de nuevo cuando quiera, por aquí mismo.",
    False: "archivamos tu petición {number}: pasó un mes desde que te pedimos completarla y no lo hiciste, así que la "
    "ley la da por desistida. Puedes presentarla de nuevo cuando quieras, por aquí mismo.",
}
_DUE = (
    "SELECT organization_id, id, ticket_id FROM tickets_wait WHERE ended_at IS NULL AND next_at <= now() "
    f"AND id <> ALL(%s) ORDER BY next_at LIMIT {LIMIT}"
)
Pairs = list[tuple[int, int]]
# Case → what was said in it.
Said = dict[int, int]


@dataclass(frozen=True, slots=True)
class Due:
    """A wait whose step is due, with its case."""

    ticket: Ticket
    wait: Wait


def sweep_waits(*, seconds: float = TURN_S) -> dict[int, Pairs]:
    """Take every wait whose step is due one step on; ``(case, message or 0)`` by organization. As the worker.

    One indexed question for all organizations; some hundreds of cases of one are taken on in a transaction, each
    with its audit line. One that somebody holds waits for the next round, and so does the rest after ``seconds``.
    """
    moved: dict[int, Pairs] = defaultdict(list)
    seen: list[int] = []
    end = monotonic() + seconds
    while monotonic() < end and (due := _due(seen)):
        seen += [wait_id for _org, wait_id, _ticket in due]
        for organization_id, group in groupby(due, key=lambda one: one[0]):
            with tenant(organization_id):
                moved[organization_id] += _steps({wait: case for _org, wait, case in group})
    return {organization_id: pairs for organization_id, pairs in moved.items() if pairs}


def _due(seen: list[int]) -> list[tuple[int, int, int]]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_DUE, [seen])
        return sorted(cursor.fetchall())


def _steps(wanted: dict[int, int]) -> Pairs:
    """The steps of these waits (wait → case) of one organization, together."""
    found = Ticket.objects.filter(pk__in=wanted.values()).select_related("organization", "customer")
    locked = found.select_for_update(of=("self",), skip_locked=True).order_by("pk")
    cases = {ticket.pk: ticket for ticket in locked}
    rows = Wait.objects.filter(pk__in=wanted, ticket_id__in=list(cases), ended_at=None).order_by("pk")
    kinds: dict[Callable[[list[Due]], Said], list[Due]] = defaultdict(list)
    now, incomplete = clock.now(), _incomplete(cases)
    for wait in rows:
        step = _step(cases[wait.ticket_id], wait, now, wait.ticket_id in incomplete)
        kinds[step].append(Due(cases[wait.ticket_id], wait))
    said = {case: message for step, dues in kinds.items() for case, message in step(dues).items()}
    return [(wait.ticket_id, said.get(wait.ticket_id, 0)) for wait in rows]


def _incomplete(cases: Iterable[int]) -> dict[int, datetime]:
    """Of these cases those whose legal term stands still, and since when."""
    held = Clock.objects.filter(
        ticket_id__in=list(cases),
        kind=ClockKind.LEGAL,
        met_at=None,
        cancelled_at=None,
        paused_at__isnull=False,
    )
    return dict(held.values_list("ticket_id", "paused_at"))


def _step(ticket: Ticket, wait: Wait, now: datetime, is_incomplete: bool) -> Callable[[list[Due]], Said]:
    """What is next for a wait."""
    if ticket.state != TicketState.WAITING_CUSTOMER:
        return _leave
    if wait.close_at is not None and now >= wait.close_at:
        return _go_on if wait.reason == marks.OFFER else _give_up if is_incomplete else _close
    return _remind if wait.reminded_at is None else _await_end


def _leave(dues: list[Due]) -> Said:
    """The case went on some other way."""
    Wait.objects.filter(pk__in=_ids(dues)).update(next_at=None)
    return {}


def _await_end(dues: list[Due]) -> Said:
    Wait.objects.filter(pk__in=_ids(dues)).update(next_at=F("close_at"))
    return {}


def _remind(dues: list[Due]) -> Said:
    """Once; who cannot be told is not."""
    said = _say(dues, REMINDER, "recordatorio")
    _await_end(dues)
    reminded = [due for due in dues if due.ticket.pk in said]
    Wait.objects.filter(pk__in=_ids(reminded)).update(reminded_at=clock.now())
    _lines("ticket.reminded", reminded)
    return said


def _go_on(dues: list[Due]) -> Said:
    """Our offer was not taken in time: the case goes on, and the term of the law with it."""
    for ticket in (due.ticket for due in dues):
        ticket.state = TicketState.OPEN
        marks.resume(ticket, clock.now())
        marks.place_in_queue(ticket)
        ticket.version += 1
        ticket.save()
    Wait.objects.filter(pk__in=_ids(dues)).update(next_at=None, outcome=NO_ANSWER)
    _lines("ticket.wait_ended", dues)
    return {}


def _close(dues: list[Due]) -> Said:
    """They never answered: nothing was solved and nothing is late. What they write next opens it again."""
    said = _end(dues, NO_ANSWER, CLOSED, "sin-respuesta")
    _lines("ticket.closed_unanswered", dues)
    return said


def _give_up(dues: list[Due]) -> Said:
    """The act the law asks for: since when it was to be completed, and the words that told it, or that none could.

    The term stands still as it did: whoever comes back within the window of the case goes on in it, nothing lost.
    """
    since = _incomplete(due.ticket.pk for due in dues)
    said = _end(dues, DESISTED, GIVEN_UP, "desistimiento")
    facts = [
        (
            due.ticket.pk,
            {
                "wait": due.wait.pk,
                "since": since[due.ticket.pk].isoformat(),
                "message": said.get(due.ticket.pk),
            },
        )
        for due in dues
    ]
    audit.record_all(dues[0].wait.organization_id, "term.desisted", facts)
    return said


def _end(dues: list[Due], outcome: str, sentences: dict[bool, str], token: str) -> Said:
    now, cases = clock.now(), [due.ticket.pk for due in dues]
    running = Clock.objects.filter(ticket_id__in=cases, met_at=None, cancelled_at=None)
    running.exclude(kind=ClockKind.LEGAL).update(cancelled_at=now)
    Wait.objects.filter(pk__in=_ids(dues)).update(ended_at=now, next_at=None, outcome=outcome)
    said = _say(dues, sentences, token)
    Ticket.objects.filter(pk__in=cases).update(
        state=TicketState.RESOLVED, resolved_at=now, unanswered_since=None, unanswered_count=0
    )
    marks.place_all(dues[0].ticket.organization_id, cases)
    return said


def _ids(dues: list[Due]) -> list[int]:
    return [due.wait.pk for due in dues]


def _lines(action: str, dues: list[Due]) -> None:
    """A line of the audit for each case; all are of one organization."""
    facts = [(due.ticket.pk, {"wait": due.wait.pk}) for due in dues]
    if dues:
        audit.record_all(dues[0].wait.organization_id, action, facts)


def _say(dues: list[Due], sentences: dict[bool, str], token: str) -> Said:
    """In private where the network lets us speak first; else nothing is said, and the case shows it was not."""
    threads, now = threads_of([due.ticket for due in dues]), clock.now()
    notices = []
    for due in dues:
        target = targets_of(due.ticket, now=now, threads=threads[due.ticket.pk]).get("private")
        if target is None or not _is_ours_to_use(target):
            continue
        notices.append(Notice(due.ticket, target, _words(due.ticket, sentences), f"{token}:{due.wait.pk}"))
    return {message.ticket_id or 0: message.pk for message in queue_notices(notices)} if notices else {}


def _is_ours_to_use(target: Target) -> bool:
    thread = target.conversation
    return thread.pk is not None and not thread.is_public and not refusal_of(target)


def _words(ticket: Ticket, sentences: dict[bool, str]) -> str:
    words = sentences[is_formal(ticket.organization.sector)].format(number=ticket.radicado or ticket.number)
    name = first_name(ticket.customer.name)
    return f"{name}, {words}" if name else words[0].upper() + words[1:]
