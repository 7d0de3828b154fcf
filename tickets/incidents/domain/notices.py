"""The public notice of an incident: written by one person, approved by another; one stands. Inside ``tenant``."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tickets.incidents.enums import IncidentState, NoticeStage
from tickets.incidents.models import Incident, IncidentNotice


class NotPublished(Exception):
    """``code`` has its sentence in ``incidents.sentences``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def write_notice(incident: Incident, *, by: Membership) -> IncidentNotice:
    """Ask for what the incident says now to be published. A text that waited already is replaced by this one.

    Raises :class:`NotPublished`: ``not_open``, ``no_situation``, ``no_measures``, ``past_notice``, ``past_estimate``.
    """
    incident = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
    _check(incident)
    waiting = IncidentNotice.objects.filter(incident=incident, stage=NoticeStage.PENDING)
    waiting.update(stage=NoticeStage.REPLACED, ended_at=clock.now())
    notice = IncidentNotice.objects.create(
        organization_id=incident.organization_id, incident=incident, title=incident.title,
        situation=incident.situation, measures=incident.measures, estimated_at=incident.estimated_at,
        next_notice_at=incident.next_notice_at, written_by=by, written_at=clock.now(),
    )  # fmt: skip
    _record(notice, "incident.notice_written", by)
    return notice


@transaction.atomic
def approve_notice(notice: IncidentNotice, *, by: Membership) -> IncidentNotice:
    """Publish it in the place of the one that stood. Raises :class:`NotPublished`: ``cannot``, ``own``, ``gone``, and
    what ``write_notice`` does: an hour that has passed since is not told to anybody."""
    if not by.can(Permission.APPROVE_NOTICES):
        raise NotPublished("cannot")
    incident = Incident.objects.select_for_update(of=("self",)).get(pk=notice.incident_id)
    notice = IncidentNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if notice.stage != NoticeStage.PENDING or incident.state != IncidentState.OPEN:
        raise NotPublished("gone")
    if notice.written_by_id == by.pk:
        raise NotPublished("own")
    if code := _late(notice.estimated_at, notice.next_notice_at):
        raise NotPublished(code)
    now = clock.now()
    IncidentNotice.objects.filter(incident=incident, stage=NoticeStage.PUBLISHED).update(
        stage=NoticeStage.REPLACED, ended_at=now
    )
    notice.stage, notice.decided_by, notice.decided_at = NoticeStage.PUBLISHED, by, now
    notice.save(update_fields=["stage", "decided_by", "decided_at"])
    _record(notice, "incident.notice_published", by, author=notice.written_by_id)
    return notice


@transaction.atomic
def refuse_notice(notice: IncidentNotice, *, by: Membership, reason: str) -> None:
    """It is not published; whoever wrote it reads why. Its author may take it back the same way."""
    notice = IncidentNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if notice.stage != NoticeStage.PENDING:
        raise NotPublished("gone")
    is_own = notice.written_by_id == by.pk
    if not is_own and not by.can(Permission.APPROVE_NOTICES):
        raise NotPublished("cannot")
    if not is_own and not reason.strip():
        raise NotPublished("no_reason")
    now = clock.now()
    notice.stage, notice.ended_at = NoticeStage.WITHDRAWN if is_own else NoticeStage.REFUSED, now
    notice.reason = reason.strip()[:200]
    if not is_own:
        notice.decided_by, notice.decided_at = by, now
    notice.save()
    _record(notice, "incident.notice_withdrawn" if is_own else "incident.notice_refused", by)


@transaction.atomic
def withdraw_notice(notice: IncidentNotice, *, by: Membership) -> None:
    """Take back what is published. Raises :class:`NotPublished` ``gone`` when it no longer is."""
    taken = IncidentNotice.objects.filter(pk=notice.pk, stage=NoticeStage.PUBLISHED).update(
        stage=NoticeStage.WITHDRAWN, ended_at=clock.now()
    )
    if not taken:
        raise NotPublished("gone")
    _record(notice, "incident.notice_withdrawn", by)


def withdraw_all(incident: Incident, *, by: Membership) -> None:
    """Nothing of it stands in public any more, and nothing waits to."""
    for notice in IncidentNotice.objects.filter(
        incident=incident, stage__in=[NoticeStage.PENDING, NoticeStage.PUBLISHED]
    ):
        IncidentNotice.objects.filter(pk=notice.pk).update(stage=NoticeStage.WITHDRAWN, ended_at=clock.now())
        _record(notice, "incident.notice_withdrawn", by)


def _check(incident: Incident) -> None:
    if incident.state != IncidentState.OPEN:
        raise NotPublished("not_open")
    if not incident.situation:
        raise NotPublished("no_situation")
    if not incident.measures:
        raise NotPublished("no_measures")
    if code := _late(incident.estimated_at, incident.next_notice_at):
        raise NotPublished(code)


def _late(estimated_at: datetime | None, next_notice_at: datetime | None) -> str:
    """What customers would read of an hour that has passed."""
    now = clock.now()
    if estimated_at is not None and estimated_at <= now:
        return "past_estimate"
    return "past_notice" if next_notice_at is not None and next_notice_at <= now else ""


def _record(notice: IncidentNotice, action: str, by: Membership, **data: object) -> None:
    audit.record(
        notice.organization_id, action, actor_id=by.pk, incident=notice.incident_id, notice=notice.pk, **data
    )
