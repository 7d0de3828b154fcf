"""Which cases of a batch are filed as they come in, by the organization's rules; and receipts that moved."""

from __future__ import annotations

from collections import defaultdict

from django.db import connection

from tickets.cases.domain.filing import Rulebook
from tickets.cases.models import Ticket
from tickets.clocks.domain.legal import LegalRules, move_receipt
from tickets.enums import ClockKind, Direction
from tickets.intake.plan import Intake


def mark_filings(intake: Intake, rulebook: Rulebook) -> None:
    """Say of every case that somebody wrote in whether it is to be filed. Pure.

    What `decide` proposes from the kind alone gives way to what the organization decided. Each message is judged
    by itself, so that one batch and many small ones end the same. A courtesy files nothing, nor does an insult that
    names no matter of service: a colleague who sees one in it files it, from its receipt all the same.
    """
    said: dict[int, list[str]] = defaultdict(list)
    for message in intake.messages:
        is_theirs = message.ticket_id and message.is_new and message.direction == Direction.IN
        if is_theirs and not (message.is_courtesy or message.is_bare_insult):
            said[message.ticket_id].append(message.text)
    for case in intake.cases:
        case.is_to_be_filed = (
            case.radicado is None
            and case.is_open
            and any(rulebook.files(case.kind, text) for text in said[case.id])
        )


def owe_terms(intake: Intake, rules: LegalRules) -> None:
    """What is filed with this batch owes its legal term, from its receipt. Pure."""
    for case in intake.cases:
        if case.is_to_be_filed and case.radicado is None and ClockKind.LEGAL not in case.clocks:
            clock = rules.start(case.kind, case.opened_at, case.channel)
            if clock is not None:
                case.clocks[ClockKind.LEGAL] = clock


def move_receipts(organization_id: int, intake: Intake) -> None:
    """An earlier message arrived later: what was filed was received then. Inside the batch's transaction."""
    ids = [case.id for case in intake.cases if not case.is_new and case.radicado is not None]
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tickets_filing f SET received_at = t.opened_at FROM tickets_ticket t "
            "WHERE f.organization_id = %(org)s AND f.ticket_id = ANY(%(ids)s) AND t.organization_id = %(org)s "
            "AND t.id = f.ticket_id AND f.radicado = t.radicado AND t.opened_at < f.received_at "
            "RETURNING t.id, t.opened_at",
            {"org": organization_id, "ids": ids},
        )
        earlier = cursor.fetchall()
    for ticket_id, received_at in earlier:
        move_receipt(Ticket.objects.select_related("organization").get(pk=ticket_id), received_at)
