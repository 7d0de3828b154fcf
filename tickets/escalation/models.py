from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from channels_social.models import SocialAccount
from helpdesk.tenancy.models import Membership, TenantForeignKey, TenantModel
from tickets.cases.models import Ticket
from tickets.enums import Priority
from tickets.escalation.enums import AlarmKind, NoticeState, Outlet, Receiver, Trigger, Whom


class EscalationRule(TenantModel):
    """What happens by itself when a clock or a promised date warns or is past."""

    trigger = models.CharField(max_length=16, choices=Trigger)
    # Of cases with one of these; none: of all.
    priorities = ArrayField(models.CharField(max_length=10, choices=Priority), default=list)
    notifies = models.CharField(max_length=12, choices=Whom, blank=True, default=Whom.NOBODY)
    notify_member = TenantForeignKey(Membership, null=True, db_index=False)
    moves = models.CharField(max_length=12, choices=Receiver, blank=True, default=Receiver.STAYS)
    move_member = TenantForeignKey(Membership, null=True, db_index=False)
    raises = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    # Grows with every change: of two admins the second is told.
    version = models.PositiveIntegerField(default=1)
    made_by = TenantForeignKey(Membership, null=True, db_index=False)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(notifies="", moves="", raises=False), name="escalation_rule_does_something"
            ),
            models.CheckConstraint(
                condition=(~Q(notifies="member") | Q(notify_member__isnull=False))
                & (~Q(moves="member") | Q(move_member__isnull=False)),
                name="escalation_rule_names_whom",
            ),
        ]


class EscalationStep(TenantModel):
    """A mark that a rule may be about, written by a trigger in the transaction of the mark; the row is the queue.

    ``what``: a :class:`Trigger`, or ``critical``: a case that has become critical.
    """

    what = models.CharField(max_length=16)
    ticket_id = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())


class OnCallShift(TenantModel):
    """Who is on call, every week, in the organization's time; ``place`` 1 is called first."""

    member = TenantForeignKey(Membership, db_index=False)
    weekday = models.PositiveSmallIntegerField()
    starts_at = models.TimeField()
    ends_at = models.TimeField()
    place = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6, place__gte=1), name="on_call_shift_form"),
            models.CheckConstraint(condition=~Q(starts_at=F("ends_at")), name="on_call_shift_lasts"),
            models.UniqueConstraint(
                fields=["organization", "weekday", "starts_at", "member"], name="on_call_shift_once"
            ),
        ]


class OnCallSwap(TenantModel):
    """For a stretch of time somebody takes somebody else's watch."""

    out_member = TenantForeignKey(Membership, db_index=False)
    in_member = TenantForeignKey(Membership, db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=120, blank=True)
    made_by = TenantForeignKey(Membership, null=True, db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(starts_at__lt=F("ends_at")), name="on_call_swap_lasts"),
            models.CheckConstraint(condition=~Q(out_member=F("in_member")), name="on_call_swap_two"),
        ]


class Alarm(TenantModel):
    """Something somebody must look at now. Said once per ``key``; whoever acknowledges it has it."""

    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=AlarmKind)
    ticket = TenantForeignKey(Ticket, null=True, db_index=False)
    account = TenantForeignKey(SocialAccount, null=True, db_index=False)
    # Of a rule: what happened (a Trigger).
    what = models.CharField(max_length=16, blank=True)
    is_urgent = models.BooleanField(default=False)
    raised_at = models.DateTimeField(db_default=Now())
    # Who has been called, in order; the last of them is who has it now.
    called = ArrayField(models.BigIntegerField(), default=list)
    # When it goes to the next one, if nobody has it by then; null: it does not go on.
    pass_at = models.DateTimeField(null=True)
    acked_by = TenantForeignKey(Membership, null=True, db_index=False)
    acked_at = models.DateTimeField(null=True)
    # It is over by itself: answered, closed, heard again.
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "key"], name="alarm_once")]
        indexes = [
            models.Index(
                fields=["pass_at"],
                name="alarm_pass",
                condition=Q(pass_at__isnull=False, acked_at__isnull=True, ended_at__isnull=True),
            ),
            models.Index(
                fields=["organization", "-id"],
                name="alarm_open",
                condition=Q(acked_at__isnull=True, ended_at__isnull=True),
            ),
        ]


class AlarmNotice(TenantModel):
    """An alarm on its way to one person by one outlet; the row is the queue and says what became of it."""

    alarm = TenantForeignKey(Alarm, db_index=False)
    member = TenantForeignKey(Membership, db_index=False)
    outlet = models.CharField(max_length=6, choices=Outlet)
    # How often this person was called for it: a second call is another notice.
    turn = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=NoticeState, default=NoticeState.QUEUED)
    not_before = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    # It left with others, as one.
    in_digest = models.BooleanField(default=False)
    failure = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "alarm", "member", "outlet", "turn"], name="alarm_notice_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["not_before"], name="alarm_notice_due", condition=Q(state__in=["queued", "sending"])
            ),
            models.Index(fields=["organization", "member", "-sent_at"], name="alarm_notice_sent"),
        ]


class AlarmPreference(TenantModel):
    """How a person is reached, and when they are not, but for what is urgent."""

    member = TenantForeignKey(Membership, db_index=False)
    by_email = models.BooleanField(default=True)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "member"], name="alarm_preference_one"),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="alarm_preference_quiet",
            ),
        ]


class PushSubscription(TenantModel):
    """A browser of a person that may be written to (RFC 8030): where, and the keys that only it can open."""

    member = TenantForeignKey(Membership, db_index=False)
    endpoint = models.CharField(max_length=600)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    made_at = models.DateTimeField(db_default=Now())
    # The browser said that it is gone.
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "endpoint"], name="push_subscription_once")
        ]
