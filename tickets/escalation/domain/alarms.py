"""An alarm: raised once, acknowledged or passed on, over by itself. Inside ``tenant``; each writes its audit line.

Nothing leaves here: the notices are rows, and *net* takes them (``leaving``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Count

from helpdesk import audit, clock
from helpdesk.tenancy.models import Membership, Organization
from tickets.escalation.domain.watching import called_at
from tickets.escalation.enums import NoticeState, Outlet
from tickets.escalation.models import Alarm, AlarmNotice, AlarmPreference, PushSubscription
from tickets.escalation.rules.ladder import PASSES_AFTER, next_called
from tickets.escalation.rules.leaving import after_quiet


@transaction.atomic
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
    now = clock.now()
    ladder = called_at(organization, now) if to is None else list(to)
    if not ladder:
        return None
    people = ladder[:1] if to is None else ladder
    try:
        with transaction.atomic():
            alarm = Alarm.objects.create(
                organization=organization, key=key[:80], kind=kind, ticket_id=ticket_id, account_id=account_id,
                what=what, is_urgent=is_urgent, raised_at=now, called=[member.pk for member in people],
                pass_at=now + PASSES_AFTER if to is None else None,
            )  # fmt: skip
    except IntegrityError:
        return None
    _call(alarm, people, now)
    audit.record(
        organization.pk, "alarm.raised", ticket_id=ticket_id, alarm=alarm.pk, alarm_kind=kind, account=account_id,
        to=people[0].pk, people=[member.pk for member in people],
    )  # fmt: skip
    return alarm


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
        _call(alarm, [ladder[following]], now)
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


def _call(alarm: Alarm, people: Sequence[Membership], now: datetime) -> None:
    """One notice per person and outlet, not before their quiet hours end unless it is urgent."""
    ids = [member.pk for member in people]
    wishes = {row.member_id: row for row in AlarmPreference.objects.filter(member_id__in=ids)}
    browsers = set(
        PushSubscription.objects.filter(member_id__in=ids, gone_at=None).values_list("member_id", flat=True)
    )
    turns = dict(
        AlarmNotice.objects.filter(alarm=alarm, member_id__in=ids, outlet=Outlet.EMAIL)
        .values("member_id").annotate(n=Count("id")).values_list("member_id", "n")
    )  # fmt: skip
    rows = []
    for member in people:
        wish = wishes.get(member.pk)
        outlets = [Outlet.EMAIL] if wish is None or wish.by_email or member.pk not in browsers else []
        outlets += [Outlet.PUSH] if member.pk in browsers else []
        at = now
        if wish is not None and not alarm.is_urgent:
            at = after_quiet(now, wish.quiet_from, wish.quiet_until, alarm.organization.timezone)
        rows += [
            AlarmNotice(
                organization_id=alarm.organization_id, alarm=alarm, member=member, outlet=outlet, not_before=at,
                turn=turns.get(member.pk, 0),
            )
            for outlet in outlets
        ]  # fmt: skip
    AlarmNotice.objects.bulk_create(rows)
