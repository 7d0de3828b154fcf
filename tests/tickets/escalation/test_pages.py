"""The screens of the watch, of the rules and of the alarms."""

from __future__ import annotations

from datetime import time

import pytest

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tickets.escalation.domain.alarms import raise_alarm
from tickets.escalation.domain.watching import add_watch
from tickets.escalation.models import (
    Alarm,
    AlarmPreference,
    EscalationRule,
    OnCallShift,
    OnCallSwap,
    PushSubscription,
)

WATCH, RULES, ALARMS = (
    "/frailejon/ajustes/guardias/",
    "/frailejon/ajustes/escalamiento/",
    "/frailejon/alarmas/",
)


def _rule(**more):
    return {
        "trigger": "breached",
        "notifies": "supervisors",
        "moves": "",
        "notify_member": "",
        "move_member": "",
        **more,
    }


def test_supervisor_keeps_the_watch_and_sees_what_it_makes_of_the_week(cast, log_in):
    client = log_in(cast.paola)
    given = {"member": cast.juan.pk, "weekdays": ["0", "1"], "starts": "20:00", "ends": "08:00", "place": "1"}
    client.post(WATCH, given)
    again = client.post(WATCH, given)

    page = client.get(WATCH).content.decode()
    assert again.status_code == 422
    assert "ya tiene guardia" in again.content.decode()
    assert "20:00–24:00 · Juan Carlos" in page
    assert "00:00–08:00 · Juan Carlos" in page
    with tenant(cast.bank.pk):
        assert OnCallShift.objects.count() == 2
        watch = OnCallShift.objects.earliest("pk")
    client.post(f"{WATCH}{watch.pk}/quitar/")
    with tenant(cast.bank.pk):
        assert OnCallShift.objects.count() == 1
        actions = AuditEvent.objects.filter(action__startswith="on_call.", actor_id=cast.paola.pk).order_by(
            "pk"
        )
        assert [line.action for line in actions] == ["on_call.added", "on_call.dropped"]


def test_substitution_is_for_what_is_to_come(cast, log_in):
    client = log_in(cast.paola)
    given = {"out": cast.juan.pk, "into": cast.paola.pk, "reason": "vacaciones"}

    past = client.post(
        f"{WATCH}reemplazos/", given | {"starts": "2020-01-01T08:00", "ends": "2020-01-02T08:00"}
    )
    backwards = client.post(
        f"{WATCH}reemplazos/", given | {"starts": "2099-01-02T08:00", "ends": "2099-01-01T08:00"}
    )
    client.post(f"{WATCH}reemplazos/", given | {"starts": "2099-01-01T08:00", "ends": "2099-01-02T08:00"})

    assert "Eso ya pasó" in past.content.decode()
    assert "Termina antes de empezar" in backwards.content.decode()
    with tenant(cast.bank.pk):
        swap = OnCallSwap.objects.get()
    assert swap.starts_at.hour == 13  # 8:00 in Bogotá
    assert "Paola en lugar de Juan Carlos" in client.get(WATCH).content.decode()
    client.post(f"{WATCH}reemplazos/{swap.pk}/quitar/")
    with tenant(cast.bank.pk):
        assert not OnCallSwap.objects.exists()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({}, "Cuando un reloj de cualquier caso vence, se avisa a quienes supervisan."),
        (
            {"priorities": ["high", "critical"], "moves": "on_call", "raises": "on"},
            "Cuando un reloj de un caso de prioridad crítica o alta vence, se avisa a quienes supervisan, el caso pasa "
            "a la guardia y su prioridad sube un nivel.",
        ),
    ],
)
def test_rule_is_said_before_it_is_saved_and_after(cast, log_in, asked, said):
    client = log_in(cast.marta)

    assert said in client.get(f"{RULES}frase/", _rule(**asked)).content.decode()
    client.post(RULES, _rule(**asked))
    assert said in client.get(RULES).content.decode()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"notifies": ""}, "Así no haría nada"),
        ({"notifies": "member"}, "Diga a quién se avisa."),
        ({"moves": "member"}, "Diga a quién pasa el caso."),
        ({"priorities": ["critical"], "raises": "on"}, "Un caso crítico no puede subir más"),
    ],
)
def test_rule_that_does_nothing_says_how_to_fix_it(cast, log_in, asked, said):
    answer = log_in(cast.marta).post(RULES, _rule(**asked))

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_of_two_admins_the_second_is_told_and_loses_nothing(cast, log_in):
    client = log_in(cast.marta)
    client.post(RULES, _rule())
    with tenant(cast.bank.pk):
        rule = EscalationRule.objects.get(trigger="breached")
    client.post(f"{RULES}{rule.pk}/", _rule(version="1", raises="on"))

    late = client.post(f"{RULES}{rule.pk}/", _rule(version="1", trigger="warned"))

    assert late.status_code == 409
    assert "Otra persona cambió esta regla" in late.content.decode()
    with tenant(cast.bank.pk):
        rule.refresh_from_db()
    assert (rule.trigger, rule.raises, rule.version) == ("breached", True, 2)
    client.post(f"{RULES}{rule.pk}/", {"what": "off"})
    client.post(f"{RULES}{rule.pk}/", {"what": "drop"})
    with tenant(cast.bank.pk):
        assert not EscalationRule.objects.filter(pk=rule.pk).exists()
        lines = AuditEvent.objects.filter(action__startswith="escalation.").order_by("pk")
        assert [line.action for line in lines] == [
            "escalation.added", "escalation.changed", "escalation.switched_off", "escalation.dropped",
        ]  # fmt: skip


