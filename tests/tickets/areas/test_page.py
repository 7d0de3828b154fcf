"""The signed page: no log-in, one answer, an end, only what was shared, nothing for search engines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import signing
from django.core.cache import cache
from django.test import Client

from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.mail_house import letter
from tests.tickets.areas.conftest import AreaHouse
from tickets.areas.codes import SALT, link
from tickets.areas.domain.consulting import cancel
from tickets.areas.models import Consultation
from tickets.areas.views.page import FROM_ONE_ADDRESS
from tickets.cases.models import Message
from tickets.enums import TicketState


@pytest.fixture(autouse=True)
def _nobody_came_before() -> None:
    cache.clear()


def _path(consultation: Consultation) -> str:
    return urlsplit(link(consultation.organization_id, consultation.pk, consultation.link_key)).path


def test_only_what_was_shared_is_on_the_page(house: AreaHouse, client: Client):
    house.arrive(letter("Mi cédula es 52.123.456.", subject="", number="a2@c", answers="a1@c"))
    first, _second = house.messages()
    consultation = house.ask("¿Se devolvió?", messages=[first.pk])

    shown = client.get(_path(consultation)).content.decode()

    assert "¿Se devolvió?" in shown
    assert "quiero mi dinero" in shown
    assert "52.123.456" not in shown
    assert "Diana" not in shown
    assert "diana@correo.example" not in shown


def test_what_the_customer_deletes_is_not_shown_any_more(house: AreaHouse, client: Client):
    [message] = house.messages()
    consultation = house.ask(messages=[message.pk])
    with tenant(house.cast.bank.pk):
        Message.objects.filter(pk=message.pk).update(text="", deleted_at=clock.now())

    assert "quiero mi dinero" not in client.get(_path(consultation)).content.decode()


def test_messages_of_another_case_cannot_be_shared(house: AreaHouse):
    house.arrive(letter("Lo de otra persona.", sender="otra@correo.example", number="o1@c"))
    other = house.messages()[-1]

    assert house.ask(messages=[other.pk]).shared_messages == []


def test_an_answer_lands_as_a_note_and_works_once(house: AreaHouse, client: Client):
    consultation = house.ask()

    response = client.post(_path(consultation), {"text": "Se devolvió ayer."})
    again = client.post(_path(consultation), {"text": "Otra vez."})

    assert response.status_code == 200
    assert again.status_code == 410
    assert [note.text for note in house.notes()[1:]] == ["Se devolvió ayer."]
    assert house.notes()[-1].by == "Fraudes"
    assert house.ticket().state == TicketState.OPEN
    assert client.get(_path(consultation)).status_code == 410


def test_an_empty_answer_comes_back_with_a_sentence(house: AreaHouse, client: Client):
    consultation = house.ask()

    assert client.post(_path(consultation), {"text": "  "}).status_code == 422
    assert len(house.notes()) == 1


def test_it_is_for_nobody_elses_eyes(house: AreaHouse, client: Client):
    response = client.get(_path(house.ask()))

    assert "noindex" in response["X-Robots-Tag"]
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "same-origin"
    assert b"noindex" in response.content


def test_a_link_that_was_tampered_with_opens_nothing(house: AreaHouse, client: Client):
    consultation = house.ask()
    made_up = signing.dumps([consultation.organization_id, consultation.pk, "otra-clave"], salt=SALT)
    elsewhere = signing.dumps([house.cast.airline.pk, consultation.pk, consultation.link_key], salt=SALT)

    for token in (_path(consultation).strip("/").split("/")[-1][:-1] + "x", made_up, elsewhere, "nada"):
        assert client.get(f"/consulta/{token}/").status_code == 404
        assert client.post(f"/consulta/{token}/", {"text": "hola"}).status_code == 404
    assert len(house.notes()) == 1


def test_a_link_ends(house: AreaHouse, client: Client):
    consultation = house.ask()
    house.change(consultation, expires_at=clock.now() - timedelta(seconds=1))

    assert client.get(_path(consultation)).status_code == 410
    assert client.post(_path(consultation), {"text": "tarde"}).status_code == 410
    assert len(house.notes()) == 1


def test_a_question_that_was_called_off_takes_no_answer(house: AreaHouse, client: Client):
    consultation = house.ask()
    with tenant(house.cast.bank.pk):
        cancel(Consultation.objects.select_related("ticket").get(pk=consultation.pk), by=house.cast.juan)

    assert client.post(_path(consultation), {"text": "hola"}).status_code == 410
    assert house.ticket().state == TicketState.OPEN


def test_somebody_who_tries_too_often_waits(
    house: AreaHouse, client: Client, monkeypatch: pytest.MonkeyPatch
):
    now = clock.now()
    monkeypatch.setattr("tickets.areas.views.page.clock.now", lambda: now)
    codes = [client.get(f"/consulta/nada-{n}/").status_code for n in range(FROM_ONE_ADDRESS + 1)]

    assert set(codes[:-1]) == {404}
    assert codes[-1] == 429


def test_it_needs_its_own_form(house: AreaHouse):
    strict: Any = Client(enforce_csrf_checks=True)

    assert strict.post(_path(house.ask()), {"text": "hola"}).status_code == 403
    assert len(house.notes()) == 1
