"""Posts that came without their conversation: hung where they belong once that is known, with all they have."""

from __future__ import annotations

from typing import Any

import pytest

from channels_social.models import InboundEvent, OutboundAction
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant, whole
from tests.tickets.intake.bodies import BANK, DIANA, WILMER, at, x_id, x_post
from tickets.cases.models import Conversation, Filing, Message, Ticket
from tickets.cases.moves import CaseMove
from tickets.clocks.models import Clock
from tickets.intake.domain import take_in_all
from tickets.intake.rehang import settle
from tickets.intake.rehang_write import Bare
from tickets.replies.domain import casework
from tickets.replies.domain.joining import undo_join
from tickets.replies.domain.reply import reply

ROOT, MIDDLE, LAST = x_id(0, "root"), x_id(3, "middle"), x_id(5, "last")
KEY = f"{ROOT}:{DIANA[0]}"
CLAIM = "me cobraron dos veces la cuota y nadie responde"


def bare(body: dict[str, Any]) -> dict[str, Any]:
    """As Account Activity tells it: without its conversation."""
    body["data"]["payload"].pop("conversation_id")
    return body


def root(**more: Any) -> dict[str, Any]:
    return x_post("@FrailejonAyuda no puedo entrar a mi cuenta", 0, number=ROOT, **more)


def last(text: str = CLAIM, *, minute: float = 5, parent: str = MIDDLE, **more: Any) -> dict[str, Any]:
    number = more.pop("number", LAST)
    return x_post(text, minute, number=number, thread=ROOT, answers=(parent, DIANA[0]), **more)


@pytest.fixture
def give_up(cast, as_worker):
    """Nobody could say where it hangs: what waits is taken in as it is."""

    def go() -> None:
        with as_worker():
            InboundEvent.objects.filter(state="waiting").update(
                state="pending", reason="provisional", needs=None
            )
            take_in_all(lambda turn: None)

    return go


def threads(cast) -> list[tuple[str, bool, int]]:
    with tenant(cast.bank.pk):
        return [
            (one.thread_key, one.is_provisional, Message.objects.filter(conversation=one).count())
            for one in Conversation.objects.order_by("thread_key")
        ]


def test_a_provisional_thread_takes_its_name_when_the_same_post_is_told_whole(cast, hear, give_up):
    hear(bare(last()))
    give_up()
    assert [one[1] for one in threads(cast)] == [True]
    (turn,) = hear(last())

    assert threads(cast) == [(KEY, False, 1)]
    with tenant(cast.bank.pk):
        ticket = Ticket.objects.get()
        assert turn.tickets == {ticket.pk}
        line = AuditEvent.objects.get(action="thread.rehung")
        assert (line.ticket_id, line.data["posts"]) == (ticket.pk, 1)
        assert Conversation.objects.get().root_external_id == ROOT


def test_it_goes_into_the_thread_that_is_there_and_the_two_cases_become_one(cast, hear, give_up):
    cast.bank.join_hours = 0
    cast.bank.save()
    hear(bare(last()))
    give_up()
    hear(root())
    assert len(threads(cast)) == 2
    with tenant(cast.bank.pk):
        first, second = Ticket.objects.order_by("opened_at")
    hear(last())

    assert threads(cast) == [(KEY, False, 2)]
    with tenant(cast.bank.pk):
        first.refresh_from_db()
        second.refresh_from_db()
        assert (second.state, second.joined_into_id) == ("joined", first.pk)
        assert set(Message.objects.values_list("ticket_id", flat=True)) == {first.pk}
        thread = Conversation.objects.get()
        assert (thread.current_ticket_id, thread.last_external_id) == (first.pk, LAST)
        assert thread.last_customer_at == at(5)
        assert first.unanswered_count == 2
        running = Clock.objects.filter(ticket=first, met_at=None, cancelled_at=None)
        assert sorted(running.values_list("kind", flat=True)) == ["first_response", "legal", "resolution"]
        assert CaseMove.objects.get().by_id is None
        radicados = set(Filing.objects.values_list("ticket_id", flat=True))
        assert radicados <= {first.pk}

        undo_join(CaseMove.objects.get(), by=cast.paola)
        second.refresh_from_db()
        assert second.is_open
        assert Message.objects.get(external_id=LAST).ticket_id == second.pk


def test_answers_on_their_way_go_with_the_thread(cast, hear, give_up):
    hear(bare(last()))
    give_up()
    with tenant(cast.bank.pk):
        (answer,) = reply(
            Ticket.objects.get(), by=cast.juan, text="Lo revisamos.", mode="public", client_token="t1"
        )
    hear(root(), last())

    with tenant(cast.bank.pk):
        answer.refresh_from_db()
        assert OutboundAction.objects.get().thread_key == KEY
        assert answer.conversation.thread_key == KEY
        assert answer.ticket_id == answer.conversation.current_ticket_id


