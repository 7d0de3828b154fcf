"""A customer answered and whoever has the case is not there: it goes back to the queue of everybody, and says why."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from helpdesk import audit, clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership, Organization, Presence
from protocols.rules.business_time import NeverOpens
from tickets.cases.models import Ticket
from tickets.clocks.domain.terms import rules_at
from tickets.clocks.rules import TimeRules
from tickets.enums import TicketState

# A customer waits so long, while the account attends, for somebody who is not there (care.md, finding 18).
WAITS = timedelta(minutes=15)
LIMIT = 500
GONE = (Presence.OFFLINE, Presence.PAUSE)
WORKED_ON = (TicketState.NEW, TicketState.OPEN)


def sweep_absent() -> dict[int, list[int]]:
    """Give back what waits for somebody who is not there; case ids by organization. As the worker.

    What was given to them within that quarter of an hour stays: whoever gave it knew.
    """
    found = {}
    for organization in Organization.objects.all():
        with tenant(organization.pk):
            found[organization.pk] = _give_back(organization.pk, clock.now())
    return {organization_id: cases for organization_id, cases in found.items() if cases}


def _give_back(organization_id: int, now: datetime) -> list[int]:
    absent = _absent(organization_id)
    waiting = _waiting(absent, now)
    free = list(
        Ticket.objects.select_for_update(skip_locked=True)
        .filter(pk__in=waiting, assignee__in=list(absent))
        .order_by("pk")
        .values_list("pk", "assignee_id")
    )
    given = AuditEvent.objects.filter(
        ticket_id__in=[pk for pk, _member in free], action="ticket.assigned", at__gt=now - WAITS
    )
    recent = set(given.values_list("ticket_id", flat=True))
    back = {pk: member for pk, member in free if pk not in recent}
    Ticket.objects.filter(pk__in=back).update(assignee=None, version=F("version") + 1)
    facts = [(pk, {"former": member, "presence": absent[member]}) for pk, member in back.items()]
    audit.record_all(organization_id, "ticket.returned", facts)
    return list(back)


def _absent(organization_id: int) -> dict[int, str]:
    """Who is not there, with what they said; who left the organization is not."""
    members = Membership.objects.filter(organization_id=organization_id)
    rows = members.filter(is_active=False) | members.filter(presence__in=GONE)
    return {member.pk: member.presence if member.is_active else "left" for member in rows}


def _waiting(absent: dict[int, str], now: datetime) -> list[int]:
    """The cases of theirs that were answered before and whose customer has written again, long enough ago."""
    rows = Ticket.objects.filter(
        assignee__in=list(absent), state__in=WORKED_ON, is_reserved=False, first_sent_at__isnull=False,
        unanswered_since__lte=now - WAITS,
    ).order_by("unanswered_since")  # fmt: skip
    found = rows.values_list("pk", "organization_id", "account_id", "unanswered_since")[:LIMIT]
    return [
        pk
        for pk, organization_id, account_id, since in found
        if _attended(rules_at(organization_id, account_id), since, now)
    ]


def _attended(rules: TimeRules | None, since: datetime, now: datetime) -> bool:
    """Whether the account attends now, and has for a quarter of an hour since then."""
    if rules is None:
        return False
    try:
        return rules.calendar.is_open(now) and rules.calendar.between(since, now) >= WAITS
    except NeverOpens:
        return False
