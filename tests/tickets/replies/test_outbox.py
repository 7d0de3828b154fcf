"""The nine states, each reached by its real cause: the sandbox over HTTP, with its bad days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from channels_social.domain.accounts import connect_account
from channels_social.domain.delivery import claim_next, deliver
from channels_social.models import OutboundAction, SocialAccount
from channels_social.networks.base import Receipt
from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.tickets.replies.conftest import CARO, DESK, DIANA, House
from tests.tickets.together import together, worker
from tickets.cases.models import Message, Ticket
from tickets.clocks.models import Clock
from tickets.replies.domain.outbox import change_action
from tickets.replies.sentences import sentence

ONCE = {"match": "POST /x/2/tweets", "count": 1}
SIGNED = "Diana, lo revisamos. ^JC"


def reconnect(house: House, token: str = "sandbox-x-token-frailejon") -> None:
    with tenant(house.cast.bank.pk):
        connect_account(
            organization_id=house.cast.bank.pk, network="x", external_id=house.cast.bank_x.external_id,
            name="Banco", handle="FrailejonAyuda", credentials={"access_token": token},
        )  # fmt: skip


# --- queued → sending → sent


def test_a_signed_answer_reaches_the_network_and_counts_when_it_is_sent(house: House):
    ticket = house.mention()
    message = house.answer(ticket)
    with tenant(house.cast.bank.pk):
        assert Clock.objects.get(kind="first_response").met_at is None
        assert Ticket.objects.get().first_sent_at is None

    assert house.carry() == ["sent"]

    assert house.said() == [SIGNED]
    action, message = house.action(message), house.message(message)
    assert action.external_id == message.external_id
    assert message.send_state == "sent"
    with tenant(house.cast.bank.pk):
        after = Ticket.objects.get()
        assert after.first_sent_at == action.sent_at == Clock.objects.get(kind="first_response").met_at
        assert (after.state, after.unanswered_since) == ("open", None)
        assert AuditEvent.objects.filter(action="reply.sent").count() == 1


def test_our_own_answer_read_back_is_the_same_message(house: House):
    message = house.answer(house.mention())
    house.carry()

    house.hear(house.cast.bank_x, "timeline")

    with tenant(house.cast.bank.pk):
        assert Message.objects.filter(direction="out").count() == 1
        assert not house.message(message).is_native


def test_nothing_leaves_before_its_moment_and_undo_keeps_it_here(house: House):
    house.cast.bank.undo_seconds = 30
    house.cast.bank.save()
    message = house.answer(house.mention())
    assert house.carry() == []

    with tenant(house.cast.bank.pk):
        assert change_action(house.message(message), to="cancel", by=house.cast.juan)
    house.later()

    assert house.carry() == []
    assert house.state(message) == "cancelled"
    assert house.said() == []


def test_what_a_trainee_wrote_leaves_only_when_approved(house: House):
    message = house.answer(house.mention(), by=house.cast.andres)
    assert house.carry() == []

    with tenant(house.cast.bank.pk):
        change_action(house.message(message), to="approve", by=house.cast.paola)

    assert house.carry() == ["sent"]
    assert house.said() == ["Diana, lo revisamos. ^AT"]


# --- retrying


def test_429_waits_for_its_reset_with_the_whole_account(house: House):
    house.sandbox.fault("x", "rate_limited", seconds=300, match="POST /x/2/tweets", count=1)
    diana, caro = (
        house.answer(house.mention()),
        house.answer(house.mention("@FrailejonAyuda ¿y yo?", as_=CARO), "Caro."),
    )

    assert house.carry() == ["retrying"]

    action = house.action(diana)
    wait = action.not_before - clock.now()
    assert timedelta(seconds=290) < wait < timedelta(seconds=310)
    assert house.message(diana).send_state == "retrying"
    assert house.account(house.cast.bank_x).paused_until == action.not_before
    assert house.state(caro) == "queued"
    house.later()
    assert house.carry() == ["sent", "sent"]
    assert sorted(house.said()) == ["Caro. ^JC", SIGNED]


def test_unreachable_before_a_byte_left_is_tried_again(house: House, settings: Any):
    message = house.answer(house.mention())
    there, settings.X_API_URL = settings.X_API_URL, "http://127.0.0.1:9/x"

    assert house.carry() == ["retrying"]

    settings.X_API_URL = there
    house.later()
    assert house.carry() == ["sent"]
    assert house.action(message).attempts == 2
    assert house.said() == [SIGNED]


def test_retries_wait_longer_each_time(house: House, settings: Any):
    message = house.answer(house.mention())
    settings.X_API_URL = "http://127.0.0.1:9/x"
    waits = []
    for _ in range(7):
        house.carry()
        waits.append((house.action(message).not_before - clock.now()).total_seconds())
        house.later()

    assert [round(wait / 30) for wait in waits[:4]] == [1, 2, 4, 8]
    assert max(waits) < 905


# --- held


def test_two_refusals_pause_this_account_only_and_reconnecting_releases_it(house: House):
    house.sandbox.fault("x", "revoked", account=house.cast.bank_x.external_id, match="POST")
    mine = house.answer(house.mention())
    later = house.answer(house.mention("@FrailejonAyuda ¿y yo?", as_=CARO), "Caro.")
    theirs = answer_of_the_airline(house)

    house.carry()
    house.later()
    house.carry()

    assert house.account(house.cast.bank_x).state == "needs_reauth"
    assert house.account(house.cast.airline_x).state == "live"
    assert house.state(mine) == house.state(later) == "held"
    assert theirs() == "sent"
    house.later()
    assert house.carry() == []
    with tenant(house.cast.bank.pk):
        assert AuditEvent.objects.filter(action="account.paused").count() == 1

    house.sandbox.call("DELETE", "/faults")
    reconnect(house)

    assert house.carry() == ["sent", "sent"]
    assert sorted(house.said()) == ["Caro. ^JC", SIGNED]


def answer_of_the_airline(house: House) -> Any:
    house.sandbox.post("/x/posts", as_="begonaruiz", text="@AlisiosAyuda perdieron mi maleta")
    house.hear(house.cast.airline_x, "mentions")
    from tickets.replies.domain.reply import reply

    with tenant(house.cast.airline.pk):
        ticket = Ticket.objects.select_related("organization").get()
        (message,) = reply(ticket, by=house.cast.carla, text="La buscamos.", mode="public", client_token="a")

    def state() -> str:
        with tenant(house.cast.airline.pk):
            return OutboundAction.objects.get(pk=message.action_id).state

    return state


def test_one_refusal_is_the_networks_own_trouble(house: House):
    house.sandbox.fault("x", "revoked", **ONCE)
    message = house.answer(house.mention())

    assert house.carry() == ["retrying"]
    house.later()
    assert house.carry() == ["sent"]

    assert house.account(house.cast.bank_x).refusals == 0
    assert house.state(message) == "sent"


def test_a_dead_access_token_is_renewed_and_the_answer_leaves_at_once(house: House):
    with tenant(house.cast.bank.pk):
        connect_account(
            organization_id=house.cast.bank.pk, network="x", external_id=house.cast.bank_x.external_id, name="Banco",
            credentials={"access_token": "dead", "refresh_token": "sandbox-x-refresh-frailejon"},
        )  # fmt: skip
    ticket = house.mention()
    with tenant(house.cast.bank.pk):
        account = SocialAccount.objects.get(pk=house.cast.bank_x.pk)
        from channels_social.domain.accounts import credentials_of, seal

        account.credentials = seal(credentials_of(account) | {"access_token": "dead again"})
        account.save()
    house.answer(ticket)

    assert house.carry() == ["sent"]
    assert house.account(house.cast.bank_x).refusals == 0


def test_a_token_that_cannot_be_opened_asks_for_a_new_connection(house: House):
    message = house.answer(house.mention())
    with tenant(house.cast.bank.pk):
        SocialAccount.objects.filter(pk=house.cast.bank_x.pk).update(credentials=b"\x01" + bytes(60))

    assert house.carry() == ["retrying"]
    house.later()
    assert house.carry() == ["held"]

    assert house.account(house.cast.bank_x).state == "needs_reauth"
    reconnect(house)
    assert house.carry() == ["sent"]
    assert house.state(message) == "sent"


def test_no_credit_holds_everything_of_the_account(house: House):
    house.sandbox.fault("x", "credits_exhausted", match="POST")
    message = house.answer(house.mention())
    other = house.answer(house.mention("@FrailejonAyuda ¿y yo?", as_=CARO), "Caro.")

    assert house.carry() == ["held"]

    assert house.account(house.cast.bank_x).state == "out_of_credit"
    assert house.state(message) == house.state(other) == "held"


# --- failed


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"detail": "Reply to this conversation is not allowed because you have not been mentioned or otherwise "
                    "engaged by the author of the post you are replying to."}, "not_mentioned"),
        ({"detail": "You have been blocked from the author of this tweet"}, "blocked"),
        ({"detail": "You are not allowed to create a Tweet with duplicate content."}, "duplicate"),
        ({"detail": "Something nobody has ever seen."}, "permission"),
    ],
)  # fmt: skip
def test_403_fails_for_good_with_its_sentence(house: House, fault: dict[str, str], code: str):
    house.sandbox.fault("x", "forbidden", **ONCE, **fault)
    message = house.answer(house.mention())

    assert house.carry() == ["failed"]

    action = house.action(message)
    assert (action.failure_code, action.failure_detail) == (code, fault["detail"])
    assert sentence(code) != sentence("")
    assert house.message(message).send_state == "failed"
    house.later()
    assert house.carry() == []
    with tenant(house.cast.bank.pk):
        assert Clock.objects.get(kind="first_response").met_at is None


def test_what_we_answer_has_gone_meanwhile(house: House):
    ticket = house.mention()
    message = house.answer(ticket)
    house.sandbox.call("DELETE", f"/x/posts/{house.action(message).target_id}")

    assert house.carry() == ["failed"]

    assert house.action(message).failure_code == "gone"


def test_a_failed_answer_can_be_sent_again_by_a_person(house: House):
    house.sandbox.fault("x", "forbidden", **ONCE)
    message = house.answer(house.mention())
    house.carry()

    with tenant(house.cast.bank.pk):
        assert change_action(house.message(message), to="retry", by=house.cast.juan)

    assert house.carry() == ["sent"]
    assert house.action(message).failure_code == ""


# --- unknown


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

    def slowly(client: Any, action: OutboundAction) -> Any:
        outcome = send(client, action)
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


# --- order


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
