"""The board «Ahora»: what it shows to whom, passing a case on, and that no request reads all cases."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection

from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import enter, tenant
from helpdesk.tenancy.models import Membership, Presence
from tests.stories import OTHER, hear, mention
from tickets.cases.domain.access import reserve
from tickets.cases.models import Ticket
from tickets.clocks.domain.sweep import sweep_clocks
from tickets.replies.domain import casework
from tickets.supervision.queries import cases

BOARD = "/frailejon/tablero/"


@pytest.fixture
def due(cast, time_machine):
    """Two cases of the bank: one due in twenty minutes and nobody's, one Juan's and due in a day."""
    time_machine.move_to("2026-11-19T15:00:00+00:00", tick=False)
    hear(cast, mention("@FrailejonAyuda no llegó mi giro", number=1))
    hear(cast, mention("@FrailejonAyuda otra cosa distinta", number=2, author=OTHER))
    with tenant(cast.bank.pk):
        first, second = Ticket.objects.order_by("pk")
        soon, far = clock.now() + timedelta(minutes=20), clock.now() + timedelta(days=1)
        for ticket, at in ((first, soon), (second, far)):
            Ticket.objects.filter(pk=ticket.pk).update(queue_at=at, next_deadline_at=at)
        casework.assign(casework.lock(second.pk), to=cast.juan, by=cast.paola)
        Ticket.objects.filter(pk=second.pk).update(queue_at=far, next_deadline_at=far)
        Membership.objects.filter(pk=cast.juan.pk).update(
            presence=Presence.AVAILABLE, presence_at=clock.now()
        )
    return first


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ")


def test_board_names_what_is_due_and_proposes_who_should_have_it(cast, due, log_in):
    page = text(log_in(cast.paola).get(BOARD))

    assert "1 vence en 30 minutos" in page
    assert f'id="due-{due.number}"' in page
    assert "Pasar a Juan Carlos" in page
    assert "2 casos abiertos" in page
    # Whoever looks at it is there, whatever the last sweep wrote down.
    assert re.search(r"Paola[^<]*</span><span[^>]*>Disponible", page)


def test_passing_on_moves_the_case_and_undo_brings_it_back(cast, due, log_in):
    client = log_in(cast.paola)

    answer = client.post(f"{BOARD}pasar/{due.number}/", {"to": cast.juan.pk, "held": ""})
    assert answer.status_code == 302
    with tenant(cast.bank.pk):
        assert Ticket.objects.get(pk=due.pk).assignee_id == cast.juan.pk
        line = AuditEvent.objects.filter(action="ticket.assigned", ticket_id=due.pk).latest("pk")
        assert (line.actor_id, line.data["to"]) == (cast.paola.pk, cast.juan.pk)
    assert "pasó a Juan Carlos" in text(client.get(BOARD))

    client.post(f"{BOARD}pasar/{due.number}/deshacer/")
    with tenant(cast.bank.pk):
        assert Ticket.objects.get(pk=due.pk).assignee_id is None


def test_agent_who_left_gets_nothing_and_the_board_says_so(cast, due, log_in):
    with tenant(cast.bank.pk):
        Membership.objects.filter(pk=cast.juan.pk).update(is_active=False)

    answer = log_in(cast.paola).post(
        f"{BOARD}pasar/{due.number}/", {"to": cast.juan.pk, "held": ""}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 409
    assert "Juan Carlos ya no está en el equipo" in text(answer)
    with tenant(cast.bank.pk):
        assert Ticket.objects.get(pk=due.pk).assignee_id is None


def test_case_that_somebody_took_meanwhile_stays_theirs(cast, due, log_in):
    with tenant(cast.bank.pk):
        casework.assign(casework.lock(due.pk), to=cast.paola, by=cast.paola)

    answer = log_in(cast.paola).post(
        f"{BOARD}pasar/{due.number}/", {"to": cast.juan.pk, "held": ""}, headers={"HX-Request": "true"}
    )

    assert answer.status_code == 409
    assert "cambió de manos" in text(answer)


def test_what_somebody_else_moved_since_is_not_undone(cast, due, log_in):
    client = log_in(cast.paola)
    client.post(f"{BOARD}pasar/{due.number}/", {"to": cast.juan.pk, "held": ""})
    with tenant(cast.bank.pk):
        casework.assign(casework.lock(due.pk), to=None, by=cast.juan)

    client.post(f"{BOARD}pasar/{due.number}/deshacer/")

    with tenant(cast.bank.pk):
        assert Ticket.objects.get(pk=due.pk).assignee_id is None
    assert "cambió de manos" in text(client.get(BOARD))


def test_agent_sees_their_own_and_passes_nothing_on(cast, due, log_in):
    client = log_in(cast.juan)
    page = text(client.get(BOARD))

    assert "1 caso abierto" in page
    assert f'id="due-{due.number}"' not in page
    assert "Canales" not in page
    assert client.post(f"{BOARD}pasar/{due.number}/", {"to": cast.juan.pk}).status_code == 403


def test_admin_sees_how_channels_are_and_no_case(cast, due, log_in):
    page = text(log_in(cast.marta).get(BOARD))

    assert "@FrailejonAyuda" in page
    assert "Diana" not in page
    assert f'id="due-{due.number}"' not in page


def test_reserved_case_is_on_the_board_of_nobody_else(cast, due, log_in):
    with tenant(cast.bank.pk):
        reserve(casework.lock(due.pk), named=[cast.juan], by=cast.juan, reason="línea ética")

    page = text(log_in(cast.paola).get(BOARD))

    assert "Diana" not in page
    assert "1 caso abierto" in page


def test_unanswered_longer_than_owed_says_real_and_business_wait(cast, time_machine, as_worker, log_in):
    time_machine.move_to("2026-11-20T03:00:00+00:00", tick=False)
    hear(cast, mention("@FrailejonAyuda no llegó mi giro", number=1))
    # Thursday at 22:00 in Bogotá: the bank is closed until Friday at 8:00; then it is 11:30.
    time_machine.move_to("2026-11-20T16:30:00+00:00", tick=False)
    with as_worker():
        sweep_clocks()

    page = text(log_in(cast.paola).get(BOARD))

    assert "espera 13 h · hábil 3 h" in page


def test_no_request_reads_all_cases(cast, due, settings):
    """Every list of the board is an index range, as ``app`` under its policies, whatever the planner would like."""
    settings.DATABASE_PLANS = False
    limits = cases.Limits(None, None)
    plans: list[str] = []

    def note(execute, sql, params, many, context):
        if "tickets_ticket" in sql and sql.startswith("SELECT"):
            with connection.connection.cursor() as cursor:
                cursor.execute("EXPLAIN " + sql, params)
                plans.append("\n".join(row[0] for row in cursor.fetchall()))
        return execute(sql, params, many, context)

    with tenant(cast.bank.pk):
        enter(cast.bank.pk, member_id=cast.paola.pk, scope=cast.paola.scope)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        with connection.execute_wrapper(note):
            now = clock.now()
            for ask in (cases.late_rows, cases.due_rows, cases.stale_rows):
                ask(cast.bank, limits, now)
            cases.hour_of(cast.bank.pk, limits, now)
            cases.waiting_due(cast.bank.pk, limits, now)

    assert len(plans) == 5
    for plan in plans:
        # In tables as empty as these any index costs the same; at a million cases the planner takes its own.
        assert "using ticket_" in plan or "using figures_opened" in plan, plan
        assert "Seq Scan on tickets_ticket" not in plan
