"""The auditor reads everything saying why, and changes nothing."""

from __future__ import annotations

import time_machine
from django.utils import timezone

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant, whole
from tickets.cases.domain.access import OPEN_FOR, reserve


def test_case_opens_with_a_reason_that_is_recorded(cast, people, say, at):
    ticket = say("me cobraron dos veces")
    client, page = at(people.auditor), f"/frailejon/casos/{ticket.number}/"

    first = client.get(page)
    assert first.status_code == 302
    assert first["Location"].endswith("/abrir/")
    assert "me cobraron" not in client.get(first["Location"]).content.decode()
    assert client.get(f"{page}cliente/").status_code == 404
    assert client.post(f"{page}abrir/", {"reason": " "}).status_code == 422

    client.post(f"{page}abrir/", {"reason": "requerimiento 45"})

    assert "me cobraron dos veces" in client.get(page).content.decode()
    assert client.get(f"{page}cliente/").status_code == 200
    with tenant(cast.bank.pk):
        line = AuditEvent.objects.get(action="ticket.opened_with_reason")
        assert (line.actor_id, line.ticket_id, line.data["reason"]) == (
            people.auditor.pk, ticket.pk, "requerimiento 45",
        )  # fmt: skip


def test_it_closes_after_a_working_day(cast, people, say, at):
    ticket = say("me cobraron dos veces")
    client, page = at(people.auditor), f"/frailejon/casos/{ticket.number}/"
    client.post(f"{page}abrir/", {"reason": "muestra"})

    with time_machine.travel(timezone.now() + OPEN_FOR, tick=True):
        assert client.get(page).status_code == 302


def test_reserved_case_is_absent_until_its_reason(cast, people, say, at, seen_by):
    ticket = say("un empleado me pidió dinero")
    with tenant(cast.bank.pk):
        ticket.refresh_from_db()
        reserve(ticket, named=[], reason="línea ética", by=cast.paola)
    client, page = at(people.auditor), f"/frailejon/casos/{ticket.number}/"
    assert seen_by(people.auditor) == set()
    assert "Persona 1" not in client.get("/frailejon/casos/").content.decode()
    assert client.get(page).status_code == 302

    client.post(f"{page}abrir/", {"reason": "investigación interna"})

    assert "un empleado me pidió dinero" in client.get(page).content.decode()
    with tenant(cast.bank.pk), whole():
        assert AuditEvent.objects.get(action="ticket.opened_with_reason").data["reserved"] is True


def test_only_an_auditor_opens_that_way(cast, people, say, at):
    ticket = say("reservado de verdad")
    with tenant(cast.bank.pk):
        ticket.refresh_from_db()
        reserve(ticket, named=[], reason="x", by=cast.paola)

    for member in (cast.juan, people.supervisor, people.marketing, cast.andres):
        answer = at(member).post(f"/frailejon/casos/{ticket.number}/abrir/", {"reason": "curiosidad"})
        assert answer.status_code == 404, member
    assert at(cast.marta).post(f"/frailejon/casos/{ticket.number}/abrir/", {"reason": "x"}).status_code == 403
    assert at(cast.carla).post(f"/frailejon/casos/{ticket.number}/abrir/", {"reason": "x"}).status_code == 404


def test_case_that_does_not_exist_is_not_told_from_one_that_does(cast, people, say, at):
    say("uno")

    assert at(people.auditor).get("/frailejon/casos/99999/").status_code == 302
    assert at(people.auditor).get("/frailejon/casos/99999/abrir/").status_code == 404
