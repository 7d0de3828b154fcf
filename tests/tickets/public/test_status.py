"""Following a case with number and secret, and nobody without both."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.tickets.public.conftest import STATUS
from tickets.cases.following import CaseSecret
from tickets.cases.models import Message, Note, Ticket
from tickets.enums import TicketState
from tickets.public.domain.telling import tell_followers
from tickets.replies.domain import casework
from tickets.replies.domain.joining import join_cases
from tickets.replies.domain.spoken import record_answer

SAME = "El número o la clave no coinciden"


@pytest.fixture
def filed(file_it) -> dict[str, str]:
    page = file_it().content.decode()
    return {
        "number": re.search(r'id="number">([^<]+)<', page)[1],
        "secret": re.search(r'id="secret">([^<]+)<', page)[1],
    }


@pytest.fixture
def follow(visitor):
    return lambda **told: visitor.post(STATUS, told)


def test_case_is_shown_to_who_has_both(cast, filed, follow):
    page = follow(**filed).content.decode()

    assert filed["number"] in page
    assert "Respuesta definitiva" in page
    assert "Me cobraron dos veces" in page


def test_secret_is_read_as_people_copy_it(filed, follow):
    typed = filed["secret"].lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert follow(number=f" {filed['number']} ", secret=typed).status_code == 200


def test_wrong_number_and_wrong_secret_are_one_answer_and_one_question(filed, follow):
    with CaptureQueriesContext(connection) as no_such_number:
        one = follow(number="2026-999999", secret="AAAA-BBBB-CCCC")
    with CaptureQueriesContext(connection) as no_such_secret:
        other = follow(number=filed["number"], secret="AAAA-BBBB-CCCC")

    assert (one.status_code, other.status_code) == (422, 422)
    assert SAME in one.content.decode()
    assert SAME in other.content.decode()
    asked = [
        [query["sql"].split("WHERE")[0] for query in found if "SAVEPOINT" not in query["sql"]]
        for found in (no_such_number, no_such_secret)
    ]
    assert asked[0] == asked[1]


def test_secret_of_one_case_opens_no_other(filed, file_it, follow):
    second = file_it(token="u" * 24, text="otro asunto distinto").content.decode()
    other = re.search(r'id="number">([^<]+)<', second)[1]

    assert SAME in follow(number=other, secret=filed["secret"]).content.decode()


def test_wrong_secrets_by_the_thousand_are_shut_out_even_with_the_right_one(filed, follow):
    for turn in range(10):
        follow(number=filed["number"], secret=f"AAAA-BBBB-CC{turn:02d}")
    shut = follow(**filed)

    assert shut.status_code == 429
    assert "Demasiados intentos" in shut.content.decode()
    assert filed["number"] not in re.sub(r'value="[^"]*"', "", shut.content.decode())


def test_number_that_does_not_exist_is_shut_out_alike(follow):
    for _turn in range(10):
        follow(number="2026-999999", secret="x")
    assert follow(number="2026-999999", secret="x").status_code == 429


def test_nobody_shuts_the_owner_out_by_guessing_elsewhere(filed, visitor, follow):
    for turn in range(25):
        visitor.post(STATUS, filed | {"secret": "x"}, REMOTE_ADDR=f"203.0.113.{turn}")
    for _turn in range(10):
        follow(number="2026-999999", secret="x")

    assert follow(**filed).status_code == 200


def test_who_walks_through_the_numbers_is_shut_out(filed, follow):
    for turn in range(60):
        follow(number=f"2026-{turn:06d}", secret="x")
    assert follow(**filed).status_code == 429


def test_another_organization_knows_nothing_of_it(filed, visitor):
    answer = visitor.post("/ayuda/alisios/estado/", filed)
    assert answer.status_code == 422
    assert SAME in answer.content.decode()


def test_notes_and_private_answers_are_not_shown_answers_here_are(cast, filed, follow):
    with tenant(cast.bank.pk):
        ticket = casework.lock(Ticket.objects.get().pk)
        casework.assign(ticket, to=cast.juan, by=cast.juan)
        casework.add_note(ticket, by=cast.juan, text="ojo: cliente insistente")
        record_answer(ticket, by=cast.juan, text="Ya pedimos la devolución a su cuenta 123456789.")
        ticket.save()
        assert Note.objects.exists()
    page = follow(**filed).content.decode()

    assert "cliente insistente" not in page
    assert "Ya pedimos la devolución" in page
    assert "123456789" not in page
    assert "Lo tiene Juan ^JC" in page
    assert "Respondido" in page


def test_what_the_customer_adds_is_heard_at_the_desk_once(cast, filed, follow):
    with tenant(cast.bank.pk):
        ticket = casework.lock(Ticket.objects.get().pk)
        ticket.state, ticket.resolved_at = TicketState.RESOLVED, clock.now()
        ticket.save()
    told = filed | {"step": "add", "token": "w" * 24, "text": "Todavía no me devuelven nada"}
    first, second = follow(**told), follow(**told)

    assert "quedó en el caso" in first.content.decode()
    assert second.status_code == 200
    with tenant(cast.bank.pk):
        ticket.refresh_from_db()
        assert (ticket.state, ticket.reopened_count) == (TicketState.OPEN, 1)
        assert Message.objects.filter(text="Todavía no me devuelven nada").count() == 1
    assert "Todavía no me devuelven nada" in first.content.decode()


def keys_of(page: str) -> dict[str, str]:
    return {
        "number": re.search(r'id="number">([^<]+)<', page)[1],
        "secret": re.search(r'id="secret">([^<]+)<', page)[1],
    }


def test_secret_of_a_joined_case_opens_its_own_story_only(cast, filed, file_it, follow):
    other = keys_of(file_it(token="u" * 24, text="Perdí la tarjeta en el centro").content.decode())
    with tenant(cast.bank.pk):
        kept, gone = Ticket.objects.order_by("pk")
        record_answer(casework.lock(gone.pk), by=cast.juan, text="Bloqueamos esa tarjeta.")
        join_cases(into=kept, other=gone, by=cast.juan)
        record_answer(casework.lock(kept.pk), by=cast.juan, text="Es un solo asunto y ya está resuelto.")
    follow(**other, step="add", token="w" * 24, text="La tarjeta apareció")
    mine, theirs = follow(**filed).content.decode(), follow(**other).content.decode()

    assert "Es un solo asunto" in mine
    assert "Me cobraron dos veces" in mine
    assert not any(words in mine for words in ("Perdí la tarjeta", "Bloqueamos", "apareció", other["number"]))
    assert "Es un solo asunto" in theirs
    assert all(words in theirs for words in ("Perdí la tarjeta", "Bloqueamos", "apareció", other["number"]))
    assert "Me cobraron dos veces" not in theirs


@pytest.fixture
def followed_by_mail(cast, file_it, settings, monkeypatch) -> dict[str, str]:
    """A case whose customer asked to be told; it is a Wednesday at eleven in Bogotá."""
    settings.EMAIL_HOST = "localhost"
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 25, 16, tzinfo=UTC))
    return keys_of(file_it(tells="on").content.decode())


def answer(cast, text: str) -> None:
    with tenant(cast.bank.pk):
        record_answer(casework.lock(Ticket.objects.get().pk), by=cast.juan, text=text)


def test_who_asked_is_told_once_of_an_answer_and_not_what_it_says(cast, followed_by_mail, mailoutbox):
    assert tell_followers() == 0
    answer(cast, "Ya le devolvimos el dinero.")

    assert (tell_followers(), tell_followers()) == (1, 0)
    letter = mailoutbox[0]
    assert letter.to == ["diana.rojas@correo.example"]
    assert followed_by_mail["number"] in letter.subject
    assert "/ayuda/frailejon/estado/" in letter.body
    assert "dinero" not in letter.body
    assert followed_by_mail["secret"] not in letter.body


def test_nobody_is_told_at_night_nor_of_what_they_have_read(
    cast, followed_by_mail, follow, monkeypatch, mailoutbox
):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 26, 4, tzinfo=UTC))
    answer(cast, "Ya le devolvimos el dinero.")
    assert tell_followers() == 0
    with tenant(cast.bank.pk):
        assert CaseSecret.objects.get().tell_at == datetime(2026, 11, 26, 14, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 26, 14, tzinfo=UTC))
    follow(**followed_by_mail)
    assert tell_followers() == 0
    assert not mailoutbox


def test_letters_end_by_their_link_or_on_the_page(cast, followed_by_mail, follow, visitor, mailoutbox):
    answer(cast, "Ya le devolvimos el dinero.")
    tell_followers()
    url = re.search(r"/ayuda/frailejon/aviso/\S+", mailoutbox[0].body)[0]
    assert "No avisar más" in visitor.get(url).content.decode()
    assert "ningún aviso más" in visitor.post(url).content.decode()
    assert visitor.get(url.replace("frailejon", "alisios")).status_code == 404
    answer(cast, "Otra cosa.")
    assert tell_followers() == 0

    again = follow(**followed_by_mail, step="tell", email="otra@correo.example").content.decode()
    assert "o·····@correo.example" in again
    assert follow(**followed_by_mail, step="tell", email="otra@correo").status_code == 422
    assert "ningún aviso más" in follow(**followed_by_mail, step="quiet").content.decode()
