"""What colleagues decide about attention: a message judged noise is a case after all, a case is none, noise is sampled.

Inside ``tenant``; each verb owns its transaction. What they decide is kept with the facts before it, so that
``undo_change`` puts everything back.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from channels_social.enums import ConversationKind
from channels_social.networks.base import Author, IncomingMessage
from helpdesk import audit, clock
from helpdesk.tenancy.context import whole
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.permissions import Mode, Permission
from helpdesk.text import clean
from tickets.cases.domain.filing import rulebook_of
from tickets.cases.models import Conversation, Message, Ticket
from tickets.clocks.models import Clock, Wait
from tickets.commitments.domain.promising import replaceable
from tickets.enums import OPEN_STATES, Direction, PqrKind, TicketState
from tickets.intake import casework, inbox
from tickets.intake.judging import judge_said
from tickets.intake.known import Known
from tickets.intake.load import load_known
from tickets.intake.people import listed
from tickets.intake.plan import Arrival, Case, Intake, Said, Thread
from tickets.intake.write import write
from tickets.replies.domain import moves
from tickets.replies.domain.teaching import first_said, keep_correction
from tickets.triage.engine import Verdict
from tickets.triage.labels import Kind
from tickets.triage.local import SERVICE
from tickets.triage.models import AttentionChange, NoiseSample, TriageCorrection

#: Of so many messages without attention a supervisor looks at one again (care.md, finding 3: 2 %).
SAMPLE_ONE_IN = 50
#: Of so many cases a colleague puts aside another one looks at one (finding 28).
JUDGED_AGAIN_ONE_IN = 5


class Refused(Exception):
    """It cannot be: ``code`` says why (``filed``, ``reason``, ``undone``, ``changed``, ``own``)."""

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
    with whole():  # as intake, which sees every case of the person
        before = _facts_around(message)
        case_id = _open(message, by.organization)
        Message.objects.filter(pk=message.pk).update(
            ticket_id=case_id, needs_attention=True, is_courtesy=False
        )
        _keep_change(message, case_id, before, by)
    _learn(message, "1", by)
    audit.record(
        by.organization_id, "message.needs_attention", actor_id=by.pk, ticket_id=case_id, message=message.pk
    )
    return case_id


def _facts_around(message: Message) -> dict[str, Any]:
    """What opening or joining may change: the person's open cases, and what else was said in the thread."""
    thread = message.conversation
    cases = Ticket.objects.filter(customer_id=thread.customer_id, state__in=OPEN_STATES)
    ids = [case.pk for case in cases]
    beside = Message.objects.filter(conversation_id=thread.pk, ticket__isnull=True)
    return {
        "cases": {str(case.pk): moves.facts_of(case) for case in cases},
        "clocks": moves.clocks_of(ids),
        "waits": moves.waits_of(ids),
        "thread": thread.current_ticket_id,
        "messages": list(beside.values_list("pk", flat=True)),
    }


def _keep_change(message: Message, case_id: int, before: dict[str, Any], by: Membership) -> None:
    case = Ticket.objects.get(pk=case_id)
    moved = Message.objects.filter(pk__in=before["messages"], ticket_id=case_id)
    AttentionChange.objects.create(
        organization_id=by.organization_id,
        is_needed=True,
        message=message,
        ticket=case,
        by=by,
        before={
            "case": before["cases"].get(str(case_id)),
            "clocks": [row for row in before["clocks"] if row["ticket_id"] == case_id],
            "waits": before["waits"],
            "thread": before["thread"],
            "courtesy": message.is_courtesy,
            "messages": list(moved.values_list("pk", flat=True)),
        },
        after=moves.facts_of(case),
    )


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
    _hear(case, said, verdict, thread, known, intake)
    rulebook = rulebook_of(organization.pk)
    case.is_to_be_filed = case.radicado is None and rulebook.files(case.kind, message.text)
    adopted = {thread_id for thread_id, _case in intake.adopted}
    # The database shows a thread and its messages with their case: they hang from it once it is there.
    thread.ticket_id, intake.adopted = conversation.current_ticket_id, []
    write(organization, intake, now=now)
    beside = Message.objects.filter(organization_id=organization.pk, ticket__isnull=True)
    beside.filter(conversation_id__in=adopted).update(ticket_id=case.id)
    Conversation.objects.filter(pk=conversation.pk).update(current_ticket_id=case.id)
    return case.id


