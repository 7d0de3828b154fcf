"""Alarms of incidents: a notice that was promised for an hour and did not come, an estimate that passed, a notice
that nobody approves. As the worker; each is said once per hour it is about.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, transaction

from helpdesk import clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.permissions import Permission
from tickets.escalation.domain.alarms import end, raise_alarm
from tickets.escalation.enums import AlarmKind
from tickets.escalation.models import Alarm
from tickets.incidents.enums import IncidentState, NoticeStage
from tickets.incidents.models import Incident, IncidentNotice

LIMIT = 200
WHAT = {"notice": "notice_due", "estimate": "estimate_passed", "approval": "notice_waits"}
# A notice is approved within ten minutes (care.md, finding 8).
APPROVED_WITHIN = timedelta(minutes=10)
# What customers read counts; while nothing is published, what colleagues said.
DUE = """
SELECT i.organization_id, i.id, 'notice', coalesce(n.next_notice_at, i.next_notice_at)
FROM tickets_incident i
LEFT JOIN tickets_incidentnotice n
    ON n.organization_id = i.organization_id AND n.incident_id = i.id AND n.stage = 'published'
WHERE i.state = 'open' AND coalesce(n.next_notice_at, i.next_notice_at) <= %(now)s
UNION ALL
SELECT i.organization_id, i.id, 'estimate', i.estimated_at FROM tickets_incident i
WHERE i.state = 'open' AND i.estimated_at <= %(now)s
UNION ALL
SELECT n.organization_id, n.incident_id, 'approval', n.written_at FROM tickets_incidentnotice n
WHERE n.stage = 'pending' AND n.written_at <= %(waited)s
LIMIT %(limit)s
"""


def watch_incidents() -> int:
    """Raise what is due and end what is over; how many were raised. Twice at the same instant raises nothing more.

    With no tenant: alarms, incidents and notices are queues that a worker sees whole.
    """
    now = clock.now()
    asked = {"now": now, "waited": now - APPROVED_WITHIN, "limit": LIMIT}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DUE, asked)
        rows = cursor.fetchall()
    organizations = Organization.objects.in_bulk({row[0] for row in rows})
    raised = 0
    for organization_id, incident_id, what, at in rows:
        with tenant(organization_id):
            raised += _raise(organizations[organization_id], incident_id, what, at)
    _end_all(now)
    return raised


def _raise(organization: Organization, incident_id: int, what: str, at: datetime) -> bool:
    key = f"incident:{incident_id}:{what}:{at:%Y%m%d%H%M%S}"
    if Alarm.objects.filter(organization=organization, key=key).exists():
        return False
    to = _approvers(organization, incident_id) if what == "approval" else None
    alarm = raise_alarm(
        organization, key=key, kind=AlarmKind.INCIDENT, what=WHAT[what], is_urgent=True, to=to or None
    )
    return alarm is not None


def _approvers(organization: Organization, incident_id: int) -> list[Membership]:
    """Who may approve it: everybody who holds the permission, but for who wrote it."""
    waiting = IncidentNotice.objects.filter(incident_id=incident_id, stage=NoticeStage.PENDING).first()
    able = Membership.objects.filter(organization=organization, is_active=True)
    return [
        one
        for one in able
        if one.can(Permission.APPROVE_NOTICES) and (waiting is None or one.pk != waiting.written_by_id)
    ]


def _end_all(now: datetime) -> None:
    """Alarms whose reason is gone end by themselves."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT organization_id, id FROM tickets_alarm WHERE kind = 'incident' AND acked_at IS NULL "
            "AND ended_at IS NULL ORDER BY id LIMIT %s",
            [LIMIT],
        )
        rows = cursor.fetchall()
    for organization_id, pk in rows:
        with tenant(organization_id):
            alarm = Alarm.objects.get(pk=pk)
            if cause := _is_over(alarm, now):
                end(alarm, cause=cause)


def _is_over(alarm: Alarm, now: datetime) -> str:
    """Why it need not sound any more; empty while it must."""
    _incident, pk, what, _at = alarm.key.split(":")
    incident = Incident.objects.filter(pk=int(pk)).first()
    if incident is None or incident.state != IncidentState.OPEN:
        return "closed"
    notices = IncidentNotice.objects.filter(incident=incident)
    if what == "approval":
        return "" if notices.filter(stage=NoticeStage.PENDING).exists() else "decided"
    if what == "estimate":
        return "told" if incident.estimated_at is None or incident.estimated_at > now else ""
    later = notices.filter(stage=NoticeStage.PUBLISHED, decided_at__gt=alarm.raised_at)
    return "told" if later.exists() else ""
