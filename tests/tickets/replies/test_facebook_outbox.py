"""The outbox on Facebook: comments, Messenger and its windows, the one private reply to a comment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels_social.models import OutboundAction, SocialAccount
from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.tickets.replies.conftest import House
from tickets.cases.models import Conversation, Message, Ticket
from tickets.console.composer import composer_for
from tickets.console.message import message_html
from tickets.console.queries.messages import messages_by_id
from tickets.replies.domain.reply import Refused
from tickets.replies.domain.targets import targets_of

DIANA_FB = "Diana Marcela Rojas"
ONCE = {"match": "POST /graph", "count": 1}


def comments(house: House) -> list[str]:
    return [
        c["message"] for c in house.sandbox.call("GET", "/comments?page=frailejon&source=api")["comments"]
    ]


def messages(house: House) -> list[str]:
    found = house.sandbox.call("GET", "/messages?page=frailejon&from_page=1&source=api")["messages"]
    return [message["text"] for message in reversed(found)]


def age(house: House, **by: int) -> None:
    """The customer's last words were said this long before."""
    with tenant(house.cast.bank.pk):
        for thread in Conversation.objects.all():
            Conversation.objects.filter(pk=thread.pk).update(last_customer_at=clock.now() - timedelta(**by))


def test_a_comment_is_answered_below_it(house: House):
    message = house.answer(house.comment())

    assert house.carry() == ["sent"]
    assert comments(house) == ["Diana, lo revisamos. ^JC"]

    house.hear(house.cast.bank_page, "feed")
    with tenant(house.cast.bank.pk):
        assert Message.objects.filter(direction="out").count() == 1
    assert house.message(message).external_id == house.action(message).external_id


@pytest.mark.parametrize(("asks", "label"), [("comment", "Messenger"), ("mention", "Mensaje directo")])
def test_a_private_answer_to_public_words_says_where_it_is_read(house: House, asks: str, label: str):
    message = house.answer(getattr(house, asks)(), mode="private")

    with tenant(house.cast.bank.pk):
        (item,) = messages_by_id(house.cast.bank, [message.pk])

    assert f"</i>{label}</span>" in message_html(item)


def test_a_lost_comment_is_read_back(house: House):
    message = house.answer(house.comment())
    house.sandbox.fault("facebook", "lost_response", **ONCE)

    assert house.carry() == ["unknown"]
    assert house.read_back() == ["sent"]

    assert comments(house) == ["Diana, lo revisamos. ^JC"]
    assert house.message(message).external_id == house.action(message).external_id


def test_a_comment_that_never_arrived_is_sent_once_more(house: House):
    house.answer(house.comment())
    house.sandbox.fault("facebook", "lost_request", **ONCE)

    assert house.carry() == ["unknown"]
    assert [*house.read_back(), *house.read_back()] == ["unknown", "queued"]
    assert house.carry() == ["sent"]

    assert comments(house) == ["Diana, lo revisamos. ^JC"]


def test_messenger_within_a_day_is_a_response(house: House):
    house.answer(house.write(), mode="private")

    assert house.carry() == ["sent"]

    assert messages(house) == ["Diana, lo revisamos. ^JC"]


def test_messenger_within_a_week_needs_a_human_agent(house: House):
    ticket = house.write()
    age(house, days=2)
    message = house.answer(ticket, mode="private")

    assert house.carry() == ["sent"]
    assert house.action(message).options["human_agent"] is True


def test_without_human_agent_a_day_is_all_there_is(house: House):
    ticket = house.write()
    age(house, days=2)
    with tenant(house.cast.bank.pk):
        SocialAccount.objects.filter(pk=house.cast.bank_page.pk).update(capabilities={"human_agent": False})

    with pytest.raises(Refused, match="window_closed"):
        house.answer(ticket, mode="private")


def test_a_private_reply_is_counted_as_messenger_counts(house: House):
    ticket = house.comment()
    with tenant(house.cast.bank.pk):
        targets = targets_of(ticket, now=clock.now())
        composer = composer_for(ticket, targets, house.cast.juan, house.cast.bank.slug)
    assert {one["key"]: one.get("limit") for one in composer.modes} == {
        "public": 8000, "private": 2000, "note": None,
    }  # fmt: skip


def test_after_a_private_reply_its_reason_is_told_and_the_next_comment_may_have_its_own(house: House):
    """The reply makes a thread in Messenger where the customer has said nothing yet."""
    house.answer(house.comment(), mode="private")
    assert house.carry() == ["sent"]

    with pytest.raises(Refused, match="private_reply_used"):
        house.answer(house.newest(), mode="private")

    again = house.answer(house.comment("sigo esperando"), "Diana, otra vez por aquí.", mode="private")
    assert house.carry() == ["sent"]
    assert house.action(again).kind == "private_reply"


def test_a_private_reply_that_waited_more_than_a_week_fails_without_a_request(house: House):
    message = house.answer(house.comment(), mode="private")
    with tenant(house.cast.bank.pk):
        Message.objects.filter(direction="in").update(occurred_at=clock.now() - timedelta(days=8))

    assert house.carry() == ["failed"]

    assert house.action(message).failure_code == "window_closed"
    assert house.action(message).request_started_at is None


