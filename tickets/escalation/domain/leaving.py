"""Alarms leave the screen: claimed, sent outside any transaction, and noted. As the worker, in *net*.

A worker that dies between the mail and the row sends it again: twice is better than never, of an alarm.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import translation

from helpdesk import audit, clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership, Organization
from tickets.escalation.domain.pushing import Post, push_to
from tickets.escalation.enums import NoticeState, Outlet
from tickets.escalation.models import AlarmNotice
from tickets.escalation.rules.leaving import MINUTE, batch
from tickets.escalation.words import alarm_url, digest_subject, headline

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
BACKOFF = tuple(timedelta(seconds=s) for s in (10, 60, 300, 900))
# In a digest; of more it says how many.
SHOWN = 20
DUE = (
    "SELECT DISTINCT organization_id, member_id, outlet FROM tickets_alarmnotice WHERE not_before <= %(now)s "
    "AND (state = 'queued' OR (state = 'sending' AND lease_until <= %(now)s)) LIMIT 200"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """What leaves for one person: one alarm or several, in their language."""

    organization: Organization
    member: Membership
    outlet: str
    notices: tuple[int, ...]
    subject: str
    text: str
    url: str
    is_urgent: bool
    key: str


def leave_all(post: Post) -> int:
    """Let everything go that may; how many letters. Several of these may run side by side.

    ``post`` as ``pushing.push_to`` takes it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DUE, {"now": clock.now()})
        waiting = cursor.fetchall()
    gone = 0
    for organization_id, member_id, outlet in waiting:
        for letter in _claim(organization_id, member_id, outlet):
            failure = _send(letter, post)
            _note(letter, failure)
            gone += not failure
    return gone


def _claim(organization_id: int, member_id: int, outlet: str) -> list[Letter]:
    """Lease what leaves now for one person by one outlet, and write its letters. Committed before anything leaves."""
    now = clock.now()
    with tenant(organization_id):
        member = Membership.objects.select_related("user", "organization").filter(pk=member_id).first()
        rows = list(
            AlarmNotice.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(member_id=member_id, outlet=outlet, not_before__lte=now)
            .filter(state__in=[NoticeState.QUEUED, NoticeState.SENDING])
            .exclude(state=NoticeState.SENDING, lease_until__gt=now)
            .select_related("alarm", "alarm__ticket", "alarm__account")
            .order_by("id")[:200]
        )
        if member is None or not member.is_active or member.organization.closed_at is not None:
            AlarmNotice.objects.filter(pk__in=[row.pk for row in rows]).update(state=NoticeState.NEEDLESS)
            return []
        sent = AlarmNotice.objects.filter(
            member_id=member_id, outlet=outlet, state=NoticeState.SENT, sent_at__gt=now - MINUTE
        ).values_list("sent_at", flat=True)
        share = batch([row.pk for row in rows], sorted(set(sent)), now)
        leaving = [*share.single, *share.together]
        if share.wait_until is not None:
            AlarmNotice.objects.filter(pk__in=[row.pk for row in rows]).update(not_before=share.wait_until)
        AlarmNotice.objects.filter(pk__in=leaving).update(
            state=NoticeState.SENDING, lease_until=now + LEASE, in_digest=False
        )
        AlarmNotice.objects.filter(pk__in=share.together).update(in_digest=True)
        by_pk = {row.pk: row for row in rows}
        groups = [[pk] for pk in share.single] + ([share.together] if share.together else [])
        return [_letter(member, outlet, [by_pk[pk] for pk in group]) for group in groups]


def _letter(member: Membership, outlet: str, rows: Sequence[AlarmNotice]) -> Letter:
    org, url = member.organization, alarm_url(member.organization)
    with translation.override(member.user.language):
        lines = [headline(row.alarm) for row in rows]
        subject = lines[0] if len(lines) == 1 else digest_subject(org, len(lines))
        text = render_to_string(
            "tickets/escalation/alarm.txt",
            {
                "lines": lines[:SHOWN],
                "more": max(len(lines) - SHOWN, 0),
                "url": url,
                "org": org,
                "member": member,
            },
        )
    return Letter(
        org, member, outlet, tuple(row.pk for row in rows), subject[:200], text, url,
        any(row.alarm.is_urgent for row in rows), f"alarm-{rows[0].alarm_id}-{member.pk}-{rows[0].turn}",
    )  # fmt: skip


def _send(letter: Letter, post: Post) -> str:
    """Nothing when it left, else the kind of failure."""
    try:
        if letter.outlet == Outlet.PUSH:
            who = letter.organization.pk, letter.member.pk
            return push_to(*who, letter.subject, letter.url, urgent=letter.is_urgent, post=post)
        mail = EmailMessage(letter.subject, letter.text, None, [letter.member.user.email])
        mail.extra_headers["Message-ID"] = f"<cf.{settings.INSTANCE}.{letter.key}@circunflejo>"
        if letter.is_urgent:
            mail.extra_headers["Importance"] = "high"
        mail.send()
    except OSError as error:
        logger.warning("an alarm did not leave: %s", type(error).__name__)
        return type(error).__name__[:80]
    return ""


def _note(letter: Letter, failure: str) -> None:
    """What became of it; tried again a few times, then it stands on the screen only."""
    now = clock.now()
    with tenant(letter.organization.pk):
        for row in AlarmNotice.objects.select_for_update().filter(pk__in=letter.notices):
            row.attempts, row.lease_until, row.failure = row.attempts + 1, None, failure
            if not failure:
                row.state, row.sent_at = NoticeState.SENT, now
            elif row.attempts > len(BACKOFF):
                row.state = NoticeState.FAILED
            else:
                row.state, row.not_before = NoticeState.QUEUED, now + BACKOFF[row.attempts - 1]
            row.save()
            if row.state in (NoticeState.SENT, NoticeState.FAILED):
                audit.record(
                    letter.organization.pk, f"alarm.{row.state}", alarm=row.alarm_id, member=letter.member.pk,
                    outlet=letter.outlet, code=failure,
                )  # fmt: skip
