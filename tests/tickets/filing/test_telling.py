"""The radicado is told once, by the right channel, and telling it is not answering."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels_social.models import SocialAccount
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention
from tests.tickets.filing.people import comment, messenger
from tests.tickets.replies.conftest import House
from tests.tickets.together import together, worker
from tickets.cases.filings import FilingPolicy
from tickets.cases.models import Filing, Message, Ticket
from tickets.clocks.models import Clock
from tickets.customers.models import Identity
from tickets.replies.domain import casework
from tickets.replies.domain.filing import file_ticket
from tickets.replies.domain.notices import told
from tickets.replies.domain.reply import reply
from tickets.replies.domain.targets import targets_of
from tickets.replies.domain.telling import tell, tell_filings
from tickets.replies.filing_sentences import first_name, private_sentence, public_sentence

CHARGED = "@FrailejonAyuda me cobraron dos veces la cuota y quiero mi plata"


def tell_all() -> list[Message]:
    """One round over the bank's filings. Inside ``tenant``."""
    said = []
    for filing in Filing.objects.order_by("pk"):
        ticket = Ticket.objects.select_related("organization", "customer").get(pk=filing.ticket_id)
        said += [tell(filing, ticket)]
    return [message for message in said if message is not None]


@pytest.fixture
def filed(cast, now):
    hear(cast, mention(CHARGED, at=now[0]))
    with tenant(cast.bank.pk):
        Identity.objects.update(accepts_dm=None)
        yield Filing.objects.get()


def test_in_public_the_number_goes_without_anything_about_the_person(cast, filed):
    message = tell_all()[0]

    assert message.is_public
    assert filed.radicado in message.text
    assert "Diana" not in message.text
    assert (message.action.lane, message.author_id, message.is_notice) == ("5_courtesy", None, True)


def test_in_private_where_it_is_possible_by_name(cast, now):
    hear(cast, messenger("me cobraron dos veces la cuota", at=now[0]), account=cast.bank_page)
    with tenant(cast.bank.pk):
        message = tell_all()[0]

        assert not message.is_public
        assert message.text.startswith("Hola Diana")


def test_a_person_of_x_is_written_to_first_only_if_they_accept_it(cast, filed):
    Identity.objects.update(accepts_dm=True)

    assert not tell_all()[0].is_public


def test_the_one_private_reply_to_a_comment_is_left_to_agents(cast, now):
    hear(cast, comment("me cobraron dos veces la cuota", at=now[0]), account=cast.bank_page)
    with tenant(cast.bank.pk):
        message = tell_all()[0]

        assert "private" in targets_of(message.ticket, now=now[0])
        assert message.is_public


def test_telling_again_says_nothing_twice(cast, filed):
    tell_all()

    assert tell_all() == []
    Filing.objects.update(telling="pending")
    assert tell_all() == []
    assert Message.objects.filter(is_notice=True).count() == 1


def test_switched_off_nothing_is_said(cast, filed):
    FilingPolicy.objects.create(organization=cast.bank, tells=False)

    assert tell_all() == []
    assert Filing.objects.get().telling == "off"


def test_an_account_that_only_reads_says_nothing(cast, filed):
    SocialAccount.objects.update(mode="read_only")

    assert tell_all() == []
    assert (Filing.objects.get().telling, Filing.objects.get().telling_code) == ("not_told", "read_only")


def test_public_words_can_be_switched_off_by_themselves(cast, filed):
    FilingPolicy.objects.create(organization=cast.bank, tells_in_public=False)

    assert tell_all() == []
    assert Filing.objects.get().telling_code == "not_in_public"


def test_after_the_first_day_messenger_is_for_people_only(cast, now):
    """The seven days of a human agent are not a machine's."""
    hear(cast, messenger("me cobraron dos veces la cuota", at=now[0]), account=cast.bank_page)
    now[0] += timedelta(hours=25)
    with tenant(cast.bank.pk):
        assert tell_all() == []
        assert Filing.objects.get().telling_code == "window_closed"


def test_what_came_with_a_history_is_not_told_days_later(cast, now):
    """An account just connected brings last week's messages: nobody is surprised with a number."""
    hear(cast, mention(CHARGED, at=now[0] - timedelta(days=3)))

    with tenant(cast.bank.pk):
        assert tell_all() == []
        assert Filing.objects.get().telling_code == "too_old"


