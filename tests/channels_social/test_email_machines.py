"""Answers of machines, lists, our own words and mail bombs: shown, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.cast import Cast
from tests.mail_house import SUPPORT, MailHouse, letter, mail_house
from tests.stories import typify
from tickets.cases.letters import Letter
from tickets.cases.models import Conversation
from tickets.clocks.models import Clock
from tickets.enums import TicketState
from tickets.intake.mails import FLOOD_AT
from tickets.replies.domain import casework

MACHINES = [
    {"Auto_Submitted": "auto-replied"},
    {"Precedence": "bulk"},
    {"X_Auto_Response_Suppress": "All"},
    {"Return_Path": "<>"},
    {"List_Id": "<noticias.example>"},
    {"X_Autoreply": "yes"},
    {"subject": "Respuesta automática: No puedo entrar"},
]


@pytest.fixture
def house(transactional_db: None, cast: Cast, settings: Any) -> Iterator[MailHouse]:
    with mail_house(cast, settings) as found:
        yield found


def _resolve(house: MailHouse) -> None:
    with tenant(house.cast.bank.pk):
        ticket = casework.lock(house.tickets()[0].pk)
        typify(ticket)
        assert casework.resolve(ticket, by=house.cast.juan)


@pytest.mark.parametrize("headers", MACHINES, ids=lambda one: next(iter(one)))
def test_a_machines_answer_is_shown_and_reopens_nothing(house: MailHouse, headers: dict[str, str]):
    house.arrive(letter(number="a1@c"))
    house.answer(house.tickets()[0])
    house.carry()
    _resolve(house)

    house.arrive(letter("Estoy de vacaciones.", number="a2@c", answers="a1@c", **headers))

    [ticket] = house.tickets()
    assert ticket.state == TicketState.RESOLVED
    assert ticket.unanswered_count == 0
    shown = house.messages()[-1]
    assert shown.ticket_id == ticket.pk
    with tenant(house.cast.bank.pk):
        assert Letter.objects.get(message=shown).auto
        # The law is satisfied by a notified answer only.
        assert not Clock.objects.filter(met_at=None, cancelled_at=None).exclude(kind="legal").exists()


@pytest.mark.parametrize("headers", MACHINES[:5], ids=lambda one: next(iter(one)))
def test_a_machines_mail_opens_no_case(house: MailHouse, headers: dict[str, str]):
    house.arrive(letter("Boletín de noviembre", number="b@c", **headers))

    assert house.tickets() == []
    assert len(house.messages()) == 1


def test_a_persons_mail_from_exchange_is_a_persons(house: MailHouse):
    """Exchange writes the header on people's mail too, without «All»."""
    house.arrive(letter(number="a1@c", X_Auto_Response_Suppress="DR, RN, NRN, OOF, AutoReply"))

    assert len(house.tickets()) == 1


def test_our_own_address_is_never_a_customer_with_a_case(house: MailHouse):
    """A rule that forwards our mail to ourselves, or somebody who writes our address as theirs."""
    house.arrive(letter("Bucle", sender=SUPPORT, number="loop@c"))

    assert house.tickets() == []
    assert house.carry() == []


def test_a_notice_of_failure_opens_no_case(house: MailHouse):
    house.arrive(letter("Undeliverable", sender="MAILER-DAEMON@mx.example", number="d@c", Return_Path="<>"))

    assert house.tickets() == []


def test_nothing_is_ever_answered_by_itself(house: MailHouse):
    house.arrive(letter(number="a1@c"), letter(number="a2@c", Auto_Submitted="auto-replied"))

    assert house.carry() == []
    assert house.post.handed == []


def test_a_mail_bomb_stays_one_case_and_rings(house: MailHouse):
    """Five hundred letters of one sender in a minute: all stored, one case, few threads, an alarm."""
    count = 500
    for number in range(count):
        house.post.deliver(
            SUPPORT, letter(f"Bum {number}", subject=f"Asunto {number}", number=f"z{number}@c")
        )
    house.arrive(letter("Me robaron la tarjeta.", sender="eva@correo.example", number="eva@c"))

    bomb, real = sorted(house.tickets(), key=lambda ticket: ticket.pk)
    assert len(house.messages()) == count + 1
    assert real.customer.name == "eva@correo.example"
    assert real.unanswered_count == 1
    assert bomb.unanswered_count == FLOOD_AT
    with tenant(house.cast.bank.pk):
        assert Conversation.objects.filter(current_ticket=bomb).count() <= FLOOD_AT
        assert Letter.objects.filter(auto="flood").count() == count - FLOOD_AT
        assert AuditEvent.objects.filter(action="account.flooded").count() == 1
    account = house.account()
    assert account.flooded_at is not None
    assert account.flooded_by == "diana@correo.example"


def test_a_bomb_after_the_case_was_resolved_does_not_reopen_it_again_and_again(house: MailHouse):
    house.arrive(*(letter(f"Bum {n}", subject="", number=f"z{n}@c") for n in range(FLOOD_AT + 5)))
    _resolve(house)

    house.arrive(*(letter(f"Bam {n}", subject="", number=f"y{n}@c") for n in range(30)))

    [ticket] = house.tickets()
    assert ticket.state == TicketState.RESOLVED
    assert ticket.reopened_count == 0


def test_a_mailbox_read_late_is_no_flood(house: MailHouse):
    from datetime import timedelta

    from helpdesk import clock

    for number in range(FLOOD_AT + 10):
        at = clock.now() - timedelta(hours=20, minutes=-number * 30)
        house.post.deliver(SUPPORT, letter(f"Hola {number}", number=f"h{number}@c"), received_at=at)
    house.hear()

    with tenant(house.cast.bank.pk):
        assert not Letter.objects.filter(auto="flood").exists()
    assert house.account().flooded_at is None


def test_a_letter_that_came_back_is_told_in_its_case(house: MailHouse):
    house.arrive(letter(number="a1@c"))
    message = house.answer(house.tickets()[0])
    house.carry()

    house.arrive(
        letter(
            "Undeliverable",
            sender="MAILER-DAEMON@mx.example",
            number="d@mx",
            answers=house.action(message).external_id,
            Return_Path="<>",
        )
    )

    [ticket] = house.tickets()
    with tenant(house.cast.bank.pk):
        assert AuditEvent.objects.get(action="reply.bounced").ticket_id == ticket.pk
    assert ticket.unanswered_count == 0
