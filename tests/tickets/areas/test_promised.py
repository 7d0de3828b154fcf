"""A case goes to another area only with a date the customer knows, and with the sentence that tells them."""

from __future__ import annotations

import pytest
from django.test import Client

from helpdesk.tenancy.context import tenant
from tests.tickets.areas.conftest import AreaHouse
from tickets.areas.models import Consultation
from tickets.cases.models import Message
from tickets.commitments.models import Commitment
from tickets.replies.domain.transfer import date_in_words

DUE = "2027-01-15T16:00"


@pytest.fixture
def juan(house: AreaHouse) -> Client:
    client = Client()
    client.force_login(house.cast.juan.user)
    return client


def ask(house: AreaHouse, juan: Client, **more: str):  # type: ignore[no-untyped-def]
    url = f"/frailejon/casos/{house.ticket().number}/consultas/"
    return juan.post(url, {"area": house.area.pk, "question": "¿Se devolvió?", "client_token": "q1"} | more)


def test_without_a_date_nothing_is_asked(house: AreaHouse, juan: Client):
    answer = ask(house, juan)

    assert answer.status_code == 422
    assert "sin una fecha comprometida el caso no pasa a otra área" in answer.content.decode()
    with tenant(house.cast.bank.pk):
        assert not Consultation.objects.exists()


def test_customer_is_told_the_date_and_the_area_is_asked(house: AreaHouse, juan: Client):
    said = "Diana, lo revisa otra área. Le respondemos {fecha_comprometida}."

    assert ask(house, juan, due_at=DUE, mode="private", sentence=said).status_code == 302

    with tenant(house.cast.bank.pk):
        message, promised = Message.objects.get(direction="out"), Commitment.objects.get()
        assert "Le respondemos el viernes 15 de enero a las 4:00 p. m." in message.text
        assert message.text.endswith("^JC")
        assert promised.message_id == message.pk
        assert Consultation.objects.get().commitment_id == promised.pk
        assert house.ticket().state == "waiting_area"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"due_at": DUE, "sentence": "Lo miramos."}, "no lleva la fecha"),
        ({"due_at": DUE, "sentence": " "}, "Escriba lo que se le dice al cliente"),
        ({"due_at": "mañana", "sentence": "x"}, "no se entiende"),
        ({"due_at": "2020-01-01T10:00", "sentence": "{fecha_comprometida}"}, "ya pasó"),
    ],
)
def test_what_cannot_be_said_asks_nobody_and_sends_nothing(house: AreaHouse, juan: Client, more, said: str):
    answer = ask(house, juan, mode="private", **more)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    with tenant(house.cast.bank.pk):
        assert not Consultation.objects.exists()
        assert not Message.objects.filter(direction="out").exists()
        assert not Commitment.objects.exists()


def test_open_commitment_of_the_case_is_enough(house: AreaHouse, juan: Client):
    with tenant(house.cast.bank.pk):
        house.promise()

    assert ask(house, juan).status_code == 302

    with tenant(house.cast.bank.pk):
        assert Consultation.objects.get().commitment_id == Commitment.objects.get().pk
        assert not Message.objects.filter(direction="out").exists()


def test_told_by_word_of_mouth_is_written_down(house: AreaHouse, juan: Client):
    assert (
        ask(house, juan, due_at=DUE, mode="spoken", sentence="Le dije que {fecha_comprometida}.").status_code
        == 302
    )

    with tenant(house.cast.bank.pk):
        assert Commitment.objects.get().told_at is not None


def test_date_for_a_customer_leaves_nothing_to_guess():
    from datetime import UTC, datetime

    assert (
        date_in_words(datetime(2026, 11, 26, 21, 30, tzinfo=UTC), "America/Bogota")
        == "el jueves 26 de noviembre a las 4:30 p. m."
    )
