"""Asks customers, once per case, whether it stayed solved, in the private thread in which they may be asked.

The question is no answer: no clock starts or stops for it, and it leaves in the lane of after-contacts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db import connection
from django.db.models import Q, QuerySet
from psycopg2.extras import execute_values

from channels_social.enums import ActionKind, Lane
from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership
from tickets.aftercontact.models import AfterContact, AfterContactPolicy
from tickets.aftercontact.sentences import question
from tickets.cases.models import Conversation, Message, Ticket
from tickets.customers.models import Customer
from tickets.replies.domain.notices import Notice, queue_notices, refusal_of
from tickets.replies.domain.reply import threads_for
from tickets.replies.domain.targets import Target, targets_of, threads_of
from tickets.replies.filing_sentences import is_formal

# A question is waited for at least so long.
STANDS_AFTER = timedelta(days=7)
_ASKED = """
UPDATE tickets_aftercontact AS a SET state = 'asked', code = '', scale = v.scale, question_id = v.question,
    conversation_id = v.thread, by_id = v.by::bigint, asked_at = v.at, expires_at = greatest(a.expires_at, v.until)
FROM (VALUES %s) AS v(org, id, scale, question, thread, by, at, until)
WHERE a.organization_id = v.org AND a.id = v.id
"""


@dataclass(frozen=True, slots=True)
class Asking:
    """A case that is to be asked about, and the road by which it may be."""

    row: AfterContact
    ticket: Ticket
    target: Target


def same_person(ticket: Ticket) -> QuerySet[Customer]:
    """The customer of a case, and whoever turned out to be the same person."""
    return Customer.objects.filter(Q(pk=ticket.customer_id) | Q(merged_into=ticket.customer_id))


def is_left_alone(ticket: Ticket) -> bool:
    """Whether the customer, under any name they had here, asked not to be contacted."""
    return same_person(ticket).filter(no_contact=True).exists()


def left_alone(tickets: Sequence[Ticket]) -> set[int]:
    """The customers among theirs that asked, under any name they had here, not to be contacted."""
    ids = {ticket.customer_id for ticket in tickets}
    said = Customer.objects.filter(Q(pk__in=ids) | Q(merged_into__in=ids), no_contact=True)
    return {pk if pk in ids else into for pk, into in said.values_list("pk", "merged_into")}


def way_to_ask(ticket: Ticket, *, by_hand: bool = False) -> tuple[Target | None, str]:
    """The private thread in which the customer may be asked; or None and why not.

    ``by_hand``: a colleague asks, who has the seven days of a human agent, and sees a reserved case.
    """
    threads = threads_of([ticket])[ticket.pk]
    return way(ticket, threads, is_alone=is_left_alone(ticket), by_hand=by_hand)


def way(
    ticket: Ticket, threads: list[Conversation], *, is_alone: bool, by_hand: bool = False
) -> tuple[Target | None, str]:
    """The same where its threads are known, and whether the customer is left alone."""
    if is_alone:
        return None, "no_contact"
    if ticket.is_reserved and not by_hand:
        return None, "reserved"
    # Where it has no thread of its own, what was said of it goes on in another case's.
    target = targets_of(ticket, now=clock.now(), threads=threads).get("private") if threads else None
    if target is None or target.conversation.pk is None:
        return None, "no_target"
    if target.conversation.current_ticket_id != ticket.pk:
        return None, "no_target"
    code = refusal_of(target)
    if by_hand and code == "window_closed" and target.window.is_open:
        code = ""
    if not code and target.conversation.is_public:
        code = _first_words(target, by_hand)
    return (None, code) if code else (target, "")


def _first_words(target: Target, by_hand: bool) -> str:
    """Why nobody who only spoke in public is written to; nothing where X says that they accept messages.

    A colleague may try where X does not say.
    """
    accepts = target.conversation.identity.accepts_dm
    is_known = accepts is True or (by_hand and accepts is None)
    return "" if target.kind == ActionKind.DIRECT_MESSAGE and is_known else "no_target"


def ask(
    row: AfterContact, ticket: Ticket, target: Target, policy: AfterContactPolicy, *, by: Membership | None
) -> Message | None:
    """Queue the question, once. The case is locked."""
    return next(iter(ask_all([Asking(row, ticket, target)], policy, by=by)), None)


def ask_all(asking: Sequence[Asking], policy: AfterContactPolicy, *, by: Membership | None) -> list[Message]:
    """Queue the questions, each once, with as many statements as for one. The cases are locked."""
    if not asking:
        return []
    # The first private words on X open a thread, in which the answer is waited for.
    threads = threads_for([(one.target, one.ticket) for one in asking])
    tokens = {f"contacto:{one.row.pk}:{by.pk}" if by else f"contacto:{one.row.pk}": one.row for one in asking}
    notices = [
        Notice(one.ticket, replace(one.target, conversation=thread), _words(one.ticket, policy), token)
        for one, thread, token in zip(asking, threads, tokens, strict=True)
    ]
    messages = queue_notices(notices, lane=Lane.AFTER_CONTACT, by=by)
    asked = [(tokens[message.action.client_token], message) for message in messages if message.action]
    _note_asked(asked, policy, by)
    facts = [(row.ticket_id, {"message": message.pk}) for row, message in asked]
    if facts:
        audit.record_all(policy.organization_id, "aftercontact.asked", facts, actor_id=by.pk if by else None)
    return messages


def _words(ticket: Ticket, policy: AfterContactPolicy) -> str:
    return question(
        formal=is_formal(ticket.organization.sector), score=policy.score,
        number=ticket.radicado or str(ticket.number), name=ticket.customer.name,
    )  # fmt: skip


def _note_asked(
    asked: Sequence[tuple[AfterContact, Message]], policy: AfterContactPolicy, by: Membership | None
) -> None:
    now = clock.now()
    rows = [
        (
            row.organization_id, row.pk, policy.score, message.pk, message.conversation_id, by.pk if by else None,
            now, now + STANDS_AFTER,
        )
        for row, message in asked
    ]  # fmt: skip
    if rows:
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, _ASKED, rows, page_size=len(rows))
