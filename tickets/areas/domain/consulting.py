"""Asking an area and hearing from it. Inside ``tenant``, the case locked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from helpdesk import audit, clock
from helpdesk.secrets.cutting import cut_secrets
from helpdesk.tenancy.models import Membership
from helpdesk.text import clean
from tickets.areas import rules
from tickets.areas.codes import new_code, new_key
from tickets.areas.domain.mails import account_for, queue_mail
from tickets.areas.domain.seeing import settle_sight
from tickets.areas.models import Area, Consultation
from tickets.areas.shared import shareable
from tickets.cases.models import Note, Ticket
from tickets.clocks.domain.marks import place_in_queue, rules_for, running
from tickets.commitments.domain.promising import replaceable
from tickets.commitments.enums import CommitmentState
from tickets.commitments.models import Commitment
from tickets.enums import ClockKind, TicketState

LONGEST = 20_000


class Refused(Exception):
    """It cannot be asked, or the answer cannot be taken; ``code`` has its sentence in ``areas.sentences``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def consult(
    ticket: Ticket,
    *,
    area: Area,
    question: str,
    by: Membership,
    shares_name: bool = False,
    messages: Sequence[int] = (),
    commitment: Commitment | None = None,
) -> Consultation:
    """Ask an area about a case: the case waits there, its own clocks go on. Raises :class:`Refused`.

    The customer knows until when: by ``commitment``, else by one of the case that is still owed; without either it is
    refused with ``no_promise`` (domain.md 22).

    ``messages`` are the customer's messages the area may read; others of the case stay unseen.
    """
    account = account_for(ticket)
    question = cut_secrets(clean(question).strip())[:LONGEST]
    check(ticket, area, question)
    assert account is not None
    commitment = commitment or standing(ticket)
    if commitment is None:
        raise Refused("no_promise")
    now, calendar = clock.now(), rules_for(ticket)
    due = rules.due_at(
        calendar, now, _promised(ticket, commitment), percent=area.target_percent, minutes=area.target_minutes
    )
    remind = rules.remind_at(calendar, now, due, percent=area.remind_percent)
    known = {message.pk for message in shareable(ticket.pk, ticket.organization_id)}
    consultation = Consultation.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        area=area,
        account=account,
        asked_by=by,
        question=question,
        shares_name=shares_name,
        shared_messages=sorted(known.intersection(messages)),
        code=new_code(),
        link_key=new_key(),
        expires_at=now + rules.LINK_LASTS,
        asked_at=now,
        due_at=due,
        remind_at=remind,
        next_at=min(remind, due),
        commitment=commitment,
    )
    consultation.action = queue_mail(consultation, number=0)
    consultation.save(update_fields=["action"])
    Note.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        author=by,
        text=f"{_('Consulta a %s') % area.name}: {question}",
    )
    ticket.state = TicketState.WAITING_AREA
    settle_sight(ticket)
    _changed(ticket, "area.asked", consultation, actor=by)
    return consultation


def standing(ticket: Ticket) -> Commitment | None:
    """The first date still to come that the customer knows of, or will with an answer that is on its way."""
    known = replaceable(ticket).filter(state=CommitmentState.OPEN, due_at__gt=clock.now())
    return known.order_by("due_at", "id").first()


def check(ticket: Ticket, area: Area, question: str) -> None:
    """Raise :class:`Refused` as :func:`consult` does, but for the date; changes nothing."""
    if not ticket.is_open:
        raise Refused("case_closed")
    if not area.is_active:
        raise Refused("area_inactive")
    if not question.strip():
        raise Refused("no_question")
    if account_for(ticket) is None:
        raise Refused("no_mail_account")
    open_one = Consultation.objects.filter(
        organization_id=ticket.organization_id, ticket=ticket, area=area, answered_at=None, cancelled_at=None
    )
    if open_one.exists():
        raise Refused("already_asked")


def _promised(ticket: Ticket, commitment: Commitment) -> datetime | None:
    """When the case is due: its resolution, or what the customer was promised if that is sooner."""
    due = [commitment.due_at]
    due += [
        one.due_at for one in running(ticket) if one.kind == ClockKind.RESOLUTION and one.paused_at is None
    ]
    return min(due, default=None)


@transaction.atomic
def answer(
    consultation: Consultation,
    *,
    text: str,
    via: str,
    at: datetime | None = None,
    by: Membership | None = None,
) -> Note:
    """What an area says lands as a note, never visible to the customer, and the case comes back to its owner.

    ``by`` is who of the area said it, when they logged in. The first answer ends the wait, and with it their sight
    of the case (so ask for it within ``whole``); what the area adds afterwards by mail is one more note. Raises
    :class:`Refused`: ``no_answer`` for an empty one, ``cancelled``, ``expired``.
    """
    ticket, now = consultation.ticket, at or clock.now()
    text = cut_secrets(clean(text).strip())[:LONGEST]
    if not text:
        raise Refused("no_answer")
    if consultation.cancelled_at is not None:
        raise Refused("cancelled")
    if consultation.expires_at <= clock.now():
        raise Refused("expired")
    note = Note.objects.create(
        organization_id=ticket.organization_id,
        ticket=ticket,
        author=by,
        by=consultation.area.name,
        text=text,
    )
    if consultation.answered_at is None:
        consultation.answered_at, consultation.answered_via = now, via
        consultation.next_at = None
        consultation.save(update_fields=["answered_at", "answered_via", "next_at"])
        settle_sight(ticket)
    _come_back(ticket)
    _changed(ticket, "area.answered", consultation, actor=by, note=note.pk, via=via)
    return note


@transaction.atomic
def cancel(consultation: Consultation, *, by: Membership) -> bool:
    """The answer is not needed any more: its link and code stop working. False when it is over already."""
    if not consultation.is_open:
        return False
    consultation.cancelled_at, consultation.next_at = clock.now(), None
    consultation.save(update_fields=["cancelled_at", "next_at"])
    settle_sight(consultation.ticket)
    _come_back(consultation.ticket)
    _changed(consultation.ticket, "area.cancelled", consultation, actor=by)
    return True


def _come_back(ticket: Ticket) -> None:
    """The case is the owner's again once no area owes an answer."""
    owed = Consultation.objects.filter(
        Q(ticket=ticket) | Q(ticket__joined_into=ticket),
        organization_id=ticket.organization_id,
        answered_at=None,
        cancelled_at=None,
    )
    if ticket.state == TicketState.WAITING_AREA and not owed.exists():
        ticket.state = TicketState.OPEN


def refused(consultation: Consultation, *, reason: str) -> None:
    """Somebody who is not the area tried to answer: nothing is written down but that."""
    _changed(consultation.ticket, "area.answer_refused", consultation, reason=reason)


def note_bounce(consultation: Consultation) -> None:
    """The mail to the area came back."""
    _changed(consultation.ticket, "area.bounced", consultation)


def _changed(
    ticket: Ticket,
    action: str,
    consultation: Consultation,
    *,
    actor: Membership | None = None,
    **data: object,
) -> None:
    place_in_queue(ticket)
    ticket.version += 1
    ticket.save()
    audit.record(
        ticket.organization_id,
        action,
        actor_id=actor.pk if actor else None,
        ticket_id=ticket.pk,
        area=consultation.area_id,
        consultation=consultation.pk,
        **data,
    )
