"""An incident's life: declared, told, approved by another, linked, answered in bulk, closed; each step undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from channels_social.domain.leases import claim_next
from channels_social.models import OutboundAction
from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import enter, tenant
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Permission
from tests.stories import OTHER, hear, mention
from tickets.cases.domain.access import reserve
from tickets.cases.models import Message, Ticket
from tickets.escalation.models import Alarm
from tickets.incidents.domain import declaring, notices
from tickets.incidents.domain.declaring import Facts, NotDeclared, declare, propose
from tickets.incidents.domain.linking import alike_cases, link, unlink
from tickets.incidents.domain.notices import NotPublished, approve_notice, write_notice
from tickets.incidents.domain.queries.published import published_notices
from tickets.incidents.enums import IncidentState, LinkCause
from tickets.incidents.models import BatchedAnswer, Incident, IncidentCase
from tickets.incidents.rules.bulk import NotSaid
from tickets.replies.domain import casework
from tickets.replies.domain.outbox import OutboxDesk
from tickets.replies.domain.reply import reply
from tickets.supervision.domain.batches import drafts_of, queue_batch, work_batches
from tickets.supervision.domain.stopping import stop_batch
from tickets.supervision.domain.watching import watch_incidents


def facts(**more) -> Facts:
    given = {
        "title": "La app no abre", "situation": "Hay clientes que no pueden entrar a la app.",
        "measures": "Ya trabajamos en ello; la sucursal virtual funciona.",
        "statement": "{nombre}, la app está caída y ya trabajamos en ello.",
        "next_notice_at": clock.now() + timedelta(minutes=30),
    }  # fmt: skip
    return Facts(**(given | more))


@pytest.fixture
def bank(cast):
    with tenant(cast.bank.pk):
        for member in (cast.juan, cast.paola):
            member.permissions = sorted({*member.permissions, Permission.APPROVE_NOTICES.value})
            member.save()
        yield cast


@pytest.fixture
def outage(cast):
    """Two cases about the app, one about something else."""
    hear(cast, mention("@FrailejonAyuda la app no abre", number=1))
    hear(cast, mention("@FrailejonAyuda no me abre la app, auxilio", number=2, author=OTHER))
    third = OTHER.__class__("2003", "user", "Luz Marina", "luzm")
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces", number=3, author=third))
    with tenant(cast.bank.pk):
        return list(Ticket.objects.order_by("pk"))


def code_of(refused) -> str:
    return refused.value.code


def test_declared_with_no_case_and_without_an_estimate(bank):
    incident = declare(bank.bank, facts(), by=bank.paola)

    assert (incident.number, incident.state, incident.estimated_at) == (1, IncidentState.OPEN, None)
    assert AuditEvent.objects.filter(action="incident.declared", actor_id=bank.paola.pk).exists()


def test_second_supervisor_is_told_who_declared_it_first(bank):
    first = declare(bank.bank, facts(), by=bank.paola)

    with pytest.raises(NotDeclared) as refused:
        declare(bank.bank, facts(title="App caída, no abre"), by=bank.juan)
    assert (code_of(refused), refused.value.other) == ("same", first)

    assert declare(bank.bank, facts(title="App caída, no abre"), by=bank.juan, is_another=True).number == 2


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"title": " "}, "no_title"),
        ({"next_notice_at": None}, "no_when"),
        ({"estimated_at": -5}, "past_estimate"),
        ({"next_notice_at": -5}, "past_notice"),
    ],
)
def test_what_cannot_be_declared(bank, more, code):
    more = {
        key: clock.now() + timedelta(minutes=value) if isinstance(value, int) else value
        for key, value in more.items()
    }
    with pytest.raises(NotDeclared) as refused:
        declare(bank.bank, facts(**more), by=bank.paola)

    assert code_of(refused) == code
    assert not Incident.objects.exists()


def test_closing_takes_prevention_and_can_be_taken_back(bank):
    incident = declare(bank.bank, facts(), by=bank.paola)

    with pytest.raises(NotDeclared) as refused:
        declaring.close(incident, prevention="  ", by=bank.paola)
    assert code_of(refused) == "no_prevention"
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(state="closed", closed_at=clock.now())

    declaring.close(incident, prevention="Doble revisión de despliegues.", by=bank.paola)
    assert declaring.reopen(incident, by=bank.juan).state == IncidentState.OPEN


def test_reopened_after_its_hours_promises_a_new_notice(bank, time_machine):
    time_machine.move_to("2026-11-19T15:15:00+00:00", tick=False)
    incident = declare(bank.bank, facts(), by=bank.paola)
    declaring.close(incident, prevention="x", by=bank.paola)
    time_machine.shift(timedelta(hours=3))

    again = declaring.reopen(incident, by=bank.paola)

    assert again.next_notice_at > clock.now()


def test_of_two_who_write_at_once_the_second_is_told(bank):
    incident = declare(bank.bank, facts(), by=bank.paola)
    declaring.tell_anew(incident, facts(measures="Otra."), by=bank.paola, version=incident.version)

    with pytest.raises(NotDeclared) as refused:
        declaring.tell_anew(incident, facts(), by=bank.juan, version=incident.version)

    assert code_of(refused) == "changed"
    assert Incident.objects.get().measures == "Otra."


def test_notice_is_published_by_somebody_else_and_one_stands(bank):
    incident = declare(bank.bank, facts(), by=bank.paola)
    notice = write_notice(incident, by=bank.paola)
    assert published_notices(bank.bank) == []

    with pytest.raises(NotPublished) as refused:
        approve_notice(notice, by=bank.paola)
    assert code_of(refused) == "own"
    with pytest.raises(NotPublished) as refused:
        approve_notice(notice, by=bank.andres)
    assert code_of(refused) == "cannot"

    approve_notice(notice, by=bank.juan)
    second = write_notice(
        declaring.tell_anew(incident, facts(situation="Vuelve."), by=bank.paola, version=1), by=bank.paola
    )
    assert [one.situation for one in published_notices(bank.bank)] == [facts().situation]
    approve_notice(second, by=bank.juan)
    assert [one.situation for one in published_notices(bank.bank)] == ["Vuelve."]

    notices.withdraw_notice(second, by=bank.paola)
    assert published_notices(bank.bank) == []


def test_nothing_is_published_without_situation_and_measures_nor_of_an_hour_that_passed(bank, time_machine):
    time_machine.move_to("2026-11-19T15:15:00+00:00", tick=False)
    for missing, code in (("situation", "no_situation"), ("measures", "no_measures")):
        incident = declare(bank.bank, facts(**{missing: ""}), by=bank.paola, is_another=True)
        with pytest.raises(NotPublished) as refused:
            write_notice(incident, by=bank.paola)
        assert code_of(refused) == code

    notice = write_notice(declare(bank.bank, facts(), by=bank.paola, is_another=True), by=bank.paola)
    time_machine.shift(timedelta(minutes=31))
    with pytest.raises(NotPublished) as refused:
        approve_notice(notice, by=bank.juan)
    assert code_of(refused) == "past_notice"


def test_closed_incident_stays_a_day_in_public_as_solved_and_a_dismissed_one_not_a_moment(bank, time_machine):
    time_machine.move_to("2026-11-19T15:15:00+00:00", tick=False)
    for n in (1, 2):
        incident = declare(bank.bank, facts(title=f"Falla {n}"), by=bank.paola, is_another=True)
        approve_notice(write_notice(incident, by=bank.paola), by=bank.juan)
    declaring.dismiss(incident, by=bank.paola)
    declaring.close(Incident.objects.get(number=1), prevention="x", by=bank.paola)

    assert [(one.title, one.over_at is not None) for one in published_notices(bank.bank)] == [
        ("Falla 1", True)
    ]
    time_machine.shift(timedelta(hours=25))
    assert published_notices(bank.bank) == []


def test_notice_that_was_promised_and_did_not_come_alarms_once(bank, as_worker, time_machine):
    time_machine.move_to("2026-11-19T15:15:00+00:00", tick=False)
    incident = declare(bank.bank, facts(), by=bank.paola)
    approve_notice(write_notice(incident, by=bank.paola), by=bank.juan)
    # Putting the hour off among colleagues does not put off what customers read.
    declaring.tell_anew(
        incident, facts(next_notice_at=clock.now() + timedelta(hours=2)), by=bank.paola, version=1
    )
    with as_worker():
        assert watch_incidents() == 0
        time_machine.shift(timedelta(minutes=31))
        assert [watch_incidents(), watch_incidents()] == [1, 0]
    alarm = Alarm.objects.get(kind="incident")
    assert (alarm.what, alarm.is_urgent, alarm.ended_at) == ("notice_due", True, None)

    time_machine.shift(timedelta(minutes=1))
    fresh = Incident.objects.get()
    approve_notice(write_notice(fresh, by=bank.paola), by=bank.juan)
    with as_worker():
        assert watch_incidents() == 0
    alarm.refresh_from_db()
    assert alarm.ended_at is not None


def test_notice_nobody_approves_calls_those_who_may(bank, as_worker, time_machine):
    time_machine.move_to("2026-11-19T15:15:00+00:00", tick=False)
    write_notice(declare(bank.bank, facts(), by=bank.paola), by=bank.paola)
    time_machine.shift(timedelta(minutes=11))

    with as_worker():
        watch_incidents()

    assert Alarm.objects.get(what="notice_waits").called == [bank.juan.pk]


def test_agent_proposes_and_a_supervisor_declares_it_once(bank):
    proposal = propose(bank.bank, Facts(title="No abre la app"), by=bank.andres)
    assert proposal.state == IncidentState.PROPOSED

    made = declare(bank.bank, facts(), by=bank.paola, proposal=proposal)
    assert (made.pk, made.number, made.proposed_by_id) == (proposal.pk, 1, bank.andres.pk)
    with pytest.raises(NotDeclared) as refused:
        declare(bank.bank, facts(), by=bank.juan, proposal=proposal)
    assert code_of(refused) == "same"


def test_cases_that_are_alike_are_suggested_with_the_words_and_linked_and_unlinked(outage, bank):
    incident = declare(bank.bank, facts(), by=bank.paola)

    alike = alike_cases(incident)
    assert {one.number for one in alike} == {outage[0].number, outage[1].number}
    assert {"app", "abre"} <= set(alike[0].words)

    assert link(incident, [one.ticket_id for one in alike], by=bank.paola, cause=LinkCause.LIKENESS) == 2
    assert link(incident, [alike[0].ticket_id], by=bank.paola, cause=LinkCause.HAND) == 0
    assert "app" in IncidentCase.objects.first().words
    assert unlink(incident, alike[0].ticket_id, by=bank.paola)
    actions = AuditEvent.objects.filter(ticket_id=alike[0].ticket_id, action__startswith="incident.")
    assert list(actions.order_by("pk").values_list("action", flat=True)) == [
        "incident.case_linked", "incident.case_unlinked",
    ]  # fmt: skip


def test_reserved_case_is_in_nobodys_list(outage, bank):
    incident = declare(bank.bank, facts(), by=bank.paola)
    link(incident, [outage[0].pk], by=bank.paola, cause=LinkCause.HAND)
    reserve(casework.lock(outage[0].pk), named=[bank.juan], by=bank.juan, reason="línea ética")

    enter(bank.bank.pk, member_id=bank.paola.pk, scope=bank.paola.scope)

    assert not IncidentCase.objects.exists()
    assert outage[0].number not in {one.number for one in alike_cases(incident)}
    assert drafts_of(incident, "{nombre}, hola", by=bank.paola) == []


@pytest.fixture
def linked(outage, bank):
    incident = declare(bank.bank, facts(), by=bank.paola)
    link(incident, [ticket.pk for ticket in outage], by=bank.paola, cause=LinkCause.HAND)
    return incident


def send(bank, linked, tickets, as_worker, token="lote-1"):  # noqa: S107
    batch = queue_batch(
        linked, [one.pk for one in tickets], text="{nombre}, va {caso}.", by=bank.paola, token=token
    )
    with as_worker():
        work_batches()
    return batch


def test_each_customer_reads_their_own_name_in_their_own_conversation(linked, outage, bank, as_worker):
    drafts = drafts_of(linked, "{nombre}, su caso es el {caso}.", by=bank.paola)
    numbers = [one.radicado or one.number for one in outage]
    assert drafts[0].text == f"Diana, su caso es el {numbers[0]}."

    send(bank, linked, outage[:2], as_worker)

    said = dict(Message.objects.filter(direction="out").values_list("ticket_id", "text"))
    assert said == {
        outage[0].pk: f"Diana, va {numbers[0]}. ^PM", outage[1].pk: f"Wilmer, va {numbers[1]}. ^PM",
    }  # fmt: skip
    lanes = OutboundAction.objects.values_list("lane", "state").distinct()
    assert list(lanes) == [("3_bulk", "queued")]


def test_pressing_twice_is_answering_once_and_a_second_batch_leaves_them_out(linked, outage, bank, as_worker):
    send(bank, linked, outage[:1], as_worker)
    send(bank, linked, outage[:1], as_worker)
    assert Message.objects.filter(direction="out").count() == 1

    assert [one.why_not for one in drafts_of(linked, "hola", by=bank.paola)] == ["twice", "", ""]
    with pytest.raises(NotSaid) as refused:
        queue_batch(linked, [outage[0].pk], text="hola", by=bank.paola, token="otro")
    assert code_of(refused) == "nobody"


def test_critical_answer_leaves_before_the_bulk_even_in_the_same_thread(linked, outage, bank, as_worker):
    send(bank, linked, outage, as_worker)
    Ticket.objects.filter(pk=outage[2].pk).update(priority="critical")
    ticket = casework.lock(outage[2].pk)
    (critical,) = reply(
        ticket, by=bank.juan, text="Ya bloqueamos la tarjeta.", mode="public", client_token="t"
    )
    OutboundAction.objects.update(not_before=clock.now() - timedelta(minutes=1))

    with as_worker():
        claim = claim_next()

    assert claim.action_id == critical.action_id


def test_who_was_answered_meanwhile_hears_no_bulk(linked, outage, bank, as_worker):
    send(bank, linked, outage[:1], as_worker)
    action = OutboundAction.objects.get()
    action.account, message = bank.bank_x, Message.objects.get(direction="out")
    assert OutboxDesk().refuse(action) is None

    message.conversation.last_sent_at = clock.now() + timedelta(seconds=1)
    message.conversation.save()

    assert OutboxDesk().refuse(action) == ("answered_meanwhile", "")


def test_stopping_cancels_what_was_not_sent_and_nothing_else(linked, outage, bank, as_worker):
    batch = send(bank, linked, outage[:2], as_worker)
    gone = OutboundAction.objects.earliest("pk")
    OutboundAction.objects.filter(pk=gone.pk).update(state="sent", sent_at=clock.now())
    BatchedAnswer.objects.create(organization=bank.bank, batch=batch, ticket=outage[2])

    assert len(stop_batch(batch, by=bank.paola)) == 1
    assert stop_batch(batch, by=bank.paola) == []

    assert sorted(OutboundAction.objects.values_list("state", flat=True)) == ["cancelled", "sent"]
    with as_worker():
        work_batches()
    assert Message.objects.filter(direction="out").count() == 2
    assert AuditEvent.objects.filter(action="incident.batch_stopped").count() == 2


def test_batch_of_an_author_who_left_is_left_out_with_a_reason(linked, outage, bank, as_worker):
    batch = queue_batch(linked, [outage[0].pk], text="hola", by=bank.paola, token="x")
    Membership.objects.filter(pk=bank.paola.pk).update(is_active=False)

    with as_worker():
        work_batches()

    assert list(BatchedAnswer.objects.filter(batch=batch).values_list("stage", "code")) == [
        ("left_out", "author_left")
    ]
