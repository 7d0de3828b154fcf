"""Which cases are asked about, and when: a row each, from their answer. As the worker, inside ``tenant``."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from helpdesk import clock
from helpdesk.tenancy.models import Organization
from protocols.rules.legal import LegalDays
from tickets.aftercontact.models import AfterContact, AfterContactPolicy
from tickets.aftercontact.rules.moment import contact_moment
from tickets.clocks.domain.terms import rules_by_account
from tickets.enums import PqrKind, TicketState

LIMIT = 500
# What was written by a transaction that was still running at the last look.
OVERLAP = timedelta(minutes=10)
# So long after it was to be asked an answer is read, or a person may still ask.
STANDS = timedelta(days=14)
# Nothing was to be solved.
NOT_ASKED = (PqrKind.FELICITACION.value, PqrKind.SUGERENCIA.value)
# A case with a definitive answer counts from its notification; one whose term still runs waits for it; one that was
# closed because nobody answered is not asked whether it stayed solved.
ANSWERED = """
SELECT t.id, coalesce(d.notified_at, t.resolved_at) FROM (
    SELECT ticket_id FROM tickets_definitiveanswer
    WHERE organization_id = %(org)s AND notified_at >= %(since)s
    UNION
    SELECT id FROM tickets_ticket
    WHERE organization_id = %(org)s AND state = 'resolved' AND resolved_at >= %(since)s
) f
JOIN tickets_ticket t ON t.organization_id = %(org)s AND t.id = f.ticket_id
LEFT JOIN LATERAL (
    SELECT max(notified_at) AS notified_at FROM tickets_definitiveanswer
    WHERE organization_id = t.organization_id AND ticket_id = t.id) d ON true
WHERE t.state <> %(joined)s AND t.kind <> ALL(%(not_asked)s)
AND NOT EXISTS (SELECT 1 FROM tickets_aftercontact a WHERE a.organization_id = t.organization_id AND a.ticket_id = t.id)
AND NOT EXISTS (SELECT 1 FROM tickets_clock c WHERE c.organization_id = t.organization_id AND c.ticket_id = t.id
    AND c.kind = 'legal' AND c.met_at IS NULL AND c.cancelled_at IS NULL)
AND NOT EXISTS (SELECT 1 FROM tickets_wait w WHERE w.organization_id = t.organization_id AND w.ticket_id = t.id
    AND w.outcome IN ('no_answer', 'desisted') AND w.ended_at >= t.resolved_at)
ORDER BY 2, 1 LIMIT %(limit)s
"""


def policy_of(organization_id: int) -> AfterContactPolicy:
    """What the organization decided, or the defaults that ship, from now on."""
    policy, _is_new = AfterContactPolicy.objects.get_or_create(organization_id=organization_id)
    if _is_new:
        policy.refresh_from_db()
    return policy


@transaction.atomic
def plan(organization_id: int, *, now: datetime) -> int:
    """Give every case that was answered since the last look its row; how many."""
    policy = policy_of(organization_id)
    if not policy.is_on:
        return 0
    asked = {
        "org": organization_id, "since": policy.planned_until - OVERLAP, "joined": TicketState.JOINED.value,
        "not_asked": list(NOT_ASKED), "limit": LIMIT,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(ANSWERED, asked)
        found = cursor.fetchall()
    if found:
        days = business_days(organization_id)
        rows = [_row(organization_id, ticket_id, at, policy, days) for ticket_id, at in found]
        AfterContact.objects.bulk_create(rows, ignore_conflicts=True)
    if len(found) < LIMIT:
        AfterContactPolicy.objects.filter(pk=policy.pk).update(planned_until=now)
    return len(found)


def _row(
    organization_id: int, ticket_id: int, at: datetime, policy: AfterContactPolicy, days: LegalDays
) -> AfterContact:
    due_at = moment_after(at, policy.days, policy, days)
    return AfterContact(
        organization_id=organization_id, ticket_id=ticket_id, answered_since=at, due_at=due_at,
        expires_at=due_at + STANDS,
    )  # fmt: skip


def moment_after(start: datetime, count: int, policy: AfterContactPolicy, days: LegalDays) -> datetime:
    """``count`` business days later, within the hours in which customers are contacted."""
    return contact_moment(
        start,
        count,
        zone=days.zone,
        is_business=days.is_business,
        first=policy.first_hour,
        last=policy.last_hour,
    )


def business_days(organization_id: int) -> LegalDays:
    """The organization's business days: Monday to Friday without its holidays."""
    law = next(
        (rules.law for rules in rules_by_account(organization_id).values() if rules.law is not None), None
    )
    if law is not None:
        return law
    return LegalDays(
        ZoneInfo(Organization.objects.values_list("timezone", flat=True).get(pk=organization_id))
    )


def may_ask_now(policy: AfterContactPolicy, days: LegalDays, *, now: datetime | None = None) -> bool:
    """Whether this is an hour at which customers are contacted."""
    at = now or clock.now()
    return moment_after(at, 0, policy, days) <= at