def test_a_post_told_without_its_conversation_stands_where_the_one_it_answers_stands(cast, hear):
    hear(root())
    hear(bare(last(parent=ROOT)))

    assert threads(cast) == [(KEY, False, 2)]
    with tenant(cast.bank.pk):
        assert not InboundEvent.objects.filter(state="waiting").exists()


def test_what_hangs_from_a_provisional_post_goes_with_it(cast, hear, give_up):
    """Each answers the one before it, and only the first is ever told whole."""
    numbers = [x_id(minute, "chain") for minute in (5, 6, 7)]
    for place, number in reversed(list(enumerate(numbers))):
        parent = numbers[place - 1] if place else MIDDLE
        hear(bare(last(f"sigo esperando {place}", minute=5 + place, number=number, parent=parent)))
        give_up()
    assert len(threads(cast)) == 3
    hear(last("sigo esperando 0", minute=5, number=numbers[0]))

    assert threads(cast) == [(KEY, False, 3)]
    with tenant(cast.bank.pk):
        assert Ticket.objects.exclude(state="joined").count() == 1


def test_a_stranger_under_the_same_root_has_a_thread_of_their_own(cast, hear, give_up):
    hear(bare(last(by=WILMER)))
    give_up()
    hear(x_post("@FrailejonAyuda hola, no puedo entrar", 3, number=MIDDLE, thread=ROOT))

    assert threads(cast) == [(KEY, False, 1), (f"{ROOT}:{WILMER[0]}", False, 1)]


def test_courtesy_and_noise_said_apart_are_said_in_the_case(cast, hear, give_up):
    hear(bare(last("gracias")))
    give_up()
    with tenant(cast.bank.pk):
        assert Message.objects.get().ticket_id is None
    hear(root())
    hear(last("gracias"))

    with tenant(cast.bank.pk):
        ticket = Ticket.objects.get()
        assert Message.objects.get(external_id=LAST).ticket_id == ticket.pk
        assert ticket.unanswered_count == 1


def test_an_open_case_is_kept_when_that_of_the_root_is_resolved(cast, hear, give_up):
    cast.bank.join_hours = 0
    cast.bank.save()
    hear(bare(last()))
    give_up()
    hear(root())
    with tenant(cast.bank.pk):
        first, second = Ticket.objects.order_by("opened_at")
        Ticket.objects.filter(pk=first.pk).update(state="resolved", resolved_at=at(4))
        Clock.objects.filter(ticket=first).update(met_at=at(4))
    hear(last())

    with tenant(cast.bank.pk):
        second.refresh_from_db()
        assert second.is_open
        assert Conversation.objects.get().current_ticket_id == second.pk
        assert Ticket.objects.get(pk=first.pk).joined_into_id == second.pk


def test_a_reserved_case_stays_apart_and_nothing_is_lost(cast, hear, give_up):
    cast.bank.join_hours = 0
    cast.bank.save()
    hear(bare(last()))
    give_up()
    hear(root())
    with tenant(cast.bank.pk), whole():
        first, second = Ticket.objects.order_by("opened_at")
        Ticket.objects.filter(pk=first.pk).update(is_reserved=True)
    hear(last())

    with tenant(cast.bank.pk), whole():
        assert Conversation.objects.get().current_ticket_id == first.pk
        assert Message.objects.count() == 2
        assert Message.objects.get(external_id=LAST).ticket_id == second.pk
        assert Ticket.objects.filter(state="joined").count() == 0
        assert not casework.lock(first.pk).joined_into_id


def test_told_twice_changes_nothing_more(cast, hear, give_up):
    hear(bare(last()))
    give_up()
    hear(root(), last())
    with tenant(cast.bank.pk):
        before = list(Message.objects.order_by("pk").values_list("pk", "conversation_id", "ticket_id"))
        lines = AuditEvent.objects.count()
    hear(last(), root(), bare(last()))

    with tenant(cast.bank.pk):
        assert (
            list(Message.objects.order_by("pk").values_list("pk", "conversation_id", "ticket_id")) == before
        )
        assert AuditEvent.objects.count() == lines


def test_what_follows_is_found_whatever_the_order():
    chain = [Bare(n, words=[(f"p{n}", f"p{n - 1}")]) for n in range(1, 6)]

    assert {one.root for one in settle(list(reversed(chain)), {"p0": "r"})} == {"r"}
    assert settle([Bare(9, words=[("p9", "p8")])], {"p0": "r"}) == []


def test_our_own_answer_from_elsewhere_goes_to_the_thread_it_answers(cast, hear, give_up):
    hear(root())
    ours = x_post("Lo revisamos ^PM", 9, by=(BANK, "frailejonayuda"), thread=ROOT, answers=(ROOT, DIANA[0]))
    hear(bare(ours))

    assert threads(cast) == [(KEY, False, 2)]
    with tenant(cast.bank.pk):
        assert Ticket.objects.get().first_sent_at == at(9)
