"""Noise opens no case, is kept with its reasons, and never hides what somebody with a case says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.tenancy.context import tenant
from tests.tickets.intake.bodies import NURIA, fb_message, x_message, x_post
from tests.tickets.intake.test_decide import T0, WILMER, fresh, only_case, resolved, says, tell
from tickets.cases.models import Message, Ticket
from tickets.enums import Priority, TicketState

NEWS = "Las acciones del banco suben 3 % tras anunciar la fusión, según analistas https://t.co/b #Bolsa"


def test_noise_opens_no_case_and_needs_no_attention():
    known = tell(fresh(), [says(NEWS, 0)])

    assert known.cases == {}
    (said,) = known.messages.values()
    assert said.is_noise
    assert not said.needs_attention
    assert said.verdict["kind"] == "ninguno"
    assert said.verdict["reasons"]


def test_doubt_opens_a_case():
    assert len(tell(fresh(), [says("sigue igual", 0)]).cases) == 1


@pytest.mark.parametrize("conversation", ["1000", ""])
def test_noise_of_somebody_with_an_open_case_joins_it(conversation):
    known = tell(fresh(), [says("no puedo entrar a la app", 0)], [says(NEWS, 9, conversation=conversation)])

    case = only_case(known)
    assert known.messages["x", "1009"].ticket_id == case.id
    assert case.unanswered_count == 2


def test_noise_of_another_person_joins_nothing():
    known = tell(
        fresh(), [says("no puedo entrar a la app", 0)], [says(NEWS, 9, who=WILMER, conversation="1000")]
    )

    assert known.messages["x", "1009"].ticket_id is None


def test_noise_reopens_nothing():
    known = resolved(tell(fresh(), [says("no puedo entrar", 0)]), 10)

    case = only_case(tell(known, [says(NEWS, 20, conversation="1000")]))

    assert case.state is TicketState.RESOLVED
    assert known.messages["x", "1020"].ticket_id == case.id


def test_noise_that_came_before_the_older_message_that_opens_the_case_counts_as_said_to_it():
    noise, service = says(NEWS, 9, conversation="1000"), says("no puedo entrar a la app", 0)

    first, second = tell(fresh(), [service], [noise]), tell(fresh(), [noise], [service])

    for known in (first, second):
        case = only_case(known)
        assert known.messages["x", "1009"].ticket_id == case.id
        assert (case.unanswered_count, case.opened_at) == (2, T0)
        assert case.last_asked_at == T0 + timedelta(minutes=9)


def test_noise_older_than_the_case_does_not_open_it_earlier():
    noise, service = says(NEWS, 0, conversation="1009"), says("no puedo entrar a la app", 9)

    for known in (tell(fresh(), [service], [noise]), tell(fresh(), [noise], [service])):
        assert only_case(known).opened_at == T0 + timedelta(minutes=9)
        assert only_case(known).unanswered_count == 1


def test_the_third_unanswered_message_raises_the_case_and_says_so():
    case = only_case(
        tell(
            fresh(),
            [says(f"tengo otra pregunta {n}", n, number=n + 1, conversation="1001") for n in range(3)],
        )
    )
    assert case.priority is Priority.HIGH
    assert "tercer mensaje sin respuesta" in case.priority_reasons


@pytest.mark.django_db
def test_verdict_is_stored_with_its_reasons_and_goes_with_the_words(hear, cast):
    hear(x_post("@FrailejonAyuda me clonaron la tarjeta, ladrones", 1), x_post(NEWS, 2, by=NURIA))
    with tenant(cast.bank.pk):
        claimed = Message.objects.get(text__startswith="@FrailejonAyuda")
        noise = Message.objects.get(text=NEWS)
        assert Ticket.objects.count() == 1
    assert claimed.verdict["abusive"]
    assert any("me clonaron" in reason for reason in claimed.verdict["reasons"])
    assert (noise.needs_attention, noise.ticket_id) == (False, None)


@pytest.mark.django_db
def test_what_is_said_in_private_always_reaches_the_queue(hear, cast):
    hear(x_message("jajaja y el partido?", 1), fb_message("ok mira esto", 2, mid="m_9"))
    with tenant(cast.bank.pk):
        assert Ticket.objects.count() == 2
