"""Waiting, resolving, reopening: what they do to a case's clocks; and times that are the provider's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from protocols.models import SlaPolicy
from tests.stories import hear, mention, typify
from tickets.cases.domain.counts import recount
from tickets.cases.models import Filing, Note, Ticket
from tickets.clocks.domain import marks
from tickets.clocks.domain.terms import forget_rules, rules_by_account
from tickets.clocks.models import Clock, Wait
from tickets.clocks.rules import FAR
from tickets.enums import PqrKind
from tickets.replies.domain import casework

# A Tuesday, nine in the morning in Bogota: the bank is open from eight to eight.
NINE = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
ASKS = "@FrailejonAyuda ¿a qué hora abren?"


@pytest.fixture
def now(monkeypatch) -> list[datetime]:
    """The clock of the house, moved by hand."""
    times = [NINE]
    monkeypatch.setattr(clock, "now", lambda: times[0])
    return times


@pytest.fixture
def same_for_all(cast) -> Iterator[None]:
    """Whatever priority words suggest, the same is owed: two hours, and three days of twelve hours."""
    with tenant(cast.bank.pk):
        SlaPolicy.objects.update(is_wall_time=False, first_response=120, next_response=120, resolution=2160)
    forget_rules()
    yield
    forget_rules()


@pytest.fixture
def ticket(cast, now, same_for_all) -> Iterator[Ticket]:
    hear(cast, mention(ASKS, at=NINE))
    with tenant(cast.bank.pk):
        ticket = casework.lock(Ticket.objects.get().pk)
        typify(ticket)
        yield ticket


def the(kind: str) -> Clock:
    return Clock.objects.filter(kind=kind).latest("id")


def test_a_case_owes_what_its_policy_says(ticket):
    assert the("first_response").due_at == NINE + timedelta(hours=2)
    warns = [NINE + timedelta(minutes=60), NINE + timedelta(minutes=96)]
    assert (the("first_response").warn_at, the("first_response").alarms) == (warns[0], warns)
    # Three working days of twelve hours, the bank's own.
    assert the("resolution").due_at == NINE + timedelta(days=3)
    assert ticket.next_deadline_at == ticket.queue_at == NINE + timedelta(hours=2)
    assert ticket.next_clock_kind == "first_response"
    assert the("first_response").why["minutes"] == 120


def test_waiting_stops_the_clocks_and_they_go_on_with_what_was_left(ticket, cast, now):
    now[0] = NINE + timedelta(minutes=30)
    assert casework.wait_for_customer(ticket, by=cast.juan)
    assert ticket.state == "waiting_customer"
    assert ticket.queue_at == FAR
    assert Wait.objects.get().started_at == now[0]

    # Twenty-two hours later, of which the bank was open for ten.
    now[0] = NINE + timedelta(hours=22, minutes=30)
    assert casework.stop_waiting(ticket, by=cast.juan)

    first = the("first_response")
    assert (first.paused_at, first.started_at) == (None, NINE)
    # 90 minutes were left; the bank opens at eight, half an hour from now.
    assert first.due_at == NINE + timedelta(hours=23) + timedelta(minutes=90)
    assert ticket.next_deadline_at == first.due_at
    assert Wait.objects.get().ended_at == now[0]


def test_the_customers_word_ends_the_wait_with_the_time_that_was_left(ticket, cast, now):
    now[0] = NINE + timedelta(minutes=30)
    casework.wait_for_customer(ticket, by=cast.juan)
    hear(
        cast,
        mention(
            "aquí están los datos", number=2, conversation="1900000000000000001", at=NINE + timedelta(hours=1)
        ),
    )

    after = Ticket.objects.get()
    assert after.state == "open"
    assert the("first_response").due_at == NINE + timedelta(hours=2, minutes=30)
    assert after.next_deadline_at == NINE + timedelta(hours=2, minutes=30)
    assert Wait.objects.get().ended_at is not None


def test_thanks_do_not_end_the_wait(ticket, cast, now):
    casework.wait_for_customer(ticket, by=cast.juan)
    hear(cast, mention("gracias", number=2, conversation="1900000000000000001", at=NINE + timedelta(hours=1)))

    assert Ticket.objects.get().state == "waiting_customer"
    assert Wait.objects.get().ended_at is None


def test_waiting_twice_is_waiting_once(ticket, cast):
    assert casework.wait_for_customer(ticket, by=cast.juan)
    assert not casework.wait_for_customer(ticket, by=cast.juan)
    assert Wait.objects.count() == 1


def test_resolving_meets_the_resolution_and_cancels_the_rest(ticket, cast, now):
    now[0] = NINE + timedelta(hours=1)
    assert casework.resolve(ticket, by=cast.juan)
    assert not casework.resolve(ticket, by=cast.juan)

    assert the("resolution").met_at == now[0]
    assert the("first_response").cancelled_at == now[0]
    assert (ticket.queue_at, ticket.unanswered_since, ticket.resolved_at) == (FAR, None, now[0])
    assert recount(cast.bank.pk) == {}


def test_reopening_owes_the_resolution_again_from_now(ticket, cast, now):
    casework.resolve(ticket, by=cast.juan)
    now[0] = NINE + timedelta(hours=3)
    assert casework.reopen(ticket, by=cast.juan)
    assert not casework.reopen(ticket, by=cast.juan)

    again = the("resolution")
    assert (again.started_at, again.due_at) == (now[0], now[0] + timedelta(days=3))
    assert (ticket.state, ticket.reopened_count, ticket.resolved_at) == ("open", 1, None)
    assert ticket.next_clock_kind == "resolution"


def test_the_customer_reopens_within_the_window(ticket, cast, now):
    casework.resolve(ticket, by=cast.juan)
    hear(
        cast,
        mention("sigue igual", number=2, conversation="1900000000000000001", at=NINE + timedelta(days=2)),
    )

    after = Ticket.objects.get()
    assert (after.state, after.reopened_count) == ("open", 1)
    assert the("resolution").started_at == NINE + timedelta(days=2)
    assert AuditEvent.objects.get(action="ticket.reopened").data == {"by": "customer"}
    assert recount(cast.bank.pk) == {}


def test_after_the_window_it_is_another_case_that_names_the_first(ticket, cast, now):
    casework.resolve(ticket, by=cast.juan)
    late = NINE + timedelta(days=60)
    hear(cast, mention("sigue igual", number=2, conversation="1900000000000000001", at=late))

    newer = Ticket.objects.order_by("pk").last()
    assert (newer.previous_id, newer.state) == (ticket.pk, "new")
    assert Ticket.objects.get(pk=ticket.pk).state == "resolved"


def test_thanks_reopen_nothing_and_start_no_clock(ticket, cast, now):
    casework.resolve(ticket, by=cast.juan)
    before = Clock.objects.count()
    hear(
        cast,
        mention(
            "muchas gracias 👍", number=2, conversation="1900000000000000001", at=NINE + timedelta(hours=2)
        ),
    )

    assert Ticket.objects.get().state == "resolved"
    assert Clock.objects.count() == before


def test_an_earlier_message_that_comes_later_moves_the_clocks(ticket, cast):
    earlier = NINE - timedelta(minutes=40)
    hear(cast, mention(ASKS, number=2, conversation="1900000000000000001", at=earlier))

    after = Ticket.objects.get()
    assert after.opened_at == earlier
    assert the("first_response").started_at == earlier
    assert after.next_deadline_at == the("first_response").due_at == earlier + timedelta(hours=2)


def test_an_earlier_message_moves_a_clock_that_was_met_already(ticket, cast):
    marks.answered(ticket, NINE + timedelta(minutes=5))
    earlier = NINE - timedelta(minutes=40)
    hear(cast, mention(ASKS, number=2, conversation="1900000000000000001", at=earlier))

    first = the("first_response")
    assert (first.started_at, first.met_at) == (earlier, NINE + timedelta(minutes=5))
    assert Ticket.objects.get().opened_at == earlier


def test_an_answer_meets_first_and_next_response_and_owes_the_next_after_a_question(ticket, cast):
    marks.answered(ticket, NINE + timedelta(minutes=5))
    assert the("first_response").met_at == NINE + timedelta(minutes=5)
    asked = NINE + timedelta(minutes=20)
    hear(cast, mention("¿y los sábados?", number=2, conversation="1900000000000000001", at=asked))

    following = the("next_response")
    assert (following.started_at, following.due_at) == (asked, asked + timedelta(hours=2))
    marks.answered(casework.lock(ticket.pk), NINE + timedelta(minutes=30))
    assert the("next_response").met_at == NINE + timedelta(minutes=30)


def test_an_answer_does_not_meet_a_question_that_came_after_it(ticket, cast):
    hear(
        cast, mention("¿hola?", number=2, conversation="1900000000000000001", at=NINE + timedelta(minutes=20))
    )
    fresh = casework.lock(ticket.pk)
    marks.answered(fresh, NINE + timedelta(minutes=10))

    after = Ticket.objects.get()
    assert after.unanswered_since == NINE + timedelta(minutes=20)
    assert after.unanswered_count == 1


def test_correcting_the_kind_files_the_case_once(ticket, cast):
    assert ticket.radicado is None
    casework.change_kind(ticket, kind=PqrKind.RECLAMO, by=cast.juan)
    radicado = ticket.radicado
    casework.change_kind(ticket, kind=PqrKind.INFORMACION, by=cast.juan, reason="solo preguntaba")
    casework.change_kind(ticket, kind=PqrKind.QUEJA, by=cast.juan, reason="y se quejaba")

    assert ticket.radicado == radicado == "2026-000001"
    assert Filing.objects.get().received_at == NINE
    assert ticket.suggested_kind == "informacion"
    assert ticket.kind_corrected_by_id == cast.juan.pk


def test_assigning_opens_a_new_case_and_is_told(ticket, cast):
    casework.assign(ticket, to=cast.paola, by=cast.juan)

    assert (ticket.state, ticket.assignee_id) == ("open", cast.paola.pk)
    event = AuditEvent.objects.get(action="ticket.assigned")
    assert (event.actor_id, event.data) == (cast.juan.pk, {"former": None, "to": cast.paola.pk})


def test_a_note_stays_here_and_the_audit_has_none_of_its_words(ticket, cast):
    casework.add_note(ticket, by=cast.juan, text="\x00 el cliente es palabrasecreta ")

    assert Note.objects.get().text == "el cliente es palabrasecreta"
    assert "palabrasecreta" not in str(list(AuditEvent.objects.values_list("data", flat=True)))


def test_an_account_just_connected_has_its_rules_at_once(cast):
    from tests.cast import account

    with tenant(cast.bank.pk):
        rules_by_account(cast.bank.pk)
    new = account(cast.bank, "x", "1800000000000000009", "FrailejonYa")

    hear(cast, mention("@FrailejonYa hola, ¿me ayudan?"), account=new)

    with tenant(cast.bank.pk):
        assert Ticket.objects.count() == 1
