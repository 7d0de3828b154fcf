"""A reserved case is seen by named people only, and is nowhere for everybody else."""

from __future__ import annotations

import json

import pytest

from helpdesk import push
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import enter, tenant
from tickets.cases.models import Ticket
from tickets.console.push import push_changes
from tickets.console.queries.queue import counts_of
from tickets.replies.domain.casework import assign


@pytest.fixture
def reserved(cast, people, say, at):
    """A case Paola reserved for herself and Juan."""
    ticket = say("un empleado de la sucursal me pidió dinero, ornitorrinco")
    answer = at(cast.paola).post(
        f"/frailejon/casos/{ticket.number}/reserva/",
        {"reserved": "1", "named": [str(cast.juan.pk)], "reason": "línea ética"},
    )
    assert answer.status_code == 302
    return ticket


def test_named_people_work_in_it(cast, reserved, at):
    for member in (cast.paola, cast.juan):
        client = at(member)
        page = client.get(f"/frailejon/casos/{reserved.number}/")
        assert page.status_code == 200
        assert "Caso reservado" in page.content.decode()
        assert "Persona 1" in client.get("/frailejon/casos/").content.decode()
        assert (
            client.post(f"/frailejon/casos/{reserved.number}/notas/", {"text": "lo veo"}).status_code == 302
        )


def test_it_is_nowhere_for_anybody_else(cast, people, reserved, at):
    for member in (people.supervisor, people.marketing, cast.andres, people.area):
        client = at(member)
        for path in ("", "cliente/"):
            assert client.get(f"/frailejon/casos/{reserved.number}/{path}").status_code == 404, member
        for query in ("", "?q=ornitorrinco", f"?q={reserved.number}", "?q=persona1", "?view=unanswered"):
            assert "Persona 1" not in client.get(f"/frailejon/casos/{query}").content.decode(), (
                member,
                query,
            )
        with tenant(cast.bank.pk):
            assert counts_of(cast.bank, member)["open"] == 0
            assert counts_of(cast.bank, member)["unanswered"] == 0


def test_nobody_else_acts_on_it(cast, people, reserved, at):
    client = at(people.supervisor)
    for path in ("notas/", "respuestas/", "asignacion/", "resolucion/", "tipo/", "reserva/", "entrega/"):
        answer = client.post(
            f"/frailejon/casos/{reserved.number}/{path}", {"text": "x", "kind": "queja", "reason": "x"}
        )
        assert answer.status_code in (403, 404), path
    assert client.post(f"/frailejon/casos/{reserved.number}/reserva/", {"reason": "x"}).status_code == 404


def test_history_of_its_customer_leaves_it_out(cast, people, reserved, say, at):
    other = say("otra cosa del mismo", customer_id=reserved.customer_id)

    pane = at(people.supervisor).get(f"/frailejon/casos/{other.number}/cliente/").content.decode()

    assert f"/casos/{reserved.number}/" not in pane
    assert f"/casos/{reserved.number}/" in at(cast.juan).get(
        f"/frailejon/casos/{other.number}/cliente/"
    ).content.decode()  # fmt: skip


def test_audit_lines_of_it_are_for_its_people(cast, people, reserved, at):
    assert "Reservó el caso" in at(cast.paola).get("/frailejon/ajustes/bitacora/").content.decode()
    assert "Reservó el caso" not in at(people.supervisor).get("/frailejon/ajustes/bitacora/").content.decode()


def test_pushes_tell_its_people_to_look_and_nobody_anything(cast, reserved, monkeypatch):
    sent = []
    monkeypatch.setattr("tickets.console.push.publish", lambda _org, frames: sent.extend(frames))

    push_changes(cast.bank.pk, [reserved.pk], [])

    about = [frame for frame in sent if len(frame) > 2]
    assert {frame[0] for frame in about} == {"refresh", "ticket"}
    assert all(set(frame[2]["shared"]) == {cast.paola.pk, cast.juan.pk} for frame in about)
    assert all(frame[2]["reserved"] for frame in about)
    assert "Persona 1" not in json.dumps(sent)
    assert push.channel_of(cast.bank.pk)


def test_reserving_needs_a_reason_and_people_who_see_cases(cast, people, say, at):
    ticket = say("algo delicado")
    client, path = at(cast.paola), f"/frailejon/casos/{ticket.number}/reserva/"

    assert client.post(path, {"reserved": "1", "reason": "  "}).status_code == 422
    assert client.post(path, {"reserved": "1", "reason": "x", "named": str(cast.marta.pk)}).status_code == 422
    assert at(cast.juan).post(path, {"reserved": "1", "reason": "x"}).status_code == 403
    with tenant(cast.bank.pk):
        assert not Ticket.objects.get(pk=ticket.pk).is_reserved


def test_reserving_and_giving_back_are_in_the_audit_with_their_reason(cast, people, reserved, at):
    at(cast.paola).post(
        f"/frailejon/casos/{reserved.number}/reserva/", {"reserved": "0", "reason": "se aclaró"}
    )

    with tenant(cast.bank.pk):
        lines = {line.action: line for line in AuditEvent.objects.filter(ticket_id=reserved.pk)}
    assert lines["ticket.reserved"].data["reason"] == "línea ética"
    assert lines["ticket.reserved"].data["members"] == sorted([cast.paola.pk, cast.juan.pk])
    assert lines["ticket.unreserved"].data["reason"] == "se aclaró"
    assert at(people.supervisor).get(f"/frailejon/casos/{reserved.number}/").status_code == 200


def test_assignee_who_is_not_named_no_longer_has_it(cast, people, say, at):
    ticket = say("sobre un compañero")
    with tenant(cast.bank.pk):
        ticket.refresh_from_db()
        assign(ticket, to=people.supervisor, by=cast.paola)

    at(cast.paola).post(f"/frailejon/casos/{ticket.number}/reserva/", {"reserved": "1", "reason": "x"})

    with tenant(cast.bank.pk):
        enter(cast.bank.pk, member_id=cast.paola.pk)
        assert Ticket.objects.get(pk=ticket.pk).assignee_id is None


def test_stranger_and_other_organization_know_nothing(cast, reserved, at):
    client = at(cast.carla)

    assert client.post(f"/frailejon/casos/{reserved.number}/reserva/", {"reason": "x"}).status_code == 404
    with tenant(cast.airline.pk):
        assert not Ticket.objects.exists()
