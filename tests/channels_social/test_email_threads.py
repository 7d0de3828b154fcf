"""A mail becomes a message of a case, an answer leaves as a letter, and both find each other again."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy
from typing import Any

import pytest

from channels_social.networks.base import Author
from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.cast import Cast
from tests.mail_house import DIANA, SUPPORT, THEIRS, MailHouse, letter, mail_house
from tests.stories import hear, mention
from tickets.cases.models import Conversation, Ticket
from tickets.console.queries.queue import search
from tickets.customers.models import Identity


@pytest.fixture
def house(transactional_db: None, cast: Cast, settings: Any) -> Iterator[MailHouse]:
    with mail_house(cast, settings) as found:
        yield found


def _sent(house: MailHouse, place: int = -1) -> Any:
    return message_from_bytes(house.post.handed[place][2], policy=policy.default)


def test_a_mail_opens_a_case_like_a_tweet(house: MailHouse):
    house.arrive(
        letter("Me cobraron dos veces la cuota y nadie responde.", subject="Cobro doble", number="a1@c")
    )

    [ticket] = house.tickets()
    assert ticket.channel == "email"
    assert ticket.customer.name == "Diana Rojas"
    assert ticket.radicado
    assert ticket.unanswered_count == 1
    assert ticket.next_deadline_at is not None
    assert ticket.last_text.startswith("Cobro doble")
    [message] = house.messages()
    assert not message.is_public


def test_the_same_mail_again_changes_nothing(house: MailHouse):
    mail = letter(number="a1@c")
    house.arrive(mail)
    house.arrive(mail)

    assert len(house.messages()) == 1


def test_an_answer_leaves_as_a_letter_that_threads(house: MailHouse):
    house.arrive(letter("Me cobraron dos veces, quiero mi dinero.", subject="Cobro doble", number="a1@c"))
    [ticket] = house.tickets()

    message = house.answer(ticket, "Diana, ya lo revisamos: ñandú.")
    assert house.carry() == ["sent"]

    sender, recipients, _content = house.post.handed[0]
    sent = _sent(house)
    assert (sender, recipients) == (SUPPORT, ["diana@correo.example"])
    assert sent["Subject"] == f"Re: Cobro doble [{ticket.radicado}]"
    assert sent["In-Reply-To"] == sent["References"] == "<a1@c>"
    assert sent.get_content().strip() == "Diana, ya lo revisamos: ñandú. ^JC"
    assert sent["Message-ID"].strip("<>") == house.action(message).external_id
    [after] = house.tickets()
    assert after.unanswered_count == 0
    assert after.first_sent_at is not None


def test_an_answer_to_our_letter_comes_back_to_its_case(house: MailHouse):
    house.arrive(letter(number="a1@c"))
    [ticket] = house.tickets()
    message = house.answer(ticket)
    house.carry()

    ours = house.action(message).external_id
    house.arrive(letter("Sigue igual.", subject="RE: No puedo entrar", number="a2@c", answers=["a1@c", ours]))

    [after] = house.tickets()
    assert after.unanswered_count == 1
    assert len({one.conversation_id for one in house.messages()}) == 1


def test_an_answer_that_comes_before_our_receipt_still_finds_its_case(house: MailHouse):
    house.arrive(letter(number="a1@c"))
    [ticket] = house.tickets()
    house.post.faults["lost_response"] = 1
    message = house.answer(ticket)
    assert house.carry() == ["unknown"]

    name = f"cf.{house.action(message).client_token}@frailejon.example"
    house.arrive(letter("Gracias, pero sigue sin abrir.", number="a2@c", answers=name))

    assert len(house.tickets()) == 1
    assert len({one.conversation_id for one in house.messages()}) == 1


def test_a_radicado_in_the_subject_finds_the_case_of_its_own_customer(house: MailHouse):
    house.arrive(letter("Me cobraron dos veces, devuelvan mi dinero.", number="a1@c"))
    [ticket] = house.tickets()
    with tenant(house.cast.bank.pk):
        # Long past the hours in which a new thread joins by itself.
        Ticket.objects.update(opened_at="2026-01-01T00:00Z", last_at="2026-01-01T00:00Z")

    house.arrive(letter("¿Qué pasó con lo mío?", subject=f"Radicado {ticket.radicado}", number="b1@c"))

    assert len(house.tickets()) == 1
    assert len(house.messages()) == 2


def test_a_stranger_who_quotes_a_radicado_gets_a_case_of_their_own(house: MailHouse):
    house.arrive(letter("Me cobraron dos veces, devuelvan mi dinero.", number="a1@c"))
    [ticket] = house.tickets()
    other = "Otro <otro@correo.example>"

    house.arrive(letter("Deme los datos.", sender=other, subject=f"Re: [{ticket.radicado}]", number="x1@c"))
    house.arrive(letter("Y estos también.", sender=other, subject="Re: hola", number="x2@c", answers="a1@c"))

    mine, theirs = house.tickets()
    assert mine.customer_id != theirs.customer_id
    with tenant(house.cast.bank.pk):
        assert list(
            Conversation.objects.filter(current_ticket=mine).values_list("customer_id", flat=True)
        ) == [mine.customer_id]


def test_a_second_address_joined_by_hand_may_name_the_case(house: MailHouse):
    house.arrive(letter("Me cobraron dos veces, devuelvan mi dinero.", number="a1@c"))
    [ticket] = house.tickets()
    with tenant(house.cast.bank.pk):
        Identity.objects.create(
            organization=house.cast.bank, customer_id=ticket.customer_id, network="email", scope="address",
            external_id="diana.trabajo@correo.example", name="Diana Rojas",
        )  # fmt: skip
        Ticket.objects.update(opened_at="2026-01-01T00:00Z", last_at="2026-01-01T00:00Z")

    house.arrive(
        letter(
            "Les escribo del trabajo.", sender="diana.trabajo@correo.example",
            subject=f"[{ticket.radicado}]", number="t1@c",
        )
    )  # fmt: skip

    assert len(house.tickets()) == 1


def test_a_mail_whose_sender_is_false_enters_nobodys_case(house: MailHouse):
    house.arrive(letter("Me cobraron dos veces, devuelvan mi dinero.", number="a1@c"))
    forged = "Authentication_Results"

    house.arrive(
        letter("Cambien mi teléfono.", number="f1@c", answers="a1@c", **{forged: "mx.example; dmarc=fail"})
    )

    assert len({one.conversation_id for one in house.messages()}) == 2


def test_repeating_a_message_id_changes_nothing_that_was_said(house: MailHouse):
    house.arrive(letter("Las palabras de Diana.", number="a1@c"))
    house.arrive(letter("Otras palabras.", sender="malo@correo.example", number="a1@c"))

    assert [message.text.split("\n")[-1] for message in house.messages()] == [
        "Las palabras de Diana.",
        "Otras palabras.",
    ]


def test_what_was_answered_from_a_mail_program_counts(house: MailHouse):
    house.arrive(letter(number="a1@c"))
    house.post.box(SUPPORT)["Enviados"].add(
        letter("Ya quedó, Diana.", sender=SUPPORT, to=DIANA, number="n1@frailejon.example", answers="a1@c")
    )

    house.hear(house.bank, "sent")

    [ticket] = house.tickets()
    assert ticket.first_sent_at is not None
    assert ticket.unanswered_count == 0
    assert [message.is_native for message in house.messages()] == [False, True]


def test_our_own_copy_among_what_was_sent_is_no_second_answer(house: MailHouse):
    house.arrive(letter(number="a1@c"))
    house.answer(house.tickets()[0])
    house.carry()

    house.hear(house.bank, "sent")

    assert len(house.messages()) == 2


def test_each_organization_reads_its_own_mailbox(house: MailHouse):
    house.arrive(letter(to=THEIRS, number="v1@c"), to=THEIRS)

    assert house.tickets() == []
    assert len(house.tickets(house.cast.airline)) == 1


def test_a_case_of_another_channel_is_answered_by_mail_where_its_own_is_shut(house: MailHouse):
    """They only spoke in public and take no direct messages; we hold their address."""
    shut = Author("2001", "user", "Diana Rojas", "dianam_rojas", accepts_dm=False)
    hear(house.cast, mention("@FrailejonAyuda no puedo entrar", author=shut))
    [ticket] = house.tickets()
    with tenant(house.cast.bank.pk):
        Identity.objects.create(
            organization=house.cast.bank, customer_id=ticket.customer_id, network="email", scope="address",
            external_id="diana@correo.example", name="Diana Rojas",
        )  # fmt: skip

    house.answer(ticket, "Diana, le escribimos por aquí.")
    assert house.carry() == ["sent"]
    ours = _sent(house)["Message-ID"].strip("<>")
    house.arrive(letter("Gracias, este es mi número de caso.", number="a1@c", answers=ours))

    assert _sent(house)["To"] == "diana@correo.example"
    assert len(house.tickets()) == 1
    assert [message.network for message in house.messages()] == ["x", "email", "email"]


def test_a_case_is_found_by_address_and_by_words(house: MailHouse):
    house.arrive(letter("Se tragó mi tarjeta el cajero de Chapinero.", subject="Cajero", number="a1@c"))
    with tenant(house.cast.bank.pk):
        for words in ("diana@correo.example", "Chapinero", "cajero"):
            assert [row.ticket_id for row in search(house.cast.bank, words, now=clock.now())] == [
                house.tickets()[0].pk
            ], words