def test_agent_reads_the_rules_and_changes_none(cast, log_in):
    client = log_in(cast.juan)

    assert client.get(RULES).status_code == 200
    assert "Guardar la regla" not in client.get(RULES).content.decode()
    assert client.post(RULES, _rule()).status_code == 403


def test_alarm_is_passed_on_and_taken_on_the_screen(cast, log_in):
    with tenant(cast.bank.pk):
        for place, member in enumerate((cast.paola, cast.juan), 1):
            add_watch(
                member, weekdays=list(range(7)), starts=time(0), ends=time(23, 59), place=place, by=cast.marta
            )
        alarm = raise_alarm(cast.bank, key="one", kind="silent", account_id=cast.bank_x.pk)
    paola = log_in(cast.paola)
    assert "No se lee nada de @FrailejonAyuda" in paola.get(ALARMS).content.decode()

    paola.post(f"{ALARMS}{alarm.pk}/", {"decision": "pass"})
    paola.post(f"{ALARMS}{alarm.pk}/", {"decision": "pass"})  # it is not hers any more
    with tenant(cast.bank.pk):
        assert Alarm.objects.get().called == [cast.paola.pk, cast.juan.pk]
    juan = log_in(cast.juan)
    juan.post(f"{ALARMS}{alarm.pk}/", {"decision": "take"})
    assert "la atendió Juan Carlos" in juan.get(ALARMS).content.decode()


def test_quiet_hours_and_browsers_are_ones_own(cast, log_in):
    client = log_in(cast.paola)

    half = client.post(f"{ALARMS}avisos/", {"by_email": "on", "quiet_from": "21:00"})
    client.post(f"{ALARMS}avisos/", {"by_email": "on", "quiet_from": "21:00", "quiet_until": "07:00"})
    bad = client.post(f"{ALARMS}navegador/", {"endpoint": "http://10.0.0.1/x", "p256dh": "x", "auth": "y"})
    weak = client.post(
        f"{ALARMS}navegador/", {"endpoint": "https://push.example/1", "p256dh": "AAAA", "auth": "AAAA"}
    )

    assert half.status_code == 422
    assert "Diga las dos horas" in half.content.decode()
    assert (bad.status_code, weak.status_code) == (400, 400)
    with tenant(cast.bank.pk):
        assert AlarmPreference.objects.get().quiet_from == time(21)
        assert not PushSubscription.objects.exists()
