"""One case made two: its own clocks from its own messages, answered in its own place; and back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention, typify
from tests.tickets.filing.people import messenger, rows
from tickets.cases.domain.counts import recount
from tickets.cases.models import Conversation, Filing, Message, Ticket
from tickets.clocks.models import Clock
from tickets.console.queries.queue import search
from tickets.replies.domain import casework
from tickets.replies.domain.reply import Refused, reply
from tickets.replies.domain.splitting import split_case, undo_split
from tickets.replies.domain.targets import targets_of

ROOT = "1900000000000000001"


@pytest.fixture
def ticket(cast, now):
    """Three public messages of one thread, an hour apart, nobody has answered."""
    for place, text in enumerate(["¿a qué hora abren?", "y la app no abre", "¿abren el sábado?"]):
        at = now[0] - timedelta(hours=2 - place)
        hear(cast, mention(f"@FrailejonAyuda {text}", number=place + 1, conversation=ROOT, at=at))
    with tenant(cast.bank.pk):
        yield casework.lock(Ticket.objects.get().pk)


def ids() -> list[int]:
    return list(Message.objects.filter(direction="in").order_by("occurred_at").values_list("pk", flat=True))


def fresh(ticket: Ticket) -> Ticket:
    return casework.lock(ticket.pk)


def the(ticket: Ticket, kind: str) -> Clock:
    return Clock.objects.get(ticket=ticket, kind=kind, met_at=None, cancelled_at=None)


def test_the_new_case_counts_from_the_receipt_of_its_own_messages(cast, now, ticket):
    move = split_case(ticket=ticket, messages=[ids()[1]], by=cast.juan, kind="reclamo")

    new = fresh(move.other)
    assert new.opened_at == now[0] - timedelta(hours=1)
    assert the(new, "first_response").started_at == new.opened_at
    assert (new.kind, new.customer_id, new.unanswered_count) == ("reclamo", ticket.customer_id, 1)
    assert new.number > ticket.number


def test_a_new_case_of_a_filed_kind_is_filed_and_its_number_survives_the_undoing(cast, now, ticket):
    move = split_case(ticket=ticket, messages=[ids()[1]], by=cast.juan, kind="reclamo")
    filing = Filing.objects.get()
    assert (filing.ticket_id, filing.received_at) == (move.other_id, now[0] - timedelta(hours=1))

    undo_split(move, by=cast.juan)

    assert [row.ticket_id for row in search(cast.bank, filing.radicado, now=now[0])] == [ticket.pk]
    assert fresh(ticket).radicado == filing.radicado


def test_what_is_left_begins_with_its_own_first_message(cast, now, ticket):
    split_case(ticket=ticket, messages=[ids()[0]], by=cast.juan)

    kept = fresh(ticket)
    assert kept.opened_at == kept.unanswered_since == now[0] - timedelta(hours=1)
    assert the(kept, "first_response").started_at == kept.opened_at
    assert kept.unanswered_count == 2
    assert recount(cast.bank.pk) == {}


def test_the_thread_goes_on_where_its_newest_words_are(cast, now, ticket):
    middle, last = ids()[1], ids()[2]

    split_case(ticket=ticket, messages=[middle], by=cast.juan)
    assert Conversation.objects.get().current_ticket_id == ticket.pk

    move = split_case(ticket=ticket, messages=[last], by=cast.juan)
    assert Conversation.objects.get().current_ticket_id == move.other_id


def test_both_cases_can_be_answered_each_under_its_own_words(cast, now, ticket):
    middle = Message.objects.get(pk=ids()[1])
    move = split_case(ticket=ticket, messages=[middle.pk], by=cast.juan)

    target = targets_of(fresh(move.other), now=now[0])["public"]
    assert target.target_id == middle.external_id
    answer = reply(fresh(move.other), by=cast.juan, text="Ya abre.", mode="public", client_token="s")[0]
    assert answer.ticket_id == move.other_id
    assert targets_of(fresh(ticket), now=now[0])["public"].target_id == str(int(ROOT) + 2)


def test_undoing_restores_the_same_rows(cast, now, ticket):
    reply(fresh(ticket), by=cast.juan, text="Diana, de ocho a ocho.", mode="public", client_token="a")
    before = rows()

    move = split_case(ticket=ticket, messages=ids()[1:], by=cast.juan)
    undo_split(move, by=cast.paola)

    after = rows()
    gone = [row for row in after["tickets_ticket"] if row["id"] == move.other_id]
    assert [(row["state"], row["joined_into_id"]) for row in gone] == [("joined", ticket.pk)]
    after["tickets_ticket"] = [row for row in after["tickets_ticket"] if row["id"] != move.other_id]
    after["tickets_clock"] = [row for row in after["tickets_clock"] if row["ticket_id"] != move.other_id]
    assert after == before
    assert recount(cast.bank.pk) == {}


def test_the_number_of_an_undone_split_finds_the_case_it_came_from(cast, now, ticket):
    move = split_case(ticket=ticket, messages=[ids()[1]], by=cast.juan)
    number = str(fresh(move.other).number)
    undo_split(move, by=cast.juan)

    assert [row.ticket_id for row in search(cast.bank, number, now=now[0])] == [ticket.pk]


def test_undoing_is_refused_once_the_new_case_was_worked_on(cast, now, ticket):
    move = split_case(ticket=ticket, messages=[ids()[1]], by=cast.juan)
    typify(fresh(move.other))
    casework.resolve(fresh(move.other), by=cast.juan)

    with pytest.raises(Refused) as refused:
        undo_split(move, by=cast.juan)

    assert refused.value.code == "since_state"


@pytest.mark.parametrize(
    ("choose", "code"),
    [
        (lambda all_: [], "split_nothing"),
        (lambda all_: all_, "split_all"),
        (lambda all_: [all_[0], 10**9], "split_gone"),
    ],
)
def test_something_must_go_and_something_must_stay(cast, ticket, choose, code):
    with pytest.raises(Refused) as refused:
        split_case(ticket=ticket, messages=choose(ids()), by=cast.juan)

    assert refused.value.code == code
    assert Ticket.objects.count() == 1


def test_messages_of_another_case_are_not_taken_along(cast, now, ticket):
    hear(cast, messenger("otra cosa", number=5, at=now[0]), account=cast.bank_page)
    foreign = Message.objects.get(external_id="m_5")

    with pytest.raises(Refused) as refused:
        split_case(ticket=ticket, messages=[foreign.pk], by=cast.juan)

    assert refused.value.code == "split_gone"
