"""What colleagues decide about attention: a message judged noise is a case after all, a case is none, noise is sampled.

Inside ``tenant``; each verb owns its transaction.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from channels_social.enums import ConversationKind
from channels_social.networks.base import Author, IncomingMessage
from helpdesk import audit, clock
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.text import fold_handle
from tickets.cases.models import Message, Ticket
from tickets.clocks.domain import marks
from tickets.clocks.models import Clock, Wait
from tickets.enums import Direction, TicketState
from tickets.intake import casework, inbox
from tickets.intake.judging import judge_said
from tickets.intake.load import load_known
from tickets.intake.people import listed
from tickets.intake.plan import Arrival, Intake
from tickets.intake.write import write
from tickets.triage.domain.corrections import correct
from tickets.triage.engine import Context
from tickets.triage.labels import Kind
from tickets.triage.local import SERVICE

#: Of so many messages without attention a supervisor looks at one again (care.md, finding 3: 2 %).
SAMPLE_ONE_IN = 50


class Refused(Exception):
    """The case cannot be put aside: ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def require_attention(message_id: int, *, by: Membership) -> int | None:
    """Open the case that this message should have opened, its clocks from receipt; the case's id, None if unknown.

    Done twice it opens one case: the second finds the message in it.
    """
    inbox.be_the_only_one(by.organization_id)
    message = (
        Message.objects.select_for_update(of=("self",))
        .select_related("conversation__identity", "conversation__account")
        .filter(pk=message_id, direction=Direction.IN)
        .first()
    )
    if message is None or message.deleted_at is not None:
        return None
    if message.ticket_id is not None:
        return message.ticket_id
    with whole():  # whoever sees the message opens its case, also one they may not see
        case_id = _open(message, by.organization)
        Message.objects.filter(pk=message.pk).update(ticket_id=case_id, needs_attention=True)
        _learn(message, "1", by)
        audit.record(
            by.organization_id,
            "message.needs_attention",
            actor_id=by.pk,
            ticket_id=case_id,
            message=message.pk,
        )
    return case_id


def _open(message: Message, organization: Organization) -> int:
    """Decide as intake does, of one message that is already there and is noise no more."""
    conversation, identity = message.conversation, message.conversation.identity
    author = Author(
        "" if identity.is_anonymous else identity.external_id, identity.scope, identity.name, identity.handle
    )
    item = IncomingMessage(
        kind=ConversationKind(conversation.kind),
        external_id=message.external_id or "",
        thread_key=conversation.thread_key,
        author=author,
        text=message.text,
        occurred_at=message.occurred_at,
    )
    now = clock.now()
    arrival = Arrival(0, conversation.account_id, conversation.network, item)
    known, intake = load_known(organization, [arrival], now=now), Intake()
    said = known.messages[conversation.network, item.external_id]
    person = known.people[conversation.network, identity.scope, identity.external_id]
    thread = listed(known.threads[conversation.network, conversation.kind, conversation.thread_key], intake)
    said.account_id = conversation.account_id
    verdict = judge_said(said, item, known)
    said.is_noise = said.is_courtesy = False
    if said.occurred_at in thread.unheard:
        thread.unheard.remove(said.occurred_at)
    case = casework.case_for(said, verdict, person, thread, known, intake)
    if case is None:  # only courtesy and noise have none
        raise AssertionError("a message that needs attention has a case")
    casework.hear(case, said, verdict, thread, known, intake)
    casework.hear_noise(case, thread, known)
    write(organization, intake, now=now)
    return case.id


@transaction.atomic
def put_aside(ticket: Ticket, *, by: Membership) -> bool:
    """The case needs no attention: it leaves the queue, its clocks are cancelled. False when it is not open.

    Raises :class:`Refused` ("filed") for a case with a radicado: its legal term runs whatever we think of it.
    """
    if not ticket.is_open:
        return False
    if ticket.radicado is not None:
        raise Refused("filed")
    at = clock.now()
    mine = {"organization_id": ticket.organization_id, "ticket": ticket}
    Clock.objects.filter(**mine, met_at=None, cancelled_at=None).update(cancelled_at=at)
    Wait.objects.filter(**mine, ended_at=None).update(ended_at=at)
    ticket.state, ticket.unanswered_since, ticket.unanswered_count = TicketState.NO_MOTIVE, None, 0
    marks.place_in_queue(ticket)
    ticket.version += 1
    ticket.save()
    first = _first_said(ticket)
    if first is not None:
        _learn(first, "0", by)
    audit.record(ticket.organization_id, "ticket.put_aside", actor_id=by.pk, ticket_id=ticket.pk)
    return True


def _first_said(ticket: Ticket) -> Message | None:
    return (
        Message.objects.select_related("conversation__account")
        .filter(ticket=ticket, direction=Direction.IN, is_courtesy=False)
        .order_by("occurred_at", "pk")
        .first()
    )


def _learn(message: Message, said: str, by: Membership) -> None:
    account = message.conversation.account
    judged = (message.verdict or {}).get("kind", "")
    correct(
        message_id=message.pk,
        text=message.text,
        context=Context(
            frozenset({fold_handle(account.handle)}), is_to_us=message.network != "x" or not message.is_public
        ),
        aspect=SERVICE,
        judged="0" if judged == Kind.NINGUNO else "1",
        said=said,
        by=by,
    )


def sample_noise(organization: Organization, day: date) -> int:
    """Mark two of a hundred of a day's noise for a supervisor; how many are new. The same day gives the same ones."""
    zone = ZoneInfo(organization.timezone)
    since = datetime.combine(day, time(), zone)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_noisesample (organization_id, message_id, day) "
            "SELECT organization_id, id, %s FROM tickets_message WHERE organization_id = %s AND direction = 'in' "
            "AND ticket_id IS NULL AND NOT needs_attention AND NOT is_courtesy AND deleted_at IS NULL "
            "AND occurred_at >= %s AND occurred_at < %s AND abs(hashint8(id)::bigint) %% %s = 0 ON CONFLICT DO NOTHING",
            [day, organization.pk, since, since + timedelta(days=1), SAMPLE_ONE_IN],
        )
        return cursor.rowcount


@transaction.atomic
def mark_reviewed(message_id: int, *, by: Membership) -> bool:
    """A supervisor has looked at a sampled message and leaves it where it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tickets_noisesample SET reviewed_by_id = %s, reviewed_at = now() "
            "WHERE organization_id = %s AND message_id = %s AND reviewed_at IS NULL",
            [by.pk, by.organization_id, message_id],
        )
        found = cursor.rowcount == 1
    if found:
        audit.record(by.organization_id, "noise.reviewed", actor_id=by.pk, message=message_id)
    return found
