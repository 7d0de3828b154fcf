"""Corrections: kept without words, learnt per organization, in force only when not worse, switched off at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.tickets.intake.bodies import AIRLINE, NURIA, WILMER, at, x_post
from tickets.cases.models import Conversation, Message, Ticket
from tickets.clocks.models import Clock
from tickets.enums import TicketState
from tickets.intake.attention import Refused, mark_reviewed, put_aside, require_attention, sample_noise
from tickets.tasks import learn_corrections, sample_yesterdays_noise
from tickets.triage.domain.corrections import offsets_in_force, switch, teach
from tickets.triage.models import NoiseSample, TriageCorrection, TriagePolicy, TriageVersion

NEWS = "Las acciones del banco suben 3 % tras anunciar la fusión, según analistas https://t.co/b #Bolsa"

pytestmark = pytest.mark.django_db


def noise(hear, cast, count: int = 1, by=NURIA, to=None) -> list[Message]:
    bodies = [
        x_post(f"{NEWS} {n}", n + 1, by=(f"{by[0]}{n}", f"{by[1]}{n}"), **({"to": to} if to else {}))
        for n in range(count)
    ]
    hear(*bodies)
    with tenant((cast.airline if to else cast.bank).pk):
        return list(Message.objects.filter(ticket=None).order_by("pk"))


def test_yes_it_needs_attention_opens_the_case_with_clocks_from_receipt(hear, cast):
    (message,) = noise(hear, cast)
    with tenant(cast.bank.pk):
        number = require_attention(message.pk, by=cast.juan)
        case = Ticket.objects.get(pk=number)
        message.refresh_from_db()
        assert (message.ticket_id, message.needs_attention) == (case.pk, True)
        assert case.opened_at == case.unanswered_since == message.occurred_at == at(1)
        assert Clock.objects.filter(ticket=case, started_at=at(1)).count() == 2
        assert Conversation.objects.get(pk=message.conversation_id).current_ticket_id == case.pk
        correction = TriageCorrection.objects.get()
        assert (correction.aspect, correction.judged, correction.said, correction.by_id) == (
            "service",
            "0",
            "1",
            cast.juan.pk,
        )


def test_asked_twice_one_case_is_opened(hear, cast):
    (message,) = noise(hear, cast)
    with tenant(cast.bank.pk):
        assert require_attention(message.pk, by=cast.juan) == require_attention(message.pk, by=cast.paola)
        assert Ticket.objects.count() == 1


def test_of_a_customer_s_words_nothing_is_kept(hear, cast):
    hear(x_post("Descubre nuestra oferta zzyzx https://t.co/q #Zzyzx", 1))
    with tenant(cast.bank.pk):
        require_attention(Message.objects.get().pk, by=cast.juan)
        correction = TriageCorrection.objects.get()
        assert correction.traits
        kept = repr(correction.traits) + repr(correction.sums)
        kept += repr(list(AuditEvent.objects.values_list("data", flat=True)))
        assert "zzyzx" not in kept.lower()
        assert "oferta" not in kept.lower()


def test_a_case_put_aside_leaves_the_queue_and_stops_its_clocks(hear, cast):
    hear(x_post("@FrailejonAyuda hola, ¿a qué hora abren mañana?", 1))
    with tenant(cast.bank.pk), transaction.atomic():
        case = Ticket.objects.get()
        assert put_aside(case, by=cast.juan, reason="Publicidad")
        case.refresh_from_db()
        assert (case.state, case.unanswered_count) == (TicketState.NO_MOTIVE, 0)
        assert not Clock.objects.filter(ticket=case, met_at=None, cancelled_at=None).exists()
        assert TriageCorrection.objects.get().said == "0"
        assert not put_aside(case, by=cast.juan)


def test_of_cases_put_aside_one_in_five_goes_past_somebody_else(hear, cast):
    hear(*[
        x_post("@FrailejonAyuda hola, ¿a qué hora abren mañana?", n, by=(f"77{n}", f"vecina{n}"))
        for n in range(1, 21)
    ])  # fmt: skip
    with tenant(cast.bank.pk):
        cases = list(Ticket.objects.select_related("organization").order_by("pk"))
        assert [case.pk for case in cases] == list(range(cases[0].pk, cases[0].pk + 20))
        for case in cases:
            assert put_aside(case, by=cast.juan, reason="Publicidad")
        assert NoiseSample.objects.count() == 4
        drawn = NoiseSample.objects.values_list("message__ticket_id", flat=True)
        assert set(drawn) == {case.pk for case in cases if case.pk % 5 == 0}
        first = NoiseSample.objects.order_by("pk")[0].message_id
        with pytest.raises(Refused, match="own"):
            mark_reviewed(first, by=cast.juan)
        assert mark_reviewed(first, by=cast.paola)


def test_a_filed_case_cannot_be_put_aside(hear, cast):
    hear(x_post("@FrailejonAyuda me cobraron dos veces la cuota de manejo, devuelvan mi plata", 1))
    with tenant(cast.bank.pk), pytest.raises(Refused, match="filed"):
        put_aside(Ticket.objects.get(), by=cast.juan)


def test_an_organization_learns_from_its_own_corrections_only(hear, cast, as_worker):
    for message in noise(hear, cast, 16):
        with tenant(cast.bank.pk):
            require_attention(message.pk, by=cast.juan)
    with as_worker():
        learn_corrections()
        learn_corrections()
    with tenant(cast.bank.pk):
        (version,) = TriageVersion.objects.all()
        assert version.is_in_force
        assert version.right_after >= version.right_before
        assert offsets_in_force(cast.bank.pk)
    with tenant(cast.airline.pk):
        assert not TriageVersion.objects.exists()
        assert offsets_in_force(cast.airline.pk) == {}
    hear(x_post(f"{NEWS} otra vez", 90, by=WILMER), x_post(f"{NEWS} otra vez", 91, by=WILMER, to=AIRLINE))
    with tenant(cast.bank.pk):
        assert Message.objects.get(text__endswith="otra vez").ticket_id is not None
    with tenant(cast.airline.pk):
        assert Message.objects.get(text__endswith="otra vez").ticket_id is None


def test_switched_off_the_shipped_weights_judge_alone(hear, cast):
    messages = noise(hear, cast, 16)
    with tenant(cast.bank.pk):
        for message in messages:
            require_attention(message.pk, by=cast.juan)
        assert teach(cast.bank.pk) is not None
        switch(on=False, by=cast.marta)
        assert offsets_in_force(cast.bank.pk) == {}
        switch(on=True, by=cast.marta)
        assert offsets_in_force(cast.bank.pk)
        assert TriagePolicy.objects.count() == 1


def test_a_stranger_s_message_is_not_there(hear, cast):
    (message,) = noise(hear, cast)
    with tenant(cast.airline.pk):
        assert require_attention(message.pk, by=cast.carla) is None
        assert not mark_reviewed(message.pk, by=cast.carla)


def test_the_daily_sample_is_two_of_a_hundred_drawn_once(hear, cast, as_worker):
    with tenant(cast.bank.pk):
        pass
    messages = noise(hear, cast, 120)
    day = at(1).astimezone().date()
    with tenant(cast.bank.pk):
        first = sample_noise(cast.bank, day)
        assert sample_noise(cast.bank, day) == 0
        assert first == NoiseSample.objects.count()
        assert 0 <= first <= len(messages) // 10
        assert sample_noise(cast.bank, day - timedelta(days=1)) == 0
        for sample in NoiseSample.objects.all():
            assert mark_reviewed(sample.message_id, by=cast.paola)
            assert not mark_reviewed(sample.message_id, by=cast.paola)
    with as_worker():
        sample_yesterdays_noise()
