"""Rules do what they say once; the watch is called, passes on, and alarms leave the house. With the clock set."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, time, timedelta

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail

from channels_social.models import PollCursor
from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership
from tests.stories import hear, mention
from tickets.api.domain.payloads import payload_of
from tickets.api.domain.subscriptions import subscribe as tell_other_system
from tickets.api.models import WebhookDelivery
from tickets.cases.models import Ticket
from tickets.clocks.domain.sweep import sweep_clocks
from tickets.clocks.domain.terms import forget_rules
from tickets.clocks.models import Clock
from tickets.escalation.domain import pushing
from tickets.escalation.domain.alarms import acknowledge, raise_alarm
from tickets.escalation.domain.leaving import leave_all
from tickets.escalation.domain.sweep import sweep_escalation, sweep_silence
from tickets.escalation.domain.watching import add_swap, add_watch
from tickets.escalation.models import (
    Alarm,
    AlarmNotice,
    AlarmPreference,
    EscalationRule,
    EscalationStep,
    PushSubscription,
)
from tickets.replies.domain.outbox import change_action
from tickets.replies.domain.reply import reply

# A Saturday at 22:00 in Bogotá: the bank is closed.
NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
FRAUD = "@FrailejonAyuda me robaron la plata de la cuenta, hay una transferencia que no hice, fraude"


@pytest.fixture
def night(time_machine, cast):
    time_machine.move_to(NIGHT, tick=False)
    forget_rules()
    yield time_machine
    forget_rules()


@pytest.fixture
def watch(cast, night):
    """Paola first, Juan after her, every night of the weekend."""
    with tenant(cast.bank.pk):
        for place, member in enumerate((cast.paola, cast.juan), 1):
            add_watch(member, weekdays=[5, 6], starts=time(20), ends=time(8), place=place, by=cast.marta)


def _sweep(as_worker):
    with as_worker():
        return sweep_escalation()


def _leave(as_worker, post=lambda *_: 0):
    with as_worker():
        return leave_all(post)


def _addresses():
    return [letter.to[0] for letter in mail.outbox]


def _critical(cast, number=1):
    hear(cast, mention(FRAUD, number=number, at=NIGHT))
    ticket = Ticket.objects.latest("pk")
    assert ticket.priority == "critical"
    return ticket


def test_critical_case_at_night_calls_the_watch_once_and_passes_on(cast, watch, night, as_worker):
    with tenant(cast.bank.pk):
        _critical(cast)
    _sweep(as_worker)
    _sweep(as_worker)

    with tenant(cast.bank.pk):
        alarm = Alarm.objects.get()
        assert (alarm.kind, alarm.called, alarm.pass_at) == (
            "critical",
            [cast.paola.pk],
            NIGHT + timedelta(minutes=5),
        )
    assert _leave(as_worker) == 1
    assert _leave(as_worker) == 0
    assert _addresses() == ["paola@frailejon.example"]
    assert "Caso crítico" in mail.outbox[0].subject
    assert "robaron" not in mail.outbox[0].body

    night.move_to(NIGHT + timedelta(minutes=5), tick=False)
    _sweep(as_worker)
    _sweep(as_worker)
    with tenant(cast.bank.pk):
        assert Alarm.objects.get().called == [cast.paola.pk, cast.juan.pk]
        assert AlarmNotice.objects.filter(member=cast.juan).count() == 1
        assert acknowledge(Alarm.objects.get(), by=cast.juan)
        assert not acknowledge(Alarm.objects.get(), by=cast.paola)
        assert AlarmNotice.objects.get(member=cast.juan).state == "needless"
        actions = list(
            AuditEvent.objects.filter(action__startswith="alarm.")
            .order_by("pk")
            .values_list("action", flat=True)
        )
    assert actions == ["alarm.raised", "alarm.sent", "alarm.passed", "alarm.acknowledged"]


def test_critical_case_by_day_calls_nobody(cast, watch, night, as_worker):
    night.move_to(NIGHT + timedelta(hours=36), tick=False)  # Monday 10:00
    with tenant(cast.bank.pk):
        Membership.objects.filter(pk=cast.juan.pk).update(presence="busy", presence_at=clock.now())
        hear(cast, mention(FRAUD, at=NIGHT + timedelta(hours=36)))
        assert EscalationStep.objects.update(at=clock.now()) == 1
    _sweep(as_worker)

    with tenant(cast.bank.pk):
        assert not Alarm.objects.exists()
        assert not EscalationStep.objects.exists()


@pytest.mark.parametrize("presence", ["offline", "pause"])
def test_critical_case_by_day_that_nobody_is_there_for_calls_the_watch(cast, night, as_worker, presence):
    night.move_to(NIGHT + timedelta(hours=36), tick=False)
    with tenant(cast.bank.pk):
        Membership.objects.filter(pk=cast.juan.pk).update(presence=presence, presence_at=clock.now())
        hear(cast, mention(FRAUD, at=NIGHT + timedelta(hours=36)))
        EscalationStep.objects.update(at=clock.now())
    _sweep(as_worker)

    with tenant(cast.bank.pk):
        assert Alarm.objects.get().called == [cast.paola.pk]


def _silence(as_worker):
    with as_worker():
        sweep_silence()


def test_critical_case_that_everybody_leaves_unanswered_calls_the_watch_once(cast, watch, night, as_worker):
    """It came while Juan was there; he leaves, and nobody has answered it."""
    night.move_to(NIGHT + timedelta(hours=36), tick=False)  # Monday 10:00
    with tenant(cast.bank.pk):
        Membership.objects.filter(pk=cast.juan.pk).update(presence="busy", presence_at=clock.now())
        hear(cast, mention(FRAUD, at=NIGHT + timedelta(hours=36)))
        EscalationStep.objects.update(at=clock.now())
    _sweep(as_worker)
    _silence(as_worker)
    with tenant(cast.bank.pk):
        assert not Alarm.objects.exists()
        Membership.objects.filter(pk=cast.juan.pk).update(presence="offline", presence_at=clock.now())
    _silence(as_worker)
    _silence(as_worker)

    with tenant(cast.bank.pk):
        alarm = Alarm.objects.get()
        assert (alarm.kind, alarm.ticket_id) == ("critical", Ticket.objects.get().pk)


def test_critical_case_that_was_answered_calls_nobody_when_they_leave(cast, watch, night, as_worker):
    night.move_to(NIGHT + timedelta(hours=36), tick=False)
    with tenant(cast.bank.pk):
        Membership.objects.filter(pk=cast.juan.pk).update(presence="busy", presence_at=clock.now())
        hear(cast, mention(FRAUD, at=NIGHT + timedelta(hours=36)))
        EscalationStep.objects.update(at=clock.now())
    _sweep(as_worker)
    with tenant(cast.bank.pk):
        Ticket.objects.update(first_sent_at=clock.now())
        Membership.objects.filter(pk=cast.juan.pk).update(presence="offline", presence_at=clock.now())
    _silence(as_worker)

    with tenant(cast.bank.pk):
        assert not Alarm.objects.exists()


def test_substitute_is_called_instead(cast, watch, night, as_worker):
    with tenant(cast.bank.pk):
        add_swap(
            out=cast.paola, into=cast.andres, starts=NIGHT - timedelta(hours=1), ends=NIGHT + timedelta(hours=9),
            reason="vacaciones", by=cast.paola,
        )  # fmt: skip
        _critical(cast)
    _sweep(as_worker)

    with tenant(cast.bank.pk):
        assert Alarm.objects.get().called == [cast.andres.pk]


def test_answered_case_ends_its_alarm_and_nothing_more_leaves(cast, watch, night, as_worker):
    with tenant(cast.bank.pk):
        ticket = _critical(cast)
    _sweep(as_worker)
    with tenant(cast.bank.pk):
        Ticket.objects.filter(pk=ticket.pk).update(first_sent_at=NIGHT)
    with as_worker():
        sweep_silence()

    with tenant(cast.bank.pk):
        assert Alarm.objects.get().ended_at is not None
        assert AlarmNotice.objects.get().state == "needless"


def test_storm_is_two_letters_and_a_digest(cast, night, as_worker):
    with tenant(cast.bank.pk):
        for number in range(30):
            raise_alarm(
                cast.bank, key=f"test:{number}", kind="silent", account_id=cast.bank_x.pk, to=[cast.paola]
            )
            raise_alarm(
                cast.bank, key=f"test:{number}", kind="silent", account_id=cast.bank_x.pk, to=[cast.paola]
            )
        assert AlarmNotice.objects.count() == 30
    _leave(as_worker)

    assert len(mail.outbox) == 3
    assert "28 alarmas" in mail.outbox[2].subject
    assert "y 8 más" in mail.outbox[2].body
    with tenant(cast.bank.pk):
        assert AlarmNotice.objects.filter(state="sent", in_digest=True).count() == 28


def test_quiet_hours_hold_what_is_not_urgent(cast, night, as_worker):
    with tenant(cast.bank.pk):
        AlarmPreference.objects.create(
            organization=cast.bank, member=cast.paola, quiet_from=time(21), quiet_until=time(7)
        )
        raise_alarm(cast.bank, key="calm", kind="rule", what="warned", to=[cast.paola])
        raise_alarm(cast.bank, key="urgent", kind="rule", what="warned", to=[cast.paola], is_urgent=True)
        calm, urgent = AlarmNotice.objects.order_by("pk")

    assert calm.not_before == datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert urgent.not_before == NIGHT


def test_mail_that_does_not_leave_is_tried_again(cast, night, as_worker, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with tenant(cast.bank.pk):
        raise_alarm(cast.bank, key="one", kind="rule", what="warned", to=[cast.paola])

    assert _leave(as_worker) == 0

    with tenant(cast.bank.pk):
        notice = AlarmNotice.objects.get()
        assert (notice.state, notice.attempts, notice.not_before) == (
            "queued",
            1,
            NIGHT + timedelta(seconds=10),
        )


def test_rule_tells_raises_and_moves_once_when_a_clock_is_past(cast, as_worker):
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces"))
    with tenant(cast.bank.pk):
        ticket = Ticket.objects.get()
        former = ticket.priority
        Ticket.objects.filter(pk=ticket.pk).update(assignee=cast.juan)
        EscalationRule.objects.create(
            organization=cast.bank, trigger="breached", notifies="supervisors", raises=True, moves="member",
            move_member=cast.paola, made_by=cast.marta,
        )  # fmt: skip
        EscalationRule.objects.create(
            organization=cast.bank,
            trigger="breached",
            priorities=["critical"],
            notifies="owner",
            made_by=cast.marta,
        )
        past = Clock.objects.filter(ticket=ticket, kind="first_response")
        past.update(due_at=ticket.opened_at - timedelta(minutes=1))
    with as_worker():
        sweep_clocks()
    assert _sweep(as_worker) == {cast.bank.pk: [ticket.pk]}
    assert _sweep(as_worker) == {}

    with tenant(cast.bank.pk):
        ticket.refresh_from_db()
        assert (ticket.assignee_id, ticket.transfers) == (cast.paola.pk, 1)
        assert (former, ticket.priority) == ("medium", "high")
        assert Alarm.objects.get().called == [cast.paola.pk]
        line = AuditEvent.objects.get(action="escalation.applied")
        assert (line.ticket_id, line.data["raised"], line.data["moved"]) == (ticket.pk, True, True)


def test_answer_nobody_approves_tells_everybody_who_may(cast, time_machine, as_worker):
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces"))
    with tenant(cast.bank.pk):
        message = reply(
            Ticket.objects.select_related("organization").get(),
            by=cast.andres,
            text="Ya.",
            mode="public",
            client_token="a",
        )[0]
        at = message.occurred_at
    time_machine.move_to(at + timedelta(minutes=5, seconds=5), tick=False)
    with as_worker():
        sweep_silence()
        sweep_silence()
    with tenant(cast.bank.pk):
        alarm = Alarm.objects.get()
        assert (alarm.kind, alarm.called) == ("approval", [cast.paola.pk])
        change_action(message, to="cancel", by=cast.andres)
    with as_worker():
        sweep_silence()
    with tenant(cast.bank.pk):
        assert Alarm.objects.get().ended_at is not None


def test_account_that_is_not_read_calls_the_watch_until_it_is_heard(cast, watch, night, as_worker):
    with tenant(cast.bank.pk):
        PollCursor.objects.filter(account=cast.bank_x).update(last_polled_at=NIGHT - timedelta(minutes=61))
        PollCursor.objects.filter(account=cast.bank_page).update(last_polled_at=NIGHT - timedelta(minutes=50))
        assert PollCursor.objects.filter(account=cast.bank_x).exists()
    with as_worker():
        sweep_silence()
        sweep_silence()
    with tenant(cast.bank.pk):
        alarm = Alarm.objects.get()
        assert (alarm.kind, alarm.account_id, alarm.called) == ("silent", cast.bank_x.pk, [cast.paola.pk])
        PollCursor.objects.filter(account=cast.bank_x).update(last_polled_at=NIGHT + timedelta(minutes=1))
    night.move_to(NIGHT + timedelta(minutes=2), tick=False)
    with as_worker():
        sweep_silence()
    with tenant(cast.bank.pk):
        assert Alarm.objects.get().ended_at is not None


def test_other_systems_are_told_by_signed_webhook(cast, night):
    with tenant(cast.bank.pk):
        subscription, _secret = tell_other_system(
            cast.bank, url="https://avisos.example/alarmas", events=["alarm.raised", "alarm.acknowledged"],
            with_words=False, by=cast.marta,
        )  # fmt: skip
        alarm = raise_alarm(cast.bank, key="one", kind="silent", account_id=cast.bank_x.pk, to=[cast.paola])
        acknowledge(alarm, by=cast.paola)
        raised, acknowledged = WebhookDelivery.objects.order_by("pk")
        bodies = [payload_of(subscription, one) for one in (raised, acknowledged)]

    assert [body["type"] for body in bodies] == ["alarm.raised", "alarm.acknowledged"]
    assert bodies[1]["data"]["alarm"]["acknowledged_by"] == "PM"
    assert bodies[0]["data"]["alarm"]["account"] == "@FrailejonAyuda"


def test_browser_is_written_to_and_forgotten_when_it_is_gone(cast, night, as_worker):
    key = ec.generate_private_key(ec.SECP256R1())
    point = key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    said = []

    def post(endpoint, body, headers):
        said.append((endpoint, body, headers))
        return 201 if len(said) == 1 else 410

    with tenant(cast.bank.pk):
        pushing.subscribe(
            cast.paola, endpoint="https://push.example/1", p256dh=_b64(point), auth=_b64(b"0123456789abcdef")
        )
        AlarmPreference.objects.create(organization=cast.bank, member=cast.paola, by_email=False)
        raise_alarm(cast.bank, key="one", kind="rule", what="warned", to=[cast.paola])
        raise_alarm(cast.bank, key="two", kind="rule", what="warned", to=[cast.paola])
    _leave(as_worker, post)

    assert mail.outbox == []
    endpoint, body, headers = said[0]
    assert endpoint == "https://push.example/1"
    assert b"reloj" not in body
    assert headers["Authorization"].startswith("vapid t=")
    with tenant(cast.bank.pk):
        assert PushSubscription.objects.get().gone_at is not None


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