def _hear(case: Case, said: Said, verdict: Verdict, thread: Thread, known: Known, intake: Intake) -> None:
    """Hear it as intake does. Where no request was heard, the words speak for no kind, of a new case or of an older
    one: nobody gets a radicado for want of words.
    """
    is_corrected = case.is_kind_corrected
    case.is_kind_corrected = is_corrected or verdict.kind == Kind.NINGUNO
    casework.hear(case, said, verdict, thread, known, intake)
    casework.hear_noise(case, thread, known)
    case.is_kind_corrected = is_corrected
    if case.is_new and verdict.kind == Kind.NINGUNO:
        case.kind = case.suggested_kind = PqrKind.INFORMACION.value


@transaction.atomic
def put_aside(ticket: Ticket, *, by: Membership, reason: str = "") -> AttentionChange | None:
    """The case needs no attention: it leaves the queue, its clocks are cancelled. None when it is not open.

    Raises :class:`Refused`: ``filed`` for a case with a radicado, whose legal term runs whatever we think of it;
    ``promised`` for one whose customer was promised a date that is still owed;
    ``reason`` where one is owed (care.md 6) and none is given.
    """
    if not ticket.is_open:
        return None
    if ticket.radicado is not None:
        raise Refused("filed")
    if replaceable(ticket).exists():
        raise Refused("promised")
    reason = clean(reason).strip()[:200]
    if by.mode(Permission.CLOSE_WITHOUT_MOTIVE) in (Mode.REASON, Mode.REASON_TWO) and not reason:
        raise Refused("reason")
    at = clock.now()
    mine = {"organization_id": ticket.organization_id, "ticket": ticket}
    before = {
        "case": moves.facts_of(ticket),
        "clocks": moves.clocks_of([ticket.pk]),
        "waits": moves.waits_of([ticket.pk]),
    }
    Clock.objects.filter(**mine, met_at=None, cancelled_at=None).update(cancelled_at=at)
    Wait.objects.filter(**mine, ended_at=None).update(ended_at=at)
    ticket.state, ticket.unanswered_since, ticket.unanswered_count = TicketState.NO_MOTIVE, None, 0
    moves.keep(ticket)
    first = first_said(ticket)
    if first is not None:
        _learn(first, "0", by)
        _sample_judgement(ticket, first, at)
    audit.record(
        ticket.organization_id, "ticket.put_aside", actor_id=by.pk, ticket_id=ticket.pk, reason=reason
    )
    return AttentionChange.objects.create(
        **mine,
        is_needed=False,
        message=first,
        by=by,
        reason=reason,
        before=before,
        after=moves.facts_of(ticket),
    )


def _sample_judgement(ticket: Ticket, first: Message, at: datetime) -> None:
    """One in five judgements of ours is looked at by a second person (care.md, finding 28)."""
    if ticket.pk % JUDGED_AGAIN_ONE_IN == 0:
        day = at.astimezone(ZoneInfo(ticket.organization.timezone)).date()
        NoiseSample.objects.get_or_create(
            organization_id=ticket.organization_id, message=first, defaults={"day": day}
        )


def _learn(message: Message, said: str, by: Membership) -> None:
    judged = "0" if (message.verdict or {}).get("kind", "") == Kind.NINGUNO else "1"
    keep_correction(message, aspect=SERVICE, judged=judged, said=said, by=by)


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
    """A supervisor has looked at a sampled message and leaves it where it is.

    Raises :class:`Refused` ``own`` for what they judged themselves.
    """
    if TriageCorrection.objects.filter(message_id=message_id, aspect=SERVICE, by=by).exists():
        raise Refused("own")
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
