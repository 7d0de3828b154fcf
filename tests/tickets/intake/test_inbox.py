"""The inbox: claimed by one, taken in whole; poison put aside with its reason, unknown kinds counted."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from django.db import connection

from channels_social.models import InboundEvent, Inbox
from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.cast import Cast
from tests.tickets.intake.bodies import AIRLINE, deliver, fb_comment, x_post
from tickets.cases.models import Message, Ticket
from tickets.intake import domain, inbox
from tickets.intake.domain import take_in_all
from tickets.intake.inbox import claim_inbox, release_inbox, replay


def states(cast: Cast) -> dict[str, int]:
    with tenant(cast.bank.pk):
        return dict(Counter(InboundEvent.objects.values_list("state", flat=True)))


def texts(cast: Cast) -> list[str]:
    with tenant(cast.bank.pk):
        return list(Message.objects.order_by("occurred_at").values_list("text", flat=True))


def too_long_for_its_column(minute: float) -> dict[str, Any]:
    """A post that parses, and that only the database refuses: its thread's key is too wide."""
    return x_post("veneno", minute, thread="9" * 300)


def test_oldest_organization_is_claimed_first_and_by_one_only(cast, as_worker):
    with as_worker():
        deliver(x_post("@AlisiosAyuda hola", 1, to=AIRLINE), x_post("@FrailejonAyuda hola", 0))

        assert [claim_inbox(), claim_inbox(), claim_inbox()] == [cast.airline.pk, cast.bank.pk, None]

        release_inbox(cast.bank.pk)
        assert claim_inbox() == cast.bank.pk


def test_lease_that_expired_is_taken_over_and_not_given_back_by_its_former_owner(
    cast, as_worker, monkeypatch
):
    with as_worker():
        deliver(x_post("@FrailejonAyuda hola", 0))
        assert claim_inbox() == cast.bank.pk
        Inbox.objects.filter(organization=cast.bank).update(lease_until=clock.now() - timedelta(hours=1))
        former, other = inbox.OWNER, "another worker"
        monkeypatch.setattr(inbox, "OWNER", other)
        assert claim_inbox() == cast.bank.pk
        monkeypatch.setattr(inbox, "OWNER", former)
        release_inbox(cast.bank.pk)

        assert Inbox.objects.get(organization=cast.bank).lease_owner == other
        assert claim_inbox() is None


def test_empty_inbox_is_not_claimed(cast, as_worker):
    with as_worker():
        assert claim_inbox() is None


def test_a_poison_entry_stands_alone_in_quarantine_and_the_rest_comes_in(cast, hear):
    good = [x_post(f"@FrailejonAyuda mensaje {n}", n) for n in range(9)]

    (turn,) = hear(*good[:4], too_long_for_its_column(4.5), *good[4:])

    assert turn.quarantined == 1
    assert states(cast) == {"done": 9, "quarantined": 1}
    assert len(texts(cast)) == 9
    with tenant(cast.bank.pk):
        event = InboundEvent.objects.get(state="quarantined")
        assert event.reason == "StringDataRightTruncation"
        assert event.taken_at is not None


def test_the_reason_of_poison_says_what_and_where_but_no_words(cast, hear):
    body = fb_comment("add", 0, number="500_1", text="mi vida privada")
    body["entry"][0]["changes"][0]["value"].pop("created_time")
    body["entry"][0].pop("time")

    hear(body)

    with tenant(cast.bank.pk):
        event = InboundEvent.objects.get(state="quarantined")
    assert event.reason == "ValueError: nobody says when it was written"


def test_poison_can_be_replayed_once_its_cause_is_gone(cast, hear, as_worker, monkeypatch):
    refused = domain.decide
    monkeypatch.setattr(domain, "decide", lambda *a: (_ for _ in ()).throw(RuntimeError("not today")))
    hear(x_post("@FrailejonAyuda hola", 0))
    assert states(cast) == {"quarantined": 1}
    monkeypatch.setattr(domain, "decide", refused)

    with tenant(cast.bank.pk):
        event = InboundEvent.objects.get()
        assert event.reason == "RuntimeError"
        assert replay(cast.bank.pk, event.pk)
        assert not replay(cast.bank.pk, event.pk)
    hear()

    assert states(cast) == {"done": 1}
    assert texts(cast) == ["@FrailejonAyuda hola"]


def test_another_organization_cannot_replay_mine(cast, hear):
    hear(too_long_for_its_column(0))
    with tenant(cast.bank.pk):
        event = InboundEvent.objects.get()

    with tenant(cast.airline.pk):
        assert not replay(cast.bank.pk, event.pk)


def test_unknown_kinds_are_stored_counted_and_ignored(cast, hear):
    strange = {
        "data": {"event_uuid": "1", "filter": {"user_id": "1800000000000000001"}, "event_type": "post.sings"}
    }

    (turn,) = hear(strange, x_post("@FrailejonAyuda hola", 0))

    assert turn.events == 2
    assert states(cast) == {"ignored": 1, "done": 1}


def test_small_turns_take_everything_in(cast, hear):
    turns = hear(*(x_post(f"@FrailejonAyuda mensaje {n}", n) for n in range(7)), limit=3)

    assert [turn.events for turn in turns] == [3, 3, 1]
    assert len(texts(cast)) == 7


def test_a_turn_says_what_the_consoles_should_hear_of(cast, hear):
    (turn,) = hear(x_post("@FrailejonAyuda me cobraron dos veces", 0))

    with tenant(cast.bank.pk):
        ticket = Ticket.objects.get()
        assert turn.tickets == {ticket.pk}
        assert turn.messages == [(ticket.pk, Message.objects.get().pk)]


def test_nothing_comes_in_for_an_account_that_nobody_connected(cast, as_worker):
    with as_worker():
        assert deliver(x_post("@otra hola", 0, to="42")) == 0
        assert take_in_all(lambda turn: None) == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM channels_social_unknowndelivery")
        assert cursor.fetchone() == (1,)
