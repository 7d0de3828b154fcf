"""Filing a case: by hand, when its kind is corrected, or because nobody answered on the day of receipt."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from helpdesk import audit, clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership, Organization
from tickets.cases.domain.filing import Rulebook, file_case, radicado_of, rulebook_of, take_numbers
from tickets.cases.filings import Numbers
from tickets.cases.models import Conversation, Filing, Message, Ticket
from tickets.cases.rules import OWN_FORM, FilingWhen, clean_number, same_day_end
from tickets.clocks.domain import marks
from tickets.clocks.domain.legal import legal_rules, owe_term
from tickets.clocks.domain.terms import rules_at
from tickets.clocks.models import Clock
from tickets.enums import OPEN_STATES, Direction, PqrKind, TicketState
from tickets.replies.domain.reply import Refused

# So many at a time: the counter of radicados is held meanwhile.
LIMIT = 200
NUMBER_LENGTH = 40


@transaction.atomic
def file_ticket(
    ticket: Ticket, *, by: Membership | None, number: str = "", kind: str = "", cause: str = "request"
) -> Filing:
    """Give a case its radicado; it counts from the receipt of its first message. The case is locked by the caller.

    ``number`` of the organization's own PQR system, where its setting says that numbers come from there; ``kind``
    when the case has none yet. The customer is told by a step of its own (``telling``).
    Raises :class:`Refused` ``filed_already``, ``filing_joined``, ``filing_needs_kind``, ``filing_never``,
    ``filing_needs_number``, ``filing_own_numbers``, ``filing_number_form`` or ``filing_number_taken``.
    """
    rulebook = rulebook_of(ticket.organization_id)
    number = clean_number(number)
    _check(ticket, kind or ticket.kind, rulebook)
    _check_number(ticket, number, rulebook)
    if kind and kind != ticket.kind:
        ticket.kind, ticket.kind_corrected_by = PqrKind(kind).value, by
    filing = file_case(ticket, now=clock.now(), zone=_zone(ticket), number=number, cause=cause, by=by)
    owe_term(ticket, kind=filing.kind, received_at=filing.received_at)
    marks.place_in_queue(ticket)
    ticket.version += 1
    ticket.save()
    _tell(filing, by)
    return filing


def file_if_ruled(ticket: Ticket, *, by: Membership | None, cause: str) -> Filing | None:
    """File a case whose kind is filed by itself, as the organization decided; saves the filing, not the case."""
    rulebook = rulebook_of(ticket.organization_id)
    if ticket.radicado is not None or not rulebook.files(ticket.kind, words_of(ticket)):
        return None
    filing = file_case(ticket, now=clock.now(), zone=_zone(ticket), cause=cause, by=by)
    owe_term(ticket, kind=filing.kind, received_at=filing.received_at)
    _tell(filing, by)
    return filing


def words_of(ticket: Ticket) -> str:
    """What the customer has said in the case."""
    said = Message.objects.filter(
        organization_id=ticket.organization_id, ticket=ticket, direction=Direction.IN, deleted_at=None
    )
    return "\n".join(said.order_by("occurred_at").values_list("text", flat=True)[:100])


def file_unanswered(organization: Organization, *, now: datetime) -> list[int]:
    """File what nobody answered on the business day of its receipt; the cases. As the worker.

    One worker at a time for an organization (an advisory lock until the commit); a case that is filed leaves the
    list, so running it again, or twice at once, files nothing twice. A few statements for hundreds of cases: the
    counter of radicados is taken last, and nobody waits long for it.
    """
    with tenant(organization.pk), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LEASE, organization.pk])
        kinds = rulebook_of(organization.pk).kinds_by_rule() if cursor.fetchone()[0] else []
        due = _due(organization, kinds, now) if kinds else []
        if not due:
            return []
        year = now.astimezone(ZoneInfo(organization.timezone)).year
        first = take_numbers(cursor, organization.pk, year, len(due))
        for place, ticket in enumerate(due):
            ticket.radicado, ticket.version = radicado_of(year, first + place), ticket.version + 1
        filings = Filing.objects.bulk_create(_filing_of(ticket) for ticket in due)
        _owe_terms(organization, due, filings)
        Ticket.objects.bulk_update(due, ["radicado", "version", *PLACE])
        AuditEvent.objects.bulk_create(_line_of(ticket) for ticket in due)
    return [ticket.pk for ticket in due]


def _due(organization: Organization, kinds: list[str], now: datetime) -> list[Ticket]:
    """The unanswered whose day is over, by the calendar of the account each came in by."""
    tickets = _unanswered(organization, kinds, now)
    threads = Conversation.objects.filter(organization_id=organization.pk, current_ticket__in=tickets)
    account_of = dict(threads.order_by("-id").values_list("current_ticket_id", "account_id"))
    due = []
    for ticket in tickets:
        hours = rules_at(organization.pk, account_of.get(ticket.pk))
        if hours is not None and now >= same_day_end(ticket.opened_at, hours.calendar):
            due.append(ticket)
    return due


# Where a case stands in the queue.
PLACE = ("next_deadline_at", "next_clock_kind", "queue_at")


def _owe_terms(organization: Organization, tickets: list[Ticket], filings: list[Filing]) -> None:
    """Begin the legal terms of cases just filed together: they stand where that puts them."""
    rules = legal_rules(organization)
    clocks = []
    for ticket, filing in zip(tickets, filings, strict=True):
        row = rules.start(filing.kind, filing.received_at, ticket.channel)
        if row is None:
            continue
        clock = Clock(organization_id=organization.pk, ticket=ticket, kind=row.kind)
        marks.put(clock, row)
        clocks.append(clock)
        if row.due_at < ticket.queue_at:
            ticket.next_deadline_at = ticket.queue_at = row.due_at
            ticket.next_clock_kind = row.kind.value
    Clock.objects.bulk_create(clocks)


def _filing_of(ticket: Ticket) -> Filing:
    return Filing(
        organization_id=ticket.organization_id,
        ticket=ticket,
        radicado=ticket.radicado,
        kind=ticket.kind,
        received_at=ticket.opened_at,
        cause="same_day",
    )


def _line_of(ticket: Ticket) -> AuditEvent:
    data = {"radicado": ticket.radicado, "kind": ticket.kind, "cause": "same_day", "external": False}
    return AuditEvent(
        organization_id=ticket.organization_id, action="ticket.filed", ticket_id=ticket.pk, data=data
    )


# The first key of the advisory lock: "radicar".
_LEASE = 7_234_227


def _unanswered(organization: Organization, kinds: list[str], now: datetime) -> list[Ticket]:
    found = Ticket.objects.filter(
        organization_id=organization.pk,
        kind__in=kinds,
        opened_at__lt=now,
        state__in=[state.value for state in OPEN_STATES],
        radicado__isnull=True,
        first_sent_at__isnull=True,
    )
    # In the order of their keys, as every writer; who is being worked on waits for the next round.
    oldest = list(found.order_by("opened_at").values_list("pk", flat=True)[:LIMIT])
    locked = found.filter(pk__in=oldest).order_by("pk").select_for_update(of=("self",), skip_locked=True)
    return list(locked)


def _check(ticket: Ticket, kind: str, rulebook: Rulebook) -> None:
    if ticket.state == TicketState.JOINED:
        raise Refused("filing_joined")
    if ticket.radicado is not None:
        raise Refused("filed_already")
    if not kind or kind not in rulebook.when:
        raise Refused("filing_needs_kind")
    if rulebook.when[kind] == FilingWhen.NEVER:
        raise Refused("filing_never")


def _check_number(ticket: Ticket, number: str, rulebook: Rulebook) -> None:
    if rulebook.policy.numbers == Numbers.OURS:
        if number:
            raise Refused("filing_own_numbers")
        return
    if not number:
        raise Refused("filing_needs_number")
    # One that looks like ours could be ours one day.
    if len(number) > NUMBER_LENGTH or OWN_FORM.fullmatch(number) or not any(c.isalnum() for c in number):
        raise Refused("filing_number_form")
    if Filing.objects.filter(organization_id=ticket.organization_id, radicado=number).exists():
        raise Refused("filing_number_taken")


def _zone(ticket: Ticket) -> ZoneInfo:
    return ZoneInfo(ticket.organization.timezone)


def _tell(filing: Filing, by: Membership | None) -> None:
    audit.record(
        filing.organization_id,
        "ticket.filed",
        actor_id=by.pk if by else None,
        ticket_id=filing.ticket_id,
        radicado=filing.radicado,
        kind=filing.kind,
        cause=filing.cause,
        external=filing.is_external,
    )
