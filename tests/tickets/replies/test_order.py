"""What leaves first, and what waits: threads, quick answers, accounts, lanes."""

from __future__ import annotations

from channels_social.domain.delivery import claim_next, deliver
from channels_social.networks.base import Receipt
from helpdesk.tenancy.context import tenant
from tests.tickets.replies.conftest import CARO, DESK, DIANA, House
from tests.tickets.together import together, worker
from tickets.cases.models import Message, Ticket
from tickets.replies.domain.outbox import change_action, parts_of
from tickets.replies.sentences import sentence

ONCE = {"match": "POST /x/2/tweets", "count": 1}
SIGNED = "Diana, lo revisamos. ^JC"


def test_parts_of_a_thread_leave_in_order_each_hanging_from_the_last(house: House):
    messages = house.answers(house.mention(), "una palabra y otra más, " * 30, in_thread=True)

    assert house.carry() == ["sent"] * 3

    posts = {p["id"]: p for p in house.sandbox.call("GET", "/posts?author=frailejon&source=api")["posts"]}
    actions = [house.action(message) for message in messages]
    assert [posts[a.external_id]["reply_to"] for a in actions[1:]] == [a.external_id for a in actions[:-1]]


def test_part_two_waits_for_part_one(house: House):
    house.sandbox.fault("x", "lost_response", **ONCE)
    messages = house.answers(house.mention(), "una palabra y otra más, " * 20, in_thread=True)

    assert house.carry() == ["unknown"]
    assert house.carry() == []
    assert house.state(messages[1]) == "queued"
    house.read_back()
    assert house.carry() == ["sent"]


def test_part_two_fails_when_part_one_failed(house: House):
    house.sandbox.fault("x", "forbidden", **ONCE)
    messages = house.answers(house.mention(), "una palabra y otra más, " * 20, in_thread=True)

    assert house.carry() == ["failed", "failed"]

    assert house.action(messages[1]).failure_code == "part_failed"
    assert sentence("part_failed") != sentence("")
    assert house.said() == []


def test_half_a_thread_is_neither_sent_nor_tried_again(house: House):
    """Undoing any part undoes the answer; trying again tries what failed of it, in its order."""
    undone = house.answers(house.mention(), "una palabra y otra más, " * 20, in_thread=True)
    with tenant(house.cast.bank.pk):
        assert change_action(house.message(undone[1]), to="cancel", by=house.cast.juan)
        assert parts_of(house.message(undone[1])) == [part.pk for part in undone]
    assert [house.state(part) for part in undone] == ["cancelled"] * 2
    assert house.carry() == []

    house.sandbox.fault("x", "forbidden", **ONCE)
    tried = house.answers(house.newest(), "otra palabra y otra más, " * 20, in_thread=True)
    assert house.carry() == ["failed", "failed"]
    with tenant(house.cast.bank.pk):
        assert change_action(house.message(tried[0]), to="retry", by=house.cast.juan)
    assert house.carry() == ["sent", "sent"]


def test_quick_answers_of_one_conversation_leave_one_after_the_other(house: House):
    ticket = house.mention()
    first, second = house.answer(ticket, "Uno."), house.answer(ticket, "Dos.")
    with worker():
        claim = claim_next()
        assert claim.action_id == first.action_id
        assert claim_next() is None
        deliver(claim, DESK)
        assert claim_next().action_id == second.action_id


def test_one_send_in_flight_per_account(house: House):
    for n, who in enumerate((DIANA, CARO, "sebasgil_", "natabernal")):
        house.answer(house.mention(f"@FrailejonAyuda caso {n}", as_=who), f"Respuesta {n}.")

    claims = together(*[claim_next] * 4)

    assert sum(claim is not None for claim in claims) == 1
    with worker():
        deliver(next(claim for claim in claims if claim), DESK)
    together(*[house.carry] * 4)
    assert house.carry() == []
    assert sorted(house.said()) == [f"Respuesta {n}. ^JC" for n in range(4)]


def test_the_critical_lane_goes_first(house: House):
    slow = house.answer(house.mention("@FrailejonAyuda ¿a qué hora abren?"))
    ticket = house.mention("@FrailejonAyuda me están robando ahora mismo", as_=CARO)
    with tenant(house.cast.bank.pk):
        Ticket.objects.filter(pk=ticket.pk).update(priority="critical")
    urgent = house.answer(ticket, "Bloqueamos ya.")

    with worker():
        assert claim_next().action_id == urgent.action_id
    assert house.state(slow) == "queued"


def test_a_receipt_never_loses_to_a_delivery_of_somebody_else(house: House):
    """Two actions cannot end with one id: the second message keeps none, and nothing breaks."""
    ticket = house.mention()
    first, second = house.answer(ticket, "Uno."), house.answer(ticket, "Dos.")
    house.carry()
    action = house.action(second)
    with tenant(house.cast.bank.pk):
        taken = house.message(first).external_id
        Message.objects.filter(pk=second.pk).update(external_id=None)
        action.external_id = taken
        DESK.told(action, Receipt(taken))

    assert house.message(second).external_id is None
