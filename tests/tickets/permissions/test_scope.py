"""A member limited to some accounts sees the cases of those and nothing of the rest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from helpdesk import audit, clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.audience import Listener, audience, sees
from helpdesk.tenancy.context import enter, tenant, whole
from helpdesk.tenancy.models import TenantModel
from tickets.cases.access import AccessKind, CaseAccess
from tickets.cases.domain.access import end_area_access, reserve, share_with_area
from tickets.cases.domain.counts import recount
from tickets.cases.domain.queries.seen import accounts_of, shared_with
from tickets.cases.models import Conversation, Message, Note, Ticket
from tickets.console.queries.queue import counts_of
from tickets.replies.domain.casework import assign


def text_of(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, (path, response.status_code)
    return response.content.decode()


def test_limited_member_sees_only_cases_of_their_accounts(cast, people, say, limit, seen_by, at):
    mine = say("@FrailejonAyuda mi tarjeta llegó partida", account=cast.bank_x)
    theirs = say("El cajero de la página se tragó mi tarjeta", account=cast.bank_page)
    limit(cast.juan, cast.bank_x)

    assert seen_by(cast.juan) == {mine.pk}
    assert seen_by(cast.paola) == {mine.pk, theirs.pk}
    juan = at(cast.juan)
    queue = text_of(juan, "/frailejon/casos/")
    assert "Persona 1" in queue
    assert "Persona 2" not in queue
    assert juan.get(f"/frailejon/casos/{mine.number}/").status_code == 200
    for path in ("", "cliente/"):
        assert juan.get(f"/frailejon/casos/{theirs.number}/{path}").status_code == 404
    for path in ("notas/", "respuestas/", "asignacion/", "resolucion/", "tipo/"):
        answer = juan.post(f"/frailejon/casos/{theirs.number}/{path}", {"text": "x", "kind": "queja"})
        assert answer.status_code == 404, path


def test_limited_member_to_no_account_sees_nothing(cast, people, say, limit, seen_by, at):
    say("hola, no me sirve la app")
    limit(cast.juan)

    assert seen_by(cast.juan) == set()
    assert "Persona" not in text_of(at(cast.juan), "/frailejon/casos/")


def test_search_finds_what_is_seen_even_behind_a_hundred_hits_of_others(cast, people, say, limit, at):
    mine = say("ornitorrinco en la sucursal", account=cast.bank_x)
    for _ in range(3):
        say("ornitorrinco en la página", account=cast.bank_page)
    with tenant(cast.bank.pk), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_message (organization_id, conversation_id, ticket_id, network, parent_external_id, "
            "direction, is_public, text, occurred_at, is_native, needs_attention, is_courtesy, is_encrypted, "
            "send_state) "
            "SELECT organization_id, conversation_id, ticket_id, network, '', direction, is_public, text, occurred_at, "
            "false, true, false, false, '' FROM tickets_message, generate_series(1, 60) "
            "WHERE ticket_id <> %s", [mine.pk],
        )  # fmt: skip
    limit(cast.juan, cast.bank_x)

    found = text_of(at(cast.juan), "/frailejon/casos/?q=ornitorrinco")

    assert "Persona 1" in found
    assert "Persona 2" not in found
    assert "Persona 4" in text_of(at(cast.paola), "/frailejon/casos/?q=ornitorrinco")


def test_search_by_number_and_handle_finds_nothing_of_other_accounts(cast, people, say, limit, at):
    theirs = say("cobro doble", account=cast.bank_page)
    limit(cast.juan, cast.bank_x)
    juan = at(cast.juan)

    assert "Persona 1" not in text_of(juan, f"/frailejon/casos/?q={theirs.number}")
    assert "Persona 1" not in text_of(juan, "/frailejon/casos/?q=persona1")


def test_figures_on_tabs_are_of_what_is_seen(cast, people, say, limit):
    say("uno", account=cast.bank_x)
    say("dos", account=cast.bank_page)
    say("tres", account=cast.bank_page)
    limit(cast.juan, cast.bank_page)

    with tenant(cast.bank.pk):
        assert counts_of(cast.bank, cast.juan)["open"] == 2
        assert counts_of(cast.bank, cast.paola)["open"] == 3
        assert recount(cast.bank.pk) == {}


def test_history_of_a_customer_leaves_out_other_accounts(cast, people, say, limit, at):
    mine = say("primera cosa visible", account=cast.bank_x)
    theirs = say("segunda cosa invisible", account=cast.bank_page, customer_id=mine.customer_id)
    limit(cast.juan, cast.bank_x)

    pane = text_of(at(cast.juan), f"/frailejon/casos/{mine.number}/cliente/")

    assert f"/casos/{theirs.number}/" not in pane
    assert f"/casos/{theirs.number}/" in text_of(at(cast.paola), f"/frailejon/casos/{mine.number}/cliente/")
    # Nor does the case itself say that there is another one open.
    assert "Ya tiene otro caso abierto" not in text_of(at(cast.juan), f"/frailejon/casos/{mine.number}/")


def test_everything_that_hangs_from_a_case_goes_with_it(cast, people, say, limit):
    theirs = say("con nota y bitácora", account=cast.bank_page)
    with tenant(cast.bank.pk):
        Note.objects.create(organization=cast.bank, ticket=theirs, author=cast.paola, text="secreta")
        audit.record(cast.bank.pk, "note.added", ticket_id=theirs.pk)
    limit(cast.juan, cast.bank_x)

    with tenant(cast.bank.pk):
        enter(cast.bank.pk, member_id=cast.juan.pk, scope=cast.juan.scope)
        for model in (Ticket, Conversation, Message, Note):
            assert not model.objects.exists(), model
        assert not AuditEvent.objects.filter(ticket_id__isnull=False).exists()
        with whole():
            assert Note.objects.exists()
        assert not Note.objects.exists()


def test_every_table_with_words_of_a_case_has_the_policy(db):
    """A table that points at a case and has no policy is one somebody may read past the case."""
    from django.apps import apps

    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = 'scope'")
        narrowed = {row[0] for row in cursor.fetchall()}
    pointing = {
        model._meta.db_table
        for model in apps.get_models()
        if issubclass(model, TenantModel)
        for field in model._meta.local_fields
        if field.is_relation and field.related_model in (Ticket, Message)
    }
    # Who sees a case is read by the policy of cases; two people found to be two is about people.
    open_to_all = {"tickets_caseaccess", "tickets_keptapart"}

    assert pointing - narrowed - open_to_all == set()


def test_trainee_sees_their_own_and_what_they_may_take(cast, people, say, seen_by):
    given = say("asignado")
    easy = say("gracias por la información", priority="low")
    say("fraude en mi cuenta", priority="critical")
    with tenant(cast.bank.pk):
        given.refresh_from_db()
        assign(given, to=cast.andres, by=cast.paola)

    assert seen_by(cast.andres) == {given.pk, easy.pk}


def test_trainee_takes_what_is_easy_and_keeps_it(cast, people, say, at):
    easy = say("¿a qué hora abren?", priority="low")

    answer = at(cast.andres).post(
        f"/frailejon/casos/{easy.number}/asignacion/", {"assignee": str(cast.andres.pk)}
    )

    assert answer.status_code == 302
    with tenant(cast.bank.pk):
        assert Ticket.objects.get(pk=easy.pk).assignee_id == cast.andres.pk


def test_area_sees_only_what_was_shared_with_it_and_for_as_long(cast, people, say, seen_by):
    shared, _other = say("para operaciones"), say("para nadie")
    assert seen_by(people.area) == set()

    with tenant(cast.bank.pk):
        share_with_area(shared, members=[people.area])
    assert seen_by(people.area) == {shared.pk}

    with tenant(cast.bank.pk):
        share_with_area(shared, members=[people.area], until=clock.now() - timedelta(seconds=1))
    assert seen_by(people.area) == set()

    with tenant(cast.bank.pk):
        share_with_area(shared, members=[people.area])
        end_area_access(shared)
    assert seen_by(people.area) == set()


def test_case_goes_by_its_support_account_before_a_brands(cast, people, say, brand):
    ticket = say("@Frailejon no me contestan", account=brand)
    assert ticket.account_id == brand.pk

    with tenant(cast.bank.pk):
        thread = Conversation.objects.get(current_ticket=ticket)
        Conversation.objects.create(
            organization=cast.bank, account=cast.bank_x, network="x", kind="x_dm", thread_key="1-2",
            customer_id=thread.customer_id, identity_id=thread.identity_id, current_ticket=ticket,
        )  # fmt: skip
        ticket.refresh_from_db()

    assert ticket.account_id == cast.bank_x.pk


def test_pushes_are_for_the_eyes_the_policy_allows(cast, people, say, brand, limit, seen_by):
    """The rule is written twice, in SQL and in Python: they must say the same of everybody and every case."""
    cases = [
        say("uno", account=cast.bank_x),
        say("dos", account=cast.bank_page, priority="low"),
        say("tres", account=brand),
        say("cuatro", account=cast.bank_x, priority="low", assignee_id=cast.andres.pk),
        say("cinco", account=brand, assignee_id=people.area.pk),
        say("seis", account=cast.bank_x),
    ]
    limit(cast.juan, cast.bank_page)
    with tenant(cast.bank.pk):
        cases[5].refresh_from_db()
        reserve(cases[5], named=[cast.juan], reason="línea ética", by=cast.paola)
        share_with_area(cases[0], members=[people.area])
        CaseAccess.objects.create(
            organization=cast.bank, ticket=cases[1], member=people.marketing, kind=AccessKind.AREA,
            until=clock.now() - timedelta(minutes=1),
        )  # fmt: skip

    everybody = [cast.juan, cast.paola, cast.andres, people.marketing, people.area, people.supervisor]
    for member in everybody:
        with tenant(cast.bank.pk):
            listener = Listener(cast.bank.pk, member.pk, member.scope, accounts_of(member))
            with whole():
                rows = list(Ticket.objects.all())
            shared = shared_with(cast.bank.pk, [row.pk for row in rows])
            told = {
                row.pk
                for row in rows
                if sees(
                    listener,
                    audience(
                        account=row.account_id,
                        assignee=row.assignee_id,
                        priority=row.priority,
                        is_reserved=row.is_reserved,
                        shared=shared.get(row.pk, []),
                    ),
                )  # fmt: skip
            }
        assert told == seen_by(member), member


@pytest.mark.parametrize("path", ["casos/{}/", "casos/{}/cliente/"])
def test_stranger_finds_no_case_of_another_bank_whatever_their_scope(cast, people, say, at, path):
    ticket = say("del banco")
    with tenant(cast.airline.pk):
        cast.carla.modes, cast.carla.is_limited = {"see_cases": "P"}, True
        cast.carla.save()

    assert at(cast.carla).get("/frailejon/" + path.format(ticket.number)).status_code == 404
    assert at(cast.carla).get("/alisios/" + path.format(ticket.number)).status_code == 404


def test_trainee_gives_a_case_back_and_no_longer_sees_it(cast, people, say, at, seen_by):
    given = say("fraude", priority="critical", assignee_id=cast.andres.pk)

    answer = at(cast.andres).post(f"/frailejon/casos/{given.number}/asignacion/", {"assignee": ""})
    again = at(cast.andres).post(
        f"/frailejon/casos/{given.number}/asignacion/", {"assignee": ""}, headers={"hx-request": "true"}
    )

    assert (answer.status_code, again.status_code) == (302, 404)
    assert seen_by(cast.andres) == set()


@pytest.mark.parametrize("view", ["open", "mine", "unanswered", "overdue", "resolved"])
def test_every_view_of_who_is_limited_goes_page_by_page(cast, people, say, limit, at, view, monkeypatch):
    """Two accounts of theirs, one that is not, one case shared: in order, each once, over several pages."""
    from tickets.console.queries import queue

    monkeypatch.setattr(queue, "PAGE", 2)
    facts = {
        "resolved": {"state": "resolved", "resolved_at": clock.now()},
        "overdue": {"is_overdue": True},
        "mine": {"assignee_id": cast.juan.pk},
    }.get(view, {})
    theirs = [say("una", account=place, **facts) for place in (cast.bank_x, cast.bank_page) * 2]
    other = cast.bank_x.__class__.objects
    with tenant(cast.bank.pk):
        third = other.create(organization=cast.bank, network="x", external_id="77", handle="otra", name="o")
        hidden, shared = (say("otra", account=cast.bank_x, **facts, account_id=third.pk) for _ in range(2))
        share_with_area(shared, members=[cast.juan])
    limit(cast.juan, cast.bank_x, cast.bank_page)

    with tenant(cast.bank.pk):
        enter(cast.bank.pk, member_id=cast.juan.pk, scope=cast.juan.scope)
        seen, after = [], ""
        for _ in range(9):
            page = queue.page_of(cast.bank, view, member=cast.juan, after=after, now=clock.now())
            seen += [row.ticket_id for row in page.rows]
            after = page.after
            if not after:
                break

    assert sorted(seen) == sorted(one.pk for one in [*theirs, shared])
    assert hidden.pk not in seen