def test_a_window_that_closed_while_the_answer_waited_fails_without_a_request(house: House):
    message = house.answer(house.write(), mode="private")
    age(house, days=8)

    assert house.carry() == ["failed"]

    action = house.action(message)
    assert action.failure_code == "window_closed"
    assert action.request_started_at is None
    assert messages(house) == []


def test_a_closed_window_is_refused_when_written(house: House):
    ticket = house.write()
    age(house, days=8)

    with pytest.raises(Refused, match="window_closed"):
        house.answer(ticket, mode="private")


def test_a_lost_message_is_found_by_its_own_words(house: House):
    message = house.answer(house.write(), mode="private")
    house.sandbox.fault("facebook", "lost_response", **ONCE)

    assert house.carry() == ["unknown"]
    assert house.read_back() == ["sent"]

    assert messages(house) == ["Diana, lo revisamos. ^JC"]
    assert house.state(message) == "sent"


def test_one_private_reply_ties_the_comment_to_the_person(house: House):
    ticket = house.comment()
    message = house.answer(ticket, mode="private")
    assert house.action(message).kind == "private_reply"

    with pytest.raises(Refused, match="private_reply_used"):
        house.answer(ticket, mode="private")
    assert house.carry() == ["sent"]
    assert messages(house) == ["Diana, lo revisamos. ^JC"]

    with tenant(house.cast.bank.pk):
        thread = Conversation.objects.get(kind="messenger")
        assert thread.current_ticket_id == ticket.pk
        assert thread.customer_id == ticket.customer_id


def test_a_private_reply_read_before_its_answer_came_is_one_message(house: House):
    """Polled meanwhile, without our token, it looks like somebody else's: then it is found to be ours."""
    message = house.answer(house.comment(), mode="private")
    house.sandbox.fault("facebook", "lost_response", **ONCE)
    assert house.carry() == ["unknown"]
    house.hear(house.cast.bank_page, "conversations")

    assert house.read_back() in (["sent"], [])

    assert house.state(message) == "sent"
    assert messages(house) == ["Diana, lo revisamos. ^JC"]
    with tenant(house.cast.bank.pk):
        assert Message.objects.filter(direction="out").count() == 1


def test_190_twice_holds_the_page_and_leaves_x_alone(house: House):
    house.sandbox.fault("facebook", "revoked", match="POST")
    mine = house.answer(house.comment())
    other = house.answer(house.mention(as_="caro_quintero"), "Caro.")

    house.carry()
    house.later()
    house.carry()

    assert house.account(house.cast.bank_page).state == "needs_reauth"
    assert house.state(mine) == "held"
    assert house.state(other) == "sent"


def test_limits_of_graph_wait(house: House):
    message = house.answer(house.comment())
    house.sandbox.fault("facebook", "rate_limited", seconds=120, **ONCE)

    assert house.carry() == ["retrying"]
    assert house.action(message).not_before > clock.now() + timedelta(seconds=30)

    house.later()
    assert house.carry() == ["sent"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"code": 10, "subcode": 2018278}, "window_closed"),
        ({"code": 551, "subcode": 1545041}, "person_unavailable"),
        ({"code": 200}, "permission"),
    ],
)
def test_refusals_of_messenger_fail_with_their_sentence(house: House, fault: dict[str, int], code: str):
    message = house.answer(house.write(), mode="private")
    house.sandbox.fault("facebook", "forbidden", **ONCE, **fault)

    assert house.carry() == ["failed"]

    assert house.action(message).failure_code == code


def test_a_comment_that_was_removed_cannot_be_answered(house: House):
    message = house.answer(house.comment())
    house.sandbox.call("DELETE", f"/facebook/comments/{house.action(message).target_id}")

    assert house.carry() == ["failed"]
    assert house.action(message).failure_code == "gone"


def test_what_is_read_and_delivered_is_written_on_the_answer(house: House):
    message = house.answer(house.write(), mode="private")
    house.carry()
    house.sandbox.catcher.caught.clear()
    house.sandbox.post("/facebook/signals", kind="read", as_=DIANA_FB, page="frailejon")
    from channels_social.domain.receiving import receive_entries
    from channels_social.networks import registry
    from tests.channels_social.conftest import body_of
    from tests.tickets.together import worker
    from tickets.intake.domain import take_in_all

    (delivery,) = house.sandbox.catcher.wait(1)
    with worker():
        receive_entries(registry.get("facebook").split(body_of(delivery)), network="facebook")
        take_in_all(lambda turn: None)

    assert house.action(message).read_at is not None


def test_a_case_answered_in_two_places_counts_once_each(house: House):
    ticket = house.comment()
    house.answer(ticket)
    house.answer(ticket, "Le escribimos en privado.", mode="private")

    assert house.carry() == ["sent", "sent"]

    with tenant(house.cast.bank.pk):
        assert Ticket.objects.get().unanswered_since is None
        assert OutboundAction.objects.filter(state="sent").count() == 2
