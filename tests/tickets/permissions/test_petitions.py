"""What takes two people: one asks, another does it, nobody approves their own."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from channels_social.models import OutboundAction
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.stories import typify
from tickets.cases.access import Petition
from tickets.cases.models import Message, Ticket
from tickets.replies.domain.casework import assign
from tickets.replies.domain.petitions import PetitionRefused, ask, decide


@pytest.fixture
def given(cast, people, say):
    """A case that is the trainee's, with all that is owed to resolve it."""
    ticket = say("no me funciona la app")
    with tenant(cast.bank.pk):
        ticket.refresh_from_db()
        assign(ticket, to=cast.andres, by=cast.paola)
        typify(ticket)
    return ticket


def petition(cast) -> Petition:
    with tenant(cast.bank.pk):
        return Petition.objects.get()


def state(cast, ticket) -> str:
    with tenant(cast.bank.pk):
        return Ticket.objects.get(pk=ticket.pk).state


def test_trainee_asks_and_somebody_else_resolves(cast, people, given, at):
    at(cast.andres).post(f"/frailejon/casos/{given.number}/resolucion/")
    assert state(cast, given) == "open"
    path = f"/frailejon/casos/{given.number}/peticiones/{petition(cast).pk}/"
    assert at(cast.andres).post(path, {"decision": "approve"}).status_code == 403

    for path_of in (f"casos/{given.number}/", "por-aprobar/"):
        assert "Andrés pide resolver el caso." in at(cast.paola).get(f"/frailejon/{path_of}").content.decode()
    at(cast.paola).post(path, {"decision": "approve"})

    assert state(cast, given) == "resolved"
    with tenant(cast.bank.pk):
        assert AuditEvent.objects.get(action="ticket.resolved").actor_id == cast.andres.pk
        assert AuditEvent.objects.get(action="petition.done").actor_id == cast.paola.pk


def test_refused_petition_changes_nothing_and_is_over(cast, people, given, at):
    at(cast.andres).post(f"/frailejon/casos/{given.number}/resolucion/")
    asked = petition(cast)
    path = f"/frailejon/casos/{given.number}/peticiones/{asked.pk}/"

    at(cast.paola).post(path, {"decision": "refuse"})

    assert state(cast, given) == "open"
    with tenant(cast.bank.pk), pytest.raises(PetitionRefused, match="gone"):
        decide(asked, approve=True, by=cast.paola)


def test_asking_twice_is_once(cast, people, given, at):
    for _ in range(2):
        at(cast.andres).post(f"/frailejon/casos/{given.number}/resolucion/")

    assert petition(cast)


def test_hiding_takes_a_reason_and_two_supervisors(cast, people, say, at):
    say("un comentario horrible")
    with tenant(cast.bank.pk):
        message = Message.objects.select_related("ticket").get()
    path = f"/frailejon/mensajes/{message.pk}/ocultar/"
    assert at(cast.paola).post(path, {"reason": " "}).status_code == 422

    at(cast.paola).post(path, {"reason": "datos de un tercero"})
    with tenant(cast.bank.pk):
        assert not OutboundAction.objects.filter(kind="hide").exists()
    asked = petition(cast)
    decision = f"/frailejon/casos/{message.ticket.number}/peticiones/{asked.pk}/"
    assert at(cast.paola).post(decision, {"decision": "approve"}).status_code == 403
    assert at(cast.juan).post(decision, {"decision": "approve"}).status_code == 403

    at(people.supervisor).post(decision, {"decision": "approve"})

    with tenant(cast.bank.pk):
        assert OutboundAction.objects.filter(kind="hide").count() == 1
        assert AuditEvent.objects.get(action="message.hidden").data["reason"] == "datos de un tercero"
        # The copy stays ours.
        assert Message.objects.get(pk=message.pk).text == message.text


def test_agent_asks_to_hide_and_a_supervisor_does(cast, people, say, at):
    say("un comentario horrible")
    with tenant(cast.bank.pk):
        message = Message.objects.select_related("ticket").get()
    at(cast.juan).post(f"/frailejon/mensajes/{message.pk}/ocultar/", {"reason": "insulta"})

    at(cast.paola).post(
        f"/frailejon/casos/{message.ticket.number}/peticiones/{petition(cast).pk}/", {"decision": "approve"}
    )

    with tenant(cast.bank.pk):
        assert OutboundAction.objects.filter(kind="hide").count() == 1


def test_database_itself_refuses_one_person_for_two(cast, people, given):
    with tenant(cast.bank.pk):
        asked = ask(given, action="resolve", by=cast.andres)
        with pytest.raises(IntegrityError), transaction.atomic():
            Petition.objects.filter(pk=asked.pk).update(state="done", decided_by=cast.andres)


def test_who_may_do_it_does_not_ask(cast, people, given):
    with tenant(cast.bank.pk), pytest.raises(PetitionRefused, match="may_not"):
        ask(given, action="resolve", by=cast.juan)


def test_stranger_decides_nothing(cast, people, given, at):
    at(cast.andres).post(f"/frailejon/casos/{given.number}/resolucion/")
    path = f"/frailejon/casos/{given.number}/peticiones/{petition(cast).pk}/"

    assert at(cast.carla).post(path, {"decision": "approve"}).status_code == 404
