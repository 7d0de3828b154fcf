"""Public posts are looked at again: what X shows no more, or shows in other words, is so here too, and is paid for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from channels_social.domain import polling
from channels_social.domain.budgets import set_budget
from channels_social.domain.rereading import EVERY, reread_one
from channels_social.models import CreditSpend, InboundEvent, PollCursor
from helpdesk import clock, push
from helpdesk.tenancy.context import tenant
from tests.cast import Cast
from tests.channels_social.conftest import Sandbox
from tests.channels_social.test_polling import AsWorker, fresh, only
from tickets.cases.models import Message, MessageVersion
from tickets.intake.domain import take_in


@pytest.fixture(autouse=True)
def _own_keys(settings: Any) -> Any:
    settings.INSTANCE = "tests"
    yield
    for key in push.client().scan_iter("cf:tests:*"):
        push.client().delete(key)


class Again:
    """The bank's account on X, whose posts are read and looked at again when told so."""

    def __init__(self, cast: Cast, sandbox: Sandbox, as_worker: AsWorker) -> None:
        self.cast, self.sandbox, self.as_worker = cast, sandbox, as_worker
        self.look()  # begins with what comes from now on

    def say(self, text: str) -> str:
        said = self.sandbox.post("/x/posts", as_="dianamrojas", text=f"@FrailejonAyuda {text}", notify=False)
        return str(said["id"])

    def hear(self) -> None:
        """Poll and take in."""
        only(self.cast, self.cast.bank_x, "mentions")
        with self.as_worker():
            (claim,) = polling.claim_due(10)
            polling.poll_one(claim)
        self.take_in()

    def take_in(self) -> None:
        with self.as_worker():
            take_in(self.cast.bank.pk)

    def older(self, by: timedelta) -> None:
        """Time passes for what was received."""
        with tenant(self.cast.bank.pk):
            for event in InboundEvent.objects.all():
                InboundEvent.objects.filter(pk=event.pk).update(received_at=event.received_at - by)

    def look(self) -> int:
        self.stream = only(self.cast, self.cast.bank_x, "again")
        with self.as_worker():
            (claim,) = polling.claim_due(10)
            assert claim.kind == "again"
            found = reread_one(claim)
        self.take_in()
        return found

    def message(self, number: str) -> Message:
        with tenant(self.cast.bank.pk):
            return Message.objects.get(external_id=number)


@pytest.fixture
def again(cast: Cast, sandbox: Sandbox, as_worker: AsWorker) -> Again:
    return Again(cast, sandbox, as_worker)


def test_deleted_post_is_deleted_here(again: Again) -> None:
    gone, kept = again.say("me cobraron dos veces"), again.say("sigo esperando la respuesta")
    again.hear()
    again.sandbox.call("DELETE", f"/x/posts/{gone}", notify=False)
    assert again.look() == 0  # not an hour old
    again.older(timedelta(minutes=75))

    assert again.look() == 1

    assert again.message(gone).deleted_at is not None
    assert again.message(gone).text == ""
    assert "sigo esperando" in again.message(kept).text
    assert again.look() == 0  # once is enough, until tomorrow


def test_edited_post_has_its_newest_words_and_keeps_the_old_ones(again: Again) -> None:
    number = again.say("me cobraron 20.000")
    again.hear()
    again.sandbox.call(
        "PATCH", f"/x/posts/{number}", text="@FrailejonAyuda me cobraron 200.000", notify=False
    )
    again.older(timedelta(minutes=75))

    assert again.look() == 1

    message = again.message(number)
    assert "200.000" in message.text
    with tenant(again.cast.bank.pk):
        assert any("cobraron 20.000" in one.text for one in MessageVersion.objects.filter(message=message))


def test_post_is_looked_at_a_day_later_once_more_and_then_left_alone(again: Again) -> None:
    number = again.say("¿a qué hora abren?")
    again.hear()
    again.older(timedelta(minutes=75))
    assert again.look() == 0
    again.sandbox.call("DELETE", f"/x/posts/{number}", notify=False)
    assert again.look() == 0
    again.older(timedelta(hours=22))
    assert again.look() == 1
    assert again.message(number).deleted_at is not None


def test_what_is_only_hidden_from_us_stays(again: Again) -> None:
    number = again.say("los voy a bloquear")
    again.hear()
    again.older(timedelta(minutes=75))
    again.sandbox.call("PATCH", "/x/users/dianamrojas", protected=True)
    assert again.look() == 0
    assert again.message(number).deleted_at is None


def test_what_was_there_before_is_not_looked_at(cast: Cast, sandbox: Sandbox, as_worker: AsWorker) -> None:
    again = Again.__new__(Again)
    again.cast, again.sandbox, again.as_worker = cast, sandbox, as_worker
    number = again.say("hola, me clonaron la tarjeta")
    again.hear()
    again.older(timedelta(minutes=75))
    again.look()
    sandbox.call("DELETE", f"/x/posts/{number}", notify=False)
    assert again.look() == 0
    assert again.message(number).deleted_at is None


def test_it_is_the_first_that_a_short_budget_stops(again: Again) -> None:
    number = again.say("me cobraron dos veces")
    again.hear()
    again.sandbox.call("DELETE", f"/x/posts/{number}", notify=False)
    again.older(timedelta(minutes=75))
    with tenant(again.cast.bank.pk):
        set_budget(again.cast.bank_x, 0, actor_id=None)

    assert again.look() == 0

    assert again.message(number).deleted_at is None
    assert fresh(again.stream).next_poll_at > clock.now() + timedelta(seconds=30)
    with tenant(again.cast.bank.pk):
        set_budget(again.cast.bank_x, None, actor_id=None)
    assert again.look() == 1


def test_reading_again_is_written_down_as_the_network_counts_it(again: Again) -> None:
    again.say("me cobraron dos veces")
    again.say("sigo esperando")
    again.hear()
    again.older(timedelta(minutes=75))
    again.look()
    with tenant(again.cast.bank.pk):
        ours = {one.kind: (one.count, one.micros) for one in CreditSpend.objects.all()}
    theirs = {
        row["kind"]: (row["units"], round(row["usd"] * 1e6))
        for row in again.sandbox.call("GET", "/ledger")["lines"]
        if row["account"] == again.cast.bank_x.external_id and not row["kind"].startswith("event_")
    }
    assert ours == theirs


def test_trouble_puts_it_off_and_never_pauses_the_account(again: Again) -> None:
    again.say("me cobraron dos veces")
    again.hear()
    again.older(timedelta(minutes=75))
    again.sandbox.fault("x", "rate_limited", seconds=300)
    before = fresh(again.stream).cursor
    again.look()
    after = fresh(again.stream)
    assert (after.failures, after.cursor, after.lease_until) == (1, before, None)
    assert after.next_poll_at > clock.now() + timedelta(seconds=200)
    assert fresh(again.cast.bank_x).is_live


def test_stranger_is_not_looked_at(again: Again) -> None:
    with tenant(again.cast.airline.pk):
        theirs = PollCursor.objects.get(account=again.cast.airline_x, stream="again")
        assert theirs.cursor == ""
    again.say("me cobraron dos veces")
    again.hear()
    again.older(timedelta(minutes=75))
    again.look()
    assert fresh(theirs).cursor == ""
    assert timedelta(0) < fresh(again.stream).next_poll_at - clock.now() < 2 * EVERY
