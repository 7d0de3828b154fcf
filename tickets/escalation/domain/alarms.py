"""An alarm: raised once, acknowledged or passed on, over by itself. Inside ``tenant``; each writes its audit line.

Nothing leaves here: the notices are rows, and *net* takes them (``leaving``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count

from helpdesk import audit, clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.models import Membership, Organization
from tickets.escalation.domain.watching import called_at
from tickets.escalation.enums import NoticeState, Outlet
from tickets.escalation.models import Alarm, AlarmNotice, AlarmPreference, PushSubscription
from tickets.escalation.rules.ladder import PASSES_AFTER, next_called
from tickets.escalation.rules.leaving import after_quiet


@dataclass(frozen=True, slots=True)
class Call:
    """What is to be said to whom. ``goes_on``: it is the watch's, and in five minutes the next one's."""

    key: str
    kind: str
    people: Sequence[Membership]
    ticket_id: int | None = None
    account_id: int | None = None
    what: str = ""
    is_urgent: bool = False
    goes_on: bool = False


def raise_alarm(
    organization: Organization,
    *,
    key: str,
    kind: str,
    ticket_id: int | None = None,
    account_id: int | None = None,
    what: str = "",
    is_urgent: bool = False,
    to: Sequence[Membership] | None = None,
) -> Alarm | None:
    """Say it once; None when this ``key`` was said before, or there is nobody to say it to.

    Without ``to`` it is the watch's: the first of them is called, and five minutes later the next one.
    """
    people = called_at(organization, clock.now())[:1] if to is None else list(to)
    call = Call(key, kind, people, ticket_id, account_id, what, is_urgent, goes_on=to is None)
    return next(iter(raise_alarms(organization, [call])), None)


@transaction.atomic
def raise_alarms(organization: Organization, calls: Sequence[Call]) -> list[Alarm]:
    """Say many things, each once: those whose key was not said before and that have somebody to hear them."""
    now = clock.now()
    wanted = {call.key[:80]: call for call in calls if call.people}
    with connection.cursor() as cursor:
        if wanted:
            # One look and one insert would race with another worker of the same key.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('alarms'), %s)", [organization.pk])
        said = Alarm.objects.filter(organization=organization, key__in=list(wanted))
        for key in said.values_list("key", flat=True):
            wanted.pop(key, None)
    alarms = Alarm.objects.bulk_create(
        Alarm(
            organization=organization, key=key, kind=call.kind, ticket_id=call.ticket_id,
            account_id=call.account_id, what=call.what, is_urgent=call.is_urgent, raised_at=now,
            called=[member.pk for member in call.people], pass_at=now + PASSES_AFTER if call.goes_on else None,
        )
        for key, call in wanted.items()
    )  # fmt: skip
    pairs = [(alarm, wanted[alarm.key].people) for alarm in alarms]
    _call(pairs, now)
    AuditEvent.objects.bulk_create(_raised(alarm) for alarm in alarms)
    return alarms


def _raised(alarm: Alarm) -> AuditEvent:
    data = {
        "alarm": alarm.pk, "alarm_kind": alarm.kind, "account": alarm.account_id, "to": alarm.called[0],
        "people": alarm.called,
    }  # fmt: skip
    return AuditEvent(
        organization_id=alarm.organization_id, action="alarm.raised", ticket_id=alarm.ticket_id, data=data
    )


@transaction.atomic
def acknowledge(alarm: Alarm, *, by: Membership) -> bool:
    """Somebody has it: it goes no further. False when somebody had it before, or it was over."""
    alarm = Alarm.objects.select_for_update().get(pk=alarm.pk)
    if alarm.acked_at is not None or alarm.ended_at is not None:
        return False
    alarm.acked_at, alarm.acked_by, alarm.pass_at = clock.now(), by, None
    alarm.save(update_fields=["acked_at", "acked_by", "pass_at"])
    _silence(alarm)
    audit.record(
        alarm.organization_id, "alarm.acknowledged", actor_id=by.pk, ticket_id=alarm.ticket_id, alarm=alarm.pk
    )
    return True


@transaction.atomic
def pass_on(alarm: Alarm, *, by: Membership | None = None) -> Membership | None:
    """To the next one of the watch: five minutes are over, or who was called says so; whom it went to."""
    alarm = Alarm.objects.select_for_update(of=("self",)).select_related("organization").get(pk=alarm.pk)
    now = clock.now()
    is_theirs = by is None or (alarm.called and alarm.called[-1] == by.pk)
    is_due = alarm.pass_at is not None and (by is not None or alarm.pass_at <= now)
    if alarm.acked_at is not None or alarm.ended_at is not None or not is_theirs or not is_due:
        return None
    ladder = {member.pk: member for member in called_at(alarm.organization, now)}
    following = next_called(list(ladder), alarm.called)
    former = alarm.called[-1] if alarm.called else None
    alarm.pass_at = now + PASSES_AFTER if following is not None else None
    if following is not None:
        alarm.called = [*alarm.called, following]
    alarm.save(update_fields=["called", "pass_at"])
    if following is not None:
        _call([(alarm, [ladder[following]])], now)
    audit.record(
        alarm.organization_id, "alarm.passed" if following is not None else "alarm.unheard",
        actor_id=by.pk if by else None, ticket_id=alarm.ticket_id, alarm=alarm.pk, former=former, to=following,
    )  # fmt: skip
    return ladder.get(following) if following is not None else None


@transaction.atomic
def end(alarm: Alarm, *, cause: str) -> None:
    """What it was about is over: answered, closed, heard again."""
    ended = Alarm.objects.filter(pk=alarm.pk, acked_at=None, ended_at=None).update(
        ended_at=clock.now(), pass_at=None
    )
    if ended:
        _silence(alarm)
        audit.record(
            alarm.organization_id, "alarm.ended", ticket_id=alarm.ticket_id, alarm=alarm.pk, cause=cause
        )


def _silence(alarm: Alarm) -> None:
    """What has not left yet does not leave any more."""
    AlarmNotice.objects.filter(alarm=alarm, state=NoticeState.QUEUED).update(state=NoticeState.NEEDLESS)


def _call(calls: Sequence[tuple[Alarm, Sequence[Membership]]], now: datetime) -> None:
    """One notice per person and outlet, not before their quiet hours end unless it is urgent."""
    ids = {member.pk for _alarm, people in calls for member in people}
    wishes = {row.member_id: row for row in AlarmPreference.objects.filter(member_id__in=ids)}
    browsers = set(
        PushSubscription.objects.filter(member_id__in=ids, gone_at=None).values_list("member_id", flat=True)
    )
    turns = _turns([alarm.pk for alarm, _people in calls])
    AlarmNotice.objects.bulk_create(
        AlarmNotice(
            organization_id=alarm.organization_id, alarm=alarm, member=member, outlet=outlet,
            not_before=_not_before(alarm, wishes.get(member.pk), now), turn=turns.get((alarm.pk, member.pk), 0),
        )
        for alarm, people in calls
        for member in people
        for outlet in _outlets(wishes.get(member.pk), member.pk in browsers)
    )  # fmt: skip


def _turns(alarms: list[int]) -> dict[tuple[int, int], int]:
    """How often each person was called for each of them."""
    rows = AlarmNotice.objects.filter(alarm_id__in=alarms, outlet=Outlet.EMAIL)
    counted = rows.values("alarm_id", "member_id").annotate(n=Count("id"))
    return {(row["alarm_id"], row["member_id"]): row["n"] for row in counted}


def _outlets(wish: AlarmPreference | None, has_browser: bool) -> list[Outlet]:
    by_email = wish is None or wish.by_email or not has_browser
    return [Outlet.EMAIL] * by_email + [Outlet.PUSH] * has_browser


def _not_before(alarm: Alarm, wish: AlarmPreference | None, now: datetime) -> datetime:
    if wish is None or alarm.is_urgent:
        return now
    return after_quiet(now, wish.quiet_from, wish.quiet_until, alarm.organization.timezone)
