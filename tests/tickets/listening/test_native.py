"""From a finding to a case, and an answer given in X itself that counts."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from channels_social.domain.findings import settle
from channels_social.models import Finding, OutboundAction
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.planned import Script
from tests.tickets.listening.conftest import Ear
from tickets.cases.models import Message, Ticket
from tickets.clocks.models import Clock

URL = "/frailejon/escucha/"


def act(ear: Ear, log_in: Any, finding: Finding, what: str, member: Any = None) -> Any:
    return log_in(member or ear.cast.juan).post(f"{URL}{finding.pk}/{what}/")


def paste(ear: Ear, log_in: Any, finding: Finding, link: str, member: Any = None) -> Any:
    return log_in(member or ear.cast.juan).post(f"{URL}{finding.pk}/respuesta/", {"link": link})


def ours(ear: Ear, finding: Finding, text: str = "Diana, lo revisamos ya. ^JC", **more: Any) -> str:
    """We answer in X itself; the link of the answer."""
    number = ear.say(text, as_="frailejon", reply_to=finding.external_id, **more)
    return f"https://x.com/FrailejonAyuda/status/{number}?s=20"


def fresh(ear: Ear, finding: Finding) -> Finding:
    with tenant(ear.cast.bank.pk):
        return Finding.objects.get(pk=finding.pk)


def test_one_key_makes_a_case_with_its_clock_from_when_it_was_said(ear: Ear, log_in: Any):
    finding = ear.hears("no puedo entrar a la app de frailejon")

    response = act(ear, log_in, finding, "caso")

    ticket = ear.newest()
    assert response["Location"] == f"/frailejon/casos/{ticket.number}/"
    assert ticket.opened_at == finding.said_at
    with tenant(ear.cast.bank.pk):
        message = Message.objects.get(external_id=finding.external_id)
        started = Clock.objects.get(ticket=ticket, kind="first_response").started_at
    assert (message.ticket_id, message.text) == (ticket.pk, finding.text)
    assert started == finding.said_at
    assert (fresh(ear, finding).state, fresh(ear, finding).message_id) == ("opened", message.pk)


def test_opening_twice_gives_the_same_case(ear: Ear, log_in: Any):
    finding = ear.hears()

    assert act(ear, log_in, finding, "caso")["Location"] == act(ear, log_in, finding, "caso")["Location"]
    with tenant(ear.cast.bank.pk):
        assert Ticket.objects.count() == 1


def test_noise_that_somebody_chose_opens_a_case(ear: Ear, log_in: Any):
    finding = ear.hears("jajaja frailejon jajaja")
    act(ear, log_in, finding, "caso")

    with tenant(ear.cast.bank.pk):
        assert Message.objects.get(external_id=finding.external_id).ticket_id is not None


def test_a_finding_of_someone_with_an_open_case_joins_it(ear: Ear, log_in: Any):
    ticket = ear.mention("@FrailejonAyuda no puedo entrar a la app")
    finding = ear.hears("y frailejon que no contesta")
    act(ear, log_in, finding, "caso")

    with tenant(ear.cast.bank.pk):
        assert Ticket.objects.count() == 1
        assert Message.objects.get(external_id=finding.external_id).ticket_id == ticket.pk


def test_what_needs_no_attention_leaves_the_page_and_can_come_back(ear: Ear, log_in: Any):
    finding = ear.hears()
    act(ear, log_in, finding, "descartar")
    page = log_in(ear.cast.juan).get(URL)
    assert finding.text not in page.content.decode()
    act(ear, log_in, finding, "devolver")

    assert finding.text in log_in(ear.cast.juan).get(URL).content.decode()


def test_a_mention_that_comes_later_by_another_road_takes_the_finding_off(ear: Ear):
    """The post is found first; then the same post comes in as a message."""
    finding = ear.hears()
    script = Script()
    settle(script, ear.cast.bank.pk, {finding.external_id: 77})
    with tenant(ear.cast.bank.pk), connection.cursor() as cursor:
        script.send(cursor)

    assert (fresh(ear, finding).state, fresh(ear, finding).message_id) == ("message", 77)


def test_an_answer_given_in_x_counts_with_author_time_and_text(ear: Ear, log_in: Any):
    finding = ear.hears()
    response = paste(ear, log_in, finding, ours(ear, finding))

    ticket = ear.newest()
    assert response["Location"] == f"/frailejon/casos/{ticket.number}/"
    with tenant(ear.cast.bank.pk):
        answer = Message.objects.get(direction="out")
        first = Clock.objects.get(ticket=ticket, kind="first_response")
    assert (answer.is_native, answer.author_id, answer.ticket_id) == (True, ear.cast.juan.pk, ticket.pk)
    assert "lo revisamos ya" in answer.text
    assert first.met_at == answer.occurred_at
    assert ticket.unanswered_since is None
    assert fresh(ear, finding).state == "answered"


def test_the_answer_counts_once_however_often_it_comes(ear: Ear, log_in: Any):
    finding = ear.hears()
    link = ours(ear, finding)
    ear.hear(ear.cast.bank_x, "timeline")
    paste(ear, log_in, finding, link)
    paste(ear, log_in, finding, link)
    ear.hear(ear.cast.bank_x, "timeline")

    with tenant(ear.cast.bank.pk):
        answer = Message.objects.get(direction="out")
        assert answer.ticket_id == ear.newest().pk
        assert Clock.objects.get(kind="first_response").met_at == answer.occurred_at
        assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("hola", "no es el enlace"),
        ("https://evil.example/a/status/1", "no es el enlace"),
        ("https://x.com/FrailejonAyuda/status/1799999999999999999", "no encuentra"),
    ],
)
def test_a_wrong_link_gets_its_sentence_and_changes_nothing(ear: Ear, log_in: Any, link: str, words: str):
    finding = ear.hears()
    response = paste(ear, log_in, finding, link)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert fresh(ear, finding).state == "new"


def test_somebody_elses_answer_the_customers_post_and_another_thread_do_not_count(ear: Ear, log_in: Any):
    finding = ear.hears()
    other = ear.say("buen día a todos", as_="caro_quintero")
    links = {
        ear.say("qué mal", as_="caro_quintero", reply_to=finding.external_id): "es de @caro_quintero",
        finding.external_id: "del cliente",
        ear.say("Hola, Caro", as_="frailejon", reply_to=other): "no responde a este cliente",
    }
    for number, words in links.items():
        response = paste(ear, log_in, finding, f"https://x.com/i/status/{number}")
        assert response.status_code == 422
        assert words in response.content.decode()
    with tenant(ear.cast.bank.pk):
        assert not Ticket.objects.exists()


def test_x_away_says_so(ear: Ear, log_in: Any):
    finding = ear.hears()
    link = ours(ear, finding)
    ear.sandbox.fault("x", "server_error")

    assert "no contesta ahora" in paste(ear, log_in, finding, link).content.decode()


def test_a_refused_reply_is_answered_in_x(ear: Ear, log_in: Any):
    finding = ear.hears()
    act(ear, log_in, finding, "caso")
    message = ear.answer(ear.newest())
    assert ear.carry() == ["failed"]
    with tenant(ear.cast.bank.pk):
        assert OutboundAction.objects.get().failure_code == "not_mentioned"
    page = log_in(ear.cast.juan).get(f"/frailejon/casos/{ear.newest().number}/").content.decode()
    assert f"/frailejon/mensajes/{message.pk}/respondida-en-x/" in page
    assert f"https://x.com/i/status/{finding.external_id}" in page

    url = f"/frailejon/mensajes/{message.pk}/respondida-en-x/"
    wrong = log_in(ear.cast.juan).post(url, {"link": "hola"})
    assert wrong.status_code == 422
    assert "no es el enlace" in wrong.content.decode()
    done = log_in(ear.cast.juan).post(url, {"link": ours(ear, finding)})

    assert done.status_code == 302
    assert ear.state(message) == "cancelled"
    with tenant(ear.cast.bank.pk):
        native = Message.objects.get(is_native=True)
        assert (native.author_id, native.ticket_id) == (ear.cast.juan.pk, ear.newest().pk)
        assert Clock.objects.get(kind="first_response").met_at == native.occurred_at


def test_a_trainee_neither_sees_nor_answers(ear: Ear, log_in: Any):
    finding = ear.hears()
    link = ours(ear, finding)

    assert finding.text not in log_in(ear.cast.andres).get(URL).content.decode()
    assert paste(ear, log_in, finding, link, ear.cast.andres).status_code == 403
    assert act(ear, log_in, finding, "descartar", ear.cast.andres).status_code in (403, 404)


def test_a_stranger_finds_nothing(ear: Ear, log_in: Any):
    finding = ear.hears()
    client = log_in(ear.cast.carla)

    assert client.post(f"{URL}{finding.pk}/caso/").status_code == 404
    assert client.post(f"/alisios/escucha/{finding.pk}/caso/").status_code == 404
    assert client.post(f"/alisios/escucha/{finding.pk}/respuesta/", {"link": "x"}).status_code == 404
    assert finding.text not in client.get("/alisios/escucha/").content.decode()