def test_what_an_agent_files_is_told_however_old(cast, now):
    hear(cast, mention("@FrailejonAyuda ¿a qué hora abren?", at=now[0] - timedelta(days=3)))
    with tenant(cast.bank.pk):
        file_ticket(casework.lock(Ticket.objects.get().pk), by=cast.juan, kind="sugerencia")

        assert len(tell_all()) == 1


def test_an_answer_that_carries_the_number_has_told_it(cast, filed):
    ticket = casework.lock(filed.ticket_id)
    answer = reply(
        ticket, by=cast.juan, text=f"Su radicado es {filed.radicado}.", mode="public", client_token="n"
    )

    assert tell_all() == []
    assert Filing.objects.get().told_message_id == answer[0].pk
    assert Filing.objects.get().told_at is None


def test_told_is_when_it_was_sent(cast, now, filed):
    message = tell_all()[0]
    assert Filing.objects.get().told_at is None

    told(message, "sent", now[0] + timedelta(minutes=2))

    assert Filing.objects.get().told_at == now[0] + timedelta(minutes=2)


def test_refused_in_private_it_is_said_in_public(cast, filed):
    Identity.objects.update(accepts_dm=True)
    private = tell_all()[0]
    told(private, "failed", None)

    assert [message.is_public for message in tell_all()] == [True]


def test_the_organizations_own_sentence_is_used(cast, filed):
    FilingPolicy.objects.create(organization=cast.bank, public_sentence="Quedó con el {radicado}.")

    assert tell_all()[0].text == f"Quedó con el {filed.radicado}."


def test_each_country_calls_the_number_as_its_people_do():
    assert "radicado es 2026-000001" in public_sentence(
        "", sector="bank", country="CO", radicado="2026-000001"
    )
    spain = public_sentence("", sector="airline", country="ES", radicado="2026-000001")
    assert "Tu número de referencia" in spain


def test_a_name_that_is_none_is_not_said():
    assert first_name("DIANA rojas") == "Diana"
    assert first_name("🌸 xX_77") == ""
    words = private_sentence("", sector="bank", country="CO", name="@77", radicado="1", kind="queja")
    assert words.startswith("Hola: ")


# --- Through the real outbox.


def notice_of(house: House, ticket: Ticket) -> Message:
    with worker():
        tell_filings()
    with tenant(house.cast.bank.pk):
        return Message.objects.get(ticket=ticket, is_notice=True)


def claim(house: House) -> Ticket:
    return house.mention(CHARGED)


def first_response(house: House, ticket: Ticket) -> Clock:
    with tenant(house.cast.bank.pk):
        return Clock.objects.get(ticket=ticket, kind="first_response")


def test_telling_leaves_by_the_outbox_and_stops_no_clock(house):
    ticket = claim(house)
    notice = notice_of(house, ticket)
    assert house.carry() == ["sent"]
    house.hear(house.cast.bank_x)  # and its echo comes back

    with tenant(house.cast.bank.pk):
        filing, after = Filing.objects.get(), Ticket.objects.get()
        assert filing.told_at is not None
        assert (after.first_sent_at, after.unanswered_count, after.state) == (None, 1, "new")
        assert Message.objects.filter(direction="out").count() == 1
    assert first_response(house, ticket).met_at is None
    assert house.message(notice).send_state == "sent"


def test_an_answer_does_not_wait_behind_a_notice(house):
    ticket = claim(house)
    notice = notice_of(house, ticket)
    answer = house.answer(ticket)

    house.carry()

    assert house.action(answer).sent_at < house.action(notice).sent_at
    assert first_response(house, ticket).met_at is not None


def test_two_workers_at_once_tell_once(house):
    ticket = claim(house)

    together(tell_filings, tell_filings)

    with tenant(house.cast.bank.pk):
        assert Message.objects.filter(ticket=ticket, is_notice=True).count() == 1


def test_the_stranger_is_told_nothing_of_it(house):
    claim(house)
    with worker():
        assert set(tell_filings()) == {house.cast.bank.pk}
    with tenant(house.cast.airline.pk):
        assert Filing.objects.count() == Message.objects.count() == 0
