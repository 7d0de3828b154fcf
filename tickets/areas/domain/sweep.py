"""What is due with areas: reminders, and the mark of what was not answered in time.

Rows are claimed with a lease like every queue of this house; a reminder is named by its number, so that a
sweep that dies half-way sends none twice.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from django.db import connection, transaction

from helpdesk import audit, clock
from helpdesk.tenancy.context import tenant
from tickets.areas import rules
from tickets.areas.domain.mails import queue_mail
from tickets.areas.domain.standing import case_of
from tickets.areas.models import Consultation
from tickets.cases.models import Ticket
from tickets.clocks.domain.marks import rules_for

LEASE = timedelta(minutes=2)
AT_ONCE = 200
CLAIM = """
WITH due AS (
    SELECT id FROM tickets_consultation WHERE next_at <= now()
    ORDER BY next_at LIMIT %s FOR UPDATE SKIP LOCKED
)
UPDATE tickets_consultation c SET next_at = now() + %s FROM due WHERE c.id = due.id
RETURNING c.organization_id, c.id
"""


def sweep_areas() -> dict[int, list[int]]:
    """Remind and mark what is due; case ids by organization. As the worker, with no tenant."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, [AT_ONCE, LEASE])
        claimed = cursor.fetchall()
    touched: dict[int, list[int]] = defaultdict(list)
    for organization_id, consultation_id in claimed:
        with tenant(organization_id):
            ticket_id = _look_at(organization_id, consultation_id)
        if ticket_id is not None:
            touched[organization_id].append(ticket_id)
    return dict(touched)


def _look_at(organization_id: int, consultation_id: int) -> int | None:
    found = Consultation.objects.filter(organization_id=organization_id, pk=consultation_id).first()
    if found is None:
        return None
    ticket = (
        Ticket.objects.select_for_update(of=("self",))
        .select_related("organization", "customer")
        .get(pk=case_of(found))
    )
    consultation = (
        Consultation.objects.select_for_update(of=("self",))
        .select_related("area", "account", "asked_by")
        .get(pk=found.pk)
    )
    consultation.ticket = ticket
    if not consultation.is_open or not ticket.is_open:
        Consultation.objects.filter(pk=consultation.pk).update(next_at=None)
        return None
    _act(consultation)
    return ticket.pk


def _act(consultation: Consultation) -> None:
    """One step: the reminder before, the mark when it is over, a reminder a day after that."""
    now, calendar = clock.now(), rules_for(consultation.ticket)
    action = "area.reminded"
    if consultation.due_at <= now and consultation.breached_at is None:
        consultation.breached_at, action = now, "area.overdue"
    elif consultation.due_at > now and consultation.remind_at > now:
        consultation.next_at = consultation.remind_at
        consultation.save(update_fields=["next_at"])
        return
    consultation.reminders += 1
    queue_mail(consultation, number=consultation.reminders)
    consultation.next_at = (
        consultation.due_at
        if consultation.due_at > now
        else rules.next_reminder(calendar, now, consultation.reminders)
    )
    consultation.save(update_fields=["breached_at", "reminders", "next_at"])
    ticket = consultation.ticket
    Ticket.objects.filter(pk=ticket.pk).update(version=ticket.version + 1)
    audit.record(
        ticket.organization_id,
        action,
        ticket_id=ticket.pk,
        area=consultation.area_id,
        consultation=consultation.pk,
    )
