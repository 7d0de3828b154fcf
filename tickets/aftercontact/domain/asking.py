"""Asks customers, once per case, whether it stayed solved; where it may not, a person is told to.

The question is no answer: no clock starts or stops for it, and it leaves in the lane of after-contacts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from channels_social.enums import ActionKind, ActionState, Lane
from helpdesk import audit, clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership, Organization
from tickets.aftercontact.domain.planning import business_days, may_ask_now, moment_after, plan, policy_of
from tickets.aftercontact.models import AfterContact, AfterContactPolicy, Contact
from tickets.aftercontact.sentences import question
from tickets.cases.models import Message, Ticket
from tickets.customers.models import Customer
from tickets.enums import TicketState
from tickets.replies.domain.notices import queue_notice, refusal_of
from tickets.replies.domain.reply import thread_for
from tickets.replies.domain.targets import Target, targets_of
from tickets.replies.filing_sentences import is_formal

LIMIT = 200
# An account that cannot send at the moment is tried again then.
AGAIN = timedelta(hours=1)
Told = dict[int, list[tuple[int, int]]]
_DUE = (
    "SELECT organization_id, id, ticket_id FROM tickets_aftercontact WHERE state = 'due' AND due_at <= %s "
    f"ORDER BY due_at LIMIT {LIMIT}"
)
_OVER = (
    "UPDATE tickets_aftercontact SET state = 'expired' WHERE organization_id = %s AND expires_at <= %s "
    "AND state IN ('asked', 'listed')"
)
_FAILED = (
    "UPDATE tickets_aftercontact a SET state = 'listed', code = 'failed' FROM tickets_message m "
    "WHERE a.organization_id = %s AND a.state = 'asked' AND m.organization_id = a.organization_id "
    "AND m.id = a.question_id AND m.send_state = ANY(%s)"
)


def sweep_after_contacts() -> Told:
    """Plan, ask what is due, end what nobody answered; ``(case, message or 0)`` by organization. As the worker.

    One indexed question finds what is due of all organizations; each case is a transaction of its own, locked first as
    by every writer, and one that somebody holds waits for the next round.
    """
    now = clock.now()
    for organization_id in Organization.objects.values_list("pk", flat=True):
        with tenant(organization_id):
            plan(organization_id, now=now)
            _tidy(organization_id, now)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_DUE, [now])
        due = cursor.fetchall()
    told: Told = {}
    for organization_id, row_id, ticket_id in due:
        with tenant(organization_id):
            pair = _step(row_id, ticket_id, now)
        if pair is not None:
            told.setdefault(organization_id, []).append(pair)
    return told


def _tidy(organization_id: int, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_OVER, [organization_id, now])
        cursor.execute(_FAILED, [organization_id, [ActionState.FAILED.value, ActionState.CANCELLED.value]])


def _step(row_id: int, ticket_id: int, now: datetime) -> tuple[int, int] | None:
    found = Ticket.objects.filter(pk=ticket_id).select_related("organization", "customer")
    ticket = found.select_for_update(of=("self",), skip_locked=True).first()
    row = AfterContact.objects.filter(pk=row_id, state=Contact.DUE).first() if ticket else None
    if ticket is None or row is None:
        return None
    policy, days = policy_of(ticket.organization_id), business_days(ticket.organization_id)
    if (
        not policy.is_on
        or ticket.state in (TicketState.JOINED, TicketState.NO_MOTIVE)
        or now >= row.expires_at
    ):
        _end(row)
        return None
    if not may_ask_now(policy, days, now=now):
        _postpone(row, moment_after(now, 0, policy, days))
        return None
    if ticket.state != TicketState.RESOLVED and _is_talking(ticket, row):
        _postpone(row, moment_after(now, 1, policy, days))
        return None
    target, code = way_to_ask(ticket)
    if target is None:
        _list(row, code)
        return ticket_id, 0
    if not target.account.is_live:
        _postpone(row, now + AGAIN)
        return None
    message = ask(row, ticket, target, policy, by=None)
    return (ticket_id, message.pk) if message is not None else None


def _is_talking(ticket: Ticket, row: AfterContact) -> bool:
    """Answered, and yet something is left: whoever wrote since, or waits for us, is not asked whether it is solved."""
    last = ticket.last_asked_at
    return ticket.unanswered_since is not None or (last is not None and last > row.answered_since)


def same_person(ticket: Ticket) -> QuerySet[Customer]:
    """The customer of a case, and whoever turned out to be the same person."""
    return Customer.objects.filter(Q(pk=ticket.customer_id) | Q(merged_into=ticket.customer_id))


def is_left_alone(ticket: Ticket) -> bool:
    """Whether the customer, under any name they had here, asked not to be contacted."""
    return same_person(ticket).filter(no_contact=True).exists()


def way_to_ask(ticket: Ticket, *, by_hand: bool = False) -> tuple[Target | None, str]:
    """The private thread in which the customer may be asked; or None and why not.

    ``by_hand``: a colleague asks, who has the seven days of a human agent, and sees a reserved case.
    """
    if is_left_alone(ticket):
        return None, "no_contact"
    if ticket.is_reserved and not by_hand:
        return None, "reserved"
    target = targets_of(ticket, now=clock.now()).get("private")
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
    now = clock.now()
    text = question(
        formal=is_formal(ticket.organization.sector), score=policy.score,
        number=ticket.radicado or str(ticket.number), name=ticket.customer.name,
    )  # fmt: skip
    token = f"contacto:{row.pk}:{by.pk}" if by else f"contacto:{row.pk}"
    # The first private words on X open a thread, in which the answer is waited for.
    target = replace(target, conversation=thread_for(target, ticket))
    message = queue_notice(ticket, target, text=text, token=token, lane=Lane.AFTER_CONTACT, by=by)
    if message is None:
        return None
    row.state, row.code, row.scale, row.question, row.by = Contact.ASKED, "", policy.score, message, by
    row.conversation, row.asked_at = target.conversation, now
    row.expires_at = max(row.expires_at, now + timedelta(days=7))
    row.save()
    audit.record(
        row.organization_id, "aftercontact.asked", actor_id=by.pk if by else None, ticket_id=ticket.pk,
        message=message.pk,
    )  # fmt: skip
    return message


def _list(row: AfterContact, code: str) -> None:
    row.state, row.code = Contact.LISTED, code
    row.save(update_fields=["state", "code"])
    audit.record(row.organization_id, "aftercontact.listed", ticket_id=row.ticket_id, code=code)


def _postpone(row: AfterContact, due_at: datetime) -> None:
    row.due_at = due_at
    row.save(update_fields=["due_at"])


def _end(row: AfterContact) -> None:
    row.state = Contact.EXPIRED
    row.save(update_fields=["state"])
