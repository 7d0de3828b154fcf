"""Two people at the same moment, each with a connection of their own: one wins, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention
from tests.tickets.filing.people import messenger, two_cases
from tests.tickets.together import together
from tickets.cases.domain.counts import recount
from tickets.cases.models import Filing, Message, Ticket
from tickets.cases.moves import CaseMove
from tickets.clocks.models import Clock
from tickets.replies.domain import casework
from tickets.replies.domain.filing import file_ticket, file_unanswered
from tickets.replies.domain.joining import join_cases, undo_join
from tickets.replies.domain.references import add_reference
from tickets.replies.domain.reply import Refused
from tickets.replies.domain.splitting import split_case

ROUNDS = 6


def trying(cast, verb: Callable[[], Any]) -> Callable[[], str]:
    """The verb in the bank's tenant; "done", or the code of the refusal."""

    def run() -> str:
        try:
            with tenant(cast.bank.pk):
                verb()
        except Refused as refused:
            return refused.code
        return "done"

    return run


@pytest.fixture
def pair(transactional_db, cast):
    now = clock.now()
    return two_cases(cast, first=now - timedelta(hours=1), second=now - timedelta(minutes=30))


def sound(cast) -> None:
    """Every message is in a case that stands, no kind of clock runs twice, the counters are right."""
    with tenant(cast.bank.pk):
        gone = set(Ticket.objects.filter(state="joined").values_list("pk", flat=True))
        assert not gone & set(Message.objects.values_list("ticket_id", flat=True))
        assert not gone & set(
            Clock.objects.filter(met_at=None, cancelled_at=None).values_list("ticket_id", flat=True)
        )
        assert recount(cast.bank.pk) == {}


def test_each_joins_the_other_into_theirs(cast, pair):
    one, other = pair

    results = together(
        trying(cast, lambda: join_cases(into=one, other=other, by=cast.juan)),
        trying(cast, lambda: join_cases(into=other, other=one, by=cast.paola)),
    )

    assert sorted(results) == ["done", "join_gone"]
    sound(cast)


def test_a_case_goes_into_one_of_two(cast, pair):
    one, other = pair
    hear(cast, mention("@FrailejonAyuda y otra", number=5, at=clock.now() - timedelta(days=3)))
    with tenant(cast.bank.pk):
        third = Ticket.objects.order_by("pk").last()
        Ticket.objects.filter(pk=third.pk).update(customer=one.customer_id)
        third = Ticket.objects.get(pk=third.pk)

    results = together(
        trying(cast, lambda: join_cases(into=one, other=third, by=cast.juan)),
        trying(cast, lambda: join_cases(into=other, other=third, by=cast.paola)),
    )

    assert sorted(results) == ["done", "join_gone"]
    sound(cast)


def test_two_undo_the_same_join(cast, pair):
    with tenant(cast.bank.pk):
        move = join_cases(into=pair[0], other=pair[1], by=cast.juan)

    results = together(*[trying(cast, lambda: undo_join(move, by=cast.juan))] * 2)

    assert sorted(results) == ["done", "undone"]
    sound(cast)


def test_messages_that_arrive_while_cases_are_joined_are_in_the_case_that_is_left(cast, pair):
    one, other = pair
    now = clock.now()

    def listen() -> None:
        for number in range(2, 2 + ROUNDS):
            hear(cast, messenger(f"¿hola? {number}", number=number, at=now), account=cast.bank_page)

    together(listen, trying(cast, lambda: join_cases(into=one, other=other, by=cast.juan)))

    with tenant(cast.bank.pk):
        assert Ticket.objects.count() == 2
        assert set(Message.objects.values_list("ticket_id", flat=True)) == {one.pk}
    sound(cast)


def test_one_joins_what_another_splits(cast, pair):
    one, other = pair
    hear(cast, mention("y la app", number=2, conversation="1900000000000000001", at=clock.now()))
    with tenant(cast.bank.pk):
        message = Message.objects.get(text="y la app")

    results = together(
        trying(cast, lambda: split_case(ticket=one, messages=[message.pk], by=cast.juan)),
        trying(cast, lambda: join_cases(into=other, other=one, by=cast.paola)),
    )

    # Either it was split and then joined, or joined first and there was nothing left to split.
    assert results in (["done", "done"], ["split_closed", "done"])
    sound(cast)


def test_a_case_is_filed_once(cast, pair):
    def press() -> None:
        file_ticket(casework.lock(pair[0].pk), by=cast.juan, kind="queja")

    results = together(*[trying(cast, press)] * 2)

    assert sorted(results) == ["done", "filed_already"]
    with tenant(cast.bank.pk):
        assert Filing.objects.count() == 1


def test_two_workers_file_the_unanswered_once(cast, pair):
    with tenant(cast.bank.pk):
        Ticket.objects.update(kind="informacion")
    later = clock.now() + timedelta(days=10)

    found = together(*[lambda: file_unanswered(cast.bank, now=later)] * 2)

    assert sorted(map(len, found)) in ([0, 2], [1, 1])
    with tenant(cast.bank.pk):
        assert Filing.objects.count() == 2


def test_two_give_the_same_number_to_two_cases(cast, pair):
    def add(ticket: Ticket) -> Callable[[], Any]:
        return lambda: add_reference(casework.lock(ticket.pk), system="sac", number="881", by=cast.juan)

    results = together(*[trying(cast, add(ticket)) for ticket in pair])

    assert sorted(results) == ["done", "reference_taken"]


def test_undoing_and_a_message_at_once_end_in_one_of_two_sound_states(cast, pair):
    one, other = pair
    with tenant(cast.bank.pk):
        move = join_cases(into=one, other=other, by=cast.juan)
    now = clock.now()

    result = together(
        lambda: hear(cast, messenger("¿hola?", number=9, at=now), account=cast.bank_page),
        trying(cast, lambda: undo_join(move, by=cast.juan)),
    )[1]

    with tenant(cast.bank.pk):
        where = Message.objects.get(external_id="m_9").ticket_id
        assert (result, where) in (("done", other.pk), ("since_message", one.pk))
        assert CaseMove.objects.get().undone_at is None or result == "done"
    sound(cast)
