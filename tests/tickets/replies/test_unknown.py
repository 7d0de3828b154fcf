"""Nobody knows whether it left: read back, never sent again blindly; one public answer in the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from channels_social.domain.delivery import claim_next, deliver
from channels_social.models import OutboundAction
from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.tickets.replies.conftest import DESK, House
from tests.tickets.together import worker
from tickets.cases.models import Message, Ticket
from tickets.clocks.models import Clock
from tickets.console.message import message_html
from tickets.console.queries.messages import messages_by_id
from tickets.replies.domain.outbox import change_action

ONCE = {"match": "POST /x/2/tweets", "count": 1}
SIGNED = "Diana, lo revisamos. ^JC"


def test_an_answer_whose_reply_was_lost_is_read_back_not_sent_again(house: House):
    house.sandbox.fault("x", "lost_response", **ONCE)
    message = house.answer(house.mention())

    assert house.carry() == ["unknown"]
    assert house.carry() == []
    with tenant(house.cast.bank.pk):
        assert Clock.objects.get(kind="first_response").met_at is None
    assert house.read_back() == ["sent"]

    assert house.said() == [SIGNED]
    assert house.message(message).external_id == house.action(message).external_id
    with tenant(house.cast.bank.pk):
        assert Clock.objects.get(kind="first_response").met_at is not None


def test_what_is_asked_while_nobody_knew_is_not_answered_by_it(house: House):
    """Found on the second look: it stands there since the attempt, and the question came after that."""
    ticket = house.mention()
    house.sandbox.fault("x", "lost_response", **ONCE)
    message = house.answer(ticket)
    house.carry()
    house.mention("@FrailejonAyuda ¿hola? sigo esperando")

    assert house.read_back() == ["sent"]

    action = house.action(message)
    assert action.sent_at == action.request_started_at
    with tenant(house.cast.bank.pk):
        after = Ticket.objects.get()
        assert after.first_sent_at == action.sent_at
        assert after.unanswered_count == 1
        assert after.unanswered_since > action.sent_at
        assert Clock.objects.get(kind="next_response").started_at == after.unanswered_since


def test_a_server_error_on_a_write_is_unknown_too(house: House):
    house.sandbox.fault("x", "server_error", **ONCE, status=502, body="html")
    message = house.answer(house.mention())

    assert house.carry() == ["unknown"]
    assert [*house.read_back(), *house.read_back()] == ["unknown", "queued"]
    assert house.carry() == ["sent"]

    assert house.said() == [SIGNED]
    assert house.state(message) == "sent"


def test_a_time_out_after_the_write_is_unknown(house: House, settings: Any):
    settings.NETWORK_TIMEOUT = (1, 0.4)
    house.sandbox.fault("x", "slow", seconds=0.8, **ONCE)
    message = house.answer(house.mention())

    assert house.carry() == ["unknown"]
    import time

    time.sleep(0.6)
    assert house.read_back() == ["sent"]
    assert house.said() == [SIGNED]
    assert house.state(message) == "sent"


def test_absent_twice_is_sent_once_more_and_stands_there_once(house: House):
    house.sandbox.fault("x", "lost_request", **ONCE)
    message = house.answer(house.mention())

    assert house.carry() == ["unknown"]
    assert house.read_back() == ["unknown"]
    assert house.carry() == []
    assert house.read_back() == ["queued"]
    assert house.carry() == ["sent"]

    assert house.said() == [SIGNED]
    assert house.action(message).requeued == 1


def test_two_reads_are_a_gap_apart(house: House, settings: Any):
    settings.OUTBOX_RECONCILE_GAP = 60
    house.sandbox.fault("x", "lost_request", **ONCE)
    message = house.answer(house.mention())
    house.carry()

    assert house.read_back() == []
    house.later()
    assert house.read_back() == ["unknown"]
    assert house.read_back() == []
    gap = house.action(message).lease_until - clock.now()
    assert timedelta(seconds=50) < gap < timedelta(seconds=61)


def test_a_read_that_failed_says_nothing(house: House):
    house.sandbox.fault("x", "lost_response", **ONCE)
    message = house.answer(house.mention())
    house.carry()
    house.sandbox.fault("x", "server_error", match="GET")

    assert [*house.read_back(), *house.read_back(), *house.read_back()] == ["unknown"] * 3
    assert house.action(message).absences == 0

    house.sandbox.call("DELETE", "/faults")
    assert house.read_back() == ["sent"]
    assert house.said() == [SIGNED]


def test_a_second_unknown_waits_for_a_person(house: House):
    house.sandbox.fault("x", "lost_request", match="POST /x/2/tweets", count=2)
    message = house.answer(house.mention())
    for _ in range(2):
        assert house.carry() == ["unknown"]
        house.read_back()
        house.read_back()

    action = house.action(message)
    assert (action.state, action.failure_code) == ("unknown", "unknown_twice")
    house.later()
    assert house.read_back() == []
    assert house.carry() == []
    assert house.said() == []

    with tenant(house.cast.bank.pk):
        assert change_action(house.message(message), to="settle_again", by=house.cast.paola)
    assert house.carry() == ["sent"]
    assert house.said() == [SIGNED]


def test_nobody_repeats_an_answer_while_its_network_is_being_asked(house: House):
    """The post is there and only its receipt was lost: «again» is neither offered nor obeyed, and no error is told."""
    house.sandbox.fault("x", "lost_response", match="POST /x/2/tweets", count=1)
    message = house.answer(house.mention())
    assert house.carry() == ["unknown"]

    with tenant(house.cast.bank.pk):
        (item,) = messages_by_id(house.cast.bank, [message.pk])
        assert not change_action(house.message(message), to="settle_again", by=house.cast.paola)
    assert "settle_again_url" not in item.actions
    assert item.failure == ""
    assert "Lo comprobamos con la red" in message_html(item)
    house.later()
    assert house.read_back() == ["sent"]
    assert house.said() == [SIGNED]


def test_a_person_may_say_that_it_did_leave(house: House):
    house.sandbox.fault("x", "lost_request", match="POST /x/2/tweets")
    message = house.answer(house.mention())
    house.carry()

    with tenant(house.cast.bank.pk):
        assert change_action(house.message(message), to="settle_sent", by=house.cast.paola)
        assert Clock.objects.get(kind="first_response").met_at is not None

    assert house.read_back() == []
    assert house.state(message) == "sent"


def test_duplicate_after_unknown_proves_that_it_was_sent(house: House):
    """Written, and hidden from both reads by a lag: X refuses the second attempt as a duplicate."""
    message = house.answer(house.mention())
    house.sandbox.fault("x", "lost_response", **ONCE)
    house.sandbox.fault("x", "read_lag", seconds=60)
    house.carry()
    assert [*house.read_back(), *house.read_back()] == ["unknown", "queued"]
    house.sandbox.call("PUT", "/faults", x={"read_lag": None})

    assert house.carry() == ["sent"]

    assert house.said() == [SIGNED]
    assert house.message(message).external_id == house.action(message).external_id != ""


def test_a_restart_with_an_answer_on_its_way_reads_it_back(house: House):
    """The lease of a worker that died after its request began: unknown, never queued."""
    message = house.answer(house.mention())
    with worker():
        assert claim_next() is not None
    with tenant(house.cast.bank.pk):
        OutboundAction.objects.update(request_started_at=clock.now())
    house.later()

    assert house.sweep() == 1

    assert house.state(message) == "unknown"
    assert house.message(message).send_state == "unknown"
    assert house.carry() == []


def test_a_restart_before_the_request_queues_it_again(house: House):
    message = house.answer(house.mention())
    with worker():
        assert claim_next() is not None
    assert house.sweep() == 0
    house.later()

    assert house.sweep() == 1

    assert house.state(message) == "queued"
    assert house.carry() == ["sent"]
    assert house.said() == [SIGNED]


def test_a_worker_that_lost_its_lease_before_the_request_sends_nothing(house: House):
    """Stalled between claim and request until another worker had sent it."""
    message = house.answer(house.mention())
    with worker():
        stalled = claim_next()
    house.later()
    house.sweep()
    assert house.carry() == ["sent"]

    with worker():
        assert deliver(stalled, DESK) == "sent"

    assert house.said() == [SIGNED]
    assert house.action(message).attempts == 2


def test_the_same_when_nobody_has_claimed_it_since(house: House):
    message = house.answer(house.mention())
    with worker():
        stalled = claim_next()
    house.later()
    house.sweep()

    with worker():
        assert deliver(stalled, DESK) == "queued"

    assert house.said() == []
    assert house.state(message) == "queued"


@pytest.mark.parametrize("meanwhile", ["unknown", "queued", "retrying", "failed"])
def test_a_late_receipt_wins(house: House, meanwhile: str, monkeypatch: pytest.MonkeyPatch):
    message = house.answer(house.mention())
    from channels_social.domain import delivery

    send = delivery._send

    def slowly(client: Any, action: OutboundAction, *more: Any) -> Any:
        outcome = send(client, action, *more)
        with tenant(action.organization_id):
            OutboundAction.objects.filter(pk=action.pk).update(state=meanwhile)
        return outcome

    monkeypatch.setattr(delivery, "_send", slowly)
    with worker():
        assert deliver(claim_next(), DESK) == "sent"

    assert house.action(message).external_id
    assert house.message(message).send_state == "sent"


def test_an_echo_that_is_faster_than_the_answer_proves_it(house: House):
    """The timeline shows our words while the outbox knows nothing yet: one message, sent, its clock met."""
    house.sandbox.fault("x", "lost_response", **ONCE)
    message = house.answer(house.mention(), "Mire https://frailejon.example/ayuda &amp; dígame")
    house.carry()

    house.hear(house.cast.bank_x, "timeline")

    assert house.state(message) == "sent"
    assert house.message(message).external_id == house.action(message).external_id
    with tenant(house.cast.bank.pk):
        assert Message.objects.filter(direction="out").count() == 1
        assert Clock.objects.get(kind="first_response").met_at is not None
        assert house.message(message).conversation.last_sent_at is not None
        assert AuditEvent.objects.filter(action="reply.sent").count() == 1
    assert house.read_back() == []


def test_the_same_words_twice_are_two_messages(house: House):
    """The second one is lost: what is read back is the first, and proves nothing."""
    ticket = house.mention()
    first = house.answer(ticket, "Sí.", mode="private")
    assert house.carry() == ["sent"]
    house.sandbox.fault("x", "lost_request", match="POST /x/2/dm", count=1)
    second = house.answer(ticket, "Sí.", mode="private")
    assert house.carry() == ["unknown"]

    assert [*house.read_back(), *house.read_back()] == ["unknown", "queued"]
    assert house.carry() == ["sent"]

    assert house.action(first).external_id != house.action(second).external_id
    assert len(house.sandbox.call("GET", "/dms?sender=frailejon&source=api")["dms"]) == 2
