"""Sent, retried, held and failed, each by its real cause: the sandbox over HTTP, with its bad days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from channels_social.domain.accounts import connect_account
from channels_social.models import OutboundAction, SocialAccount
from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from helpdesk.ui.dates import hour_words
from tests.tickets.replies.conftest import CARO, House
from tickets.cases.models import Message, Ticket
from tickets.clocks.models import Clock
from tickets.console.queries.messages import messages_by_id
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


def test_nothing_leaves_in_the_name_of_an_organization_that_is_closed(house: House):
    house.answer(house.mention())
    house.cast.bank.closed_at = clock.now()
    house.cast.bank.save()
    assert house.carry() == []

    house.cast.bank.closed_at = None
    house.cast.bank.save()
    assert house.carry() == ["sent"]


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
    with tenant(house.cast.bank.pk):
        (item,) = messages_by_id(house.cast.bank, [diana.pk])
    assert item.state_label == f"Se reintenta a las {hour_words(action.not_before)}"
    assert item.failure == "La red pide esperar."
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
