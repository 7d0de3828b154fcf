"""Searches find what does not mention us, within what they may cost, and stop nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels_social.domain import polling
from channels_social.domain.budgets import Purse, purse_of, set_budget, tell_budget
from channels_social.domain.searching import switch_search
from channels_social.enums import Use
from channels_social.models import CreditSpend, Finding, PollCursor, SavedSearch
from channels_social.networks.x.ids import id_at
from channels_social.networks.x.searching import OLDEST, since_of
from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.tickets.listening.conftest import Ear
from tests.tickets.together import worker
from tickets.cases.models import Message, Ticket


def test_a_post_without_a_mention_is_found_and_is_no_case(ear: Ear):
    number = ear.say("ayer en frailejon me trataron mal")

    assert ear.listen() == 1

    finding = ear.one()
    assert (finding.external_id, finding.author_handle, finding.state) == (number, "dianamrojas", "new")
    with tenant(ear.cast.bank.pk):
        assert not Ticket.objects.exists()
        assert not Message.objects.exists()


def test_the_same_post_is_found_once(ear: Ear):
    ear.say()

    assert (ear.listen(), ear.listen()) == (1, 0)
    assert len(ear.found()) == 1


def test_excluded_words_own_posts_and_mentions_are_not_found(ear: Ear):
    ear.say("frailejon florece en el páramo")
    ear.say("frailejon abre hoy", as_="frailejon")
    ear.say("@FrailejonAyuda frailejon no contesta")

    assert ear.listen() == 0
    assert ear.found() == []


def test_a_repost_is_not_found(ear: Ear):
    number = ear.say("frailejon otra vez caído")
    ear.sandbox.post("/x/posts", as_="caro_quintero", repost=number)
    ear.listen()

    assert [one.external_id for one in ear.found()] == [number]


def test_a_card_number_is_cut_before_it_is_stored(ear: Ear):
    finding = ear.hears("frailejon cobró a mi tarjeta 4111 1111 1111 1111")

    assert "1111 1111 1111" not in finding.text
    assert b"4111" not in bytes(finding.payload)


def test_what_came_in_as_a_message_is_no_finding(ear: Ear):
    """A mention whose handle the query does not know yet: both roads see it, one row."""
    with tenant(ear.cast.bank.pk):
        type(ear.cast.bank_x).objects.filter(pk=ear.cast.bank_x.pk).update(handle="")
    ear.say("@FrailejonAyuda frailejon no contesta")

    assert ear.listen() == 0
    with tenant(ear.cast.bank.pk):
        assert not Finding.objects.exists()


def test_the_cursor_moves_and_the_stream_waits_its_turn(ear: Ear):
    ear.hears()
    cursor = ear.cursor()

    assert cursor.cursor == ear.one().external_id
    assert cursor.lease_until is None
    assert cursor.next_poll_at > clock.now() + timedelta(seconds=50)


def test_searches_are_claimed_like_every_stream_one_per_account(ear: Ear):
    with tenant(ear.cast.bank.pk):
        PollCursor.objects.filter(account=ear.cast.bank_x).exclude(stream=ear.search.stream).update(
            next_poll_at=clock.now() + timedelta(hours=1)
        )
    with worker():
        claims = polling.claim_due(10)

    mine = [claim for claim in claims if claim.organization_id == ear.cast.bank.pk and claim.kind == "search"]
    assert [claim.cursor_id for claim in mine] == [ear.cursor().pk]


def test_a_cursor_older_than_seven_days_begins_where_x_still_answers(ear: Ear):
    old = id_at(clock.now() - timedelta(days=20))
    with tenant(ear.cast.bank.pk):
        PollCursor.objects.filter(stream=ear.search.stream).update(cursor=old)

    assert since_of(old)[1] is True
    assert int(since_of(old)[0]) <= int(id_at(clock.now() - OLDEST))
    assert ear.hears() is not None
    assert ear.cursor().gap_since is not None


def test_a_refused_query_says_so_and_waits(ear: Ear):
    ear.sandbox.fault("x", "server_error")
    ear.listen()
    assert ear.cursor().failures == 1
    with tenant(ear.cast.bank.pk):
        SavedSearch.objects.filter(pk=ear.search.pk).update(include=["a" * 79 + str(n) for n in range(9)])
    ear.sandbox.post("/reset")
    ear.listen()

    with tenant(ear.cast.bank.pk):
        assert "512" in SavedSearch.objects.get(pk=ear.search.pk).problem
    assert ear.cursor().next_poll_at > clock.now() + timedelta(hours=20)


def test_no_credit_for_a_search_does_not_stop_the_account(ear: Ear):
    ear.sandbox.fault("x", "credits_exhausted", match="search")
    ear.listen()

    assert ear.account(ear.cast.bank_x).state == "live"
    assert ear.mention() is not None


def test_a_paused_search_rests_and_goes_on_from_where_it_was(ear: Ear):
    first = ear.hears()
    with tenant(ear.cast.bank.pk):
        switch_search(ear.search, is_active=False, actor_id=ear.cast.marta.pk)
    ear.say("frailejon, sigo esperando")
    assert ear.listen() == 0
    with tenant(ear.cast.bank.pk):
        switch_search(ear.search, is_active=True, actor_id=ear.cast.marta.pk)

    assert ear.listen() == 1
    assert ear.cursor().cursor > first.external_id


# --- the budget


def spend(ear: Ear, micros: int, kind: str = "owned_read") -> None:
    with tenant(ear.cast.bank.pk):
        CreditSpend.objects.create(
            organization=ear.cast.bank,
            account=ear.cast.bank_x,
            day=clock.now().date(),
            kind=kind,
            count=1,
            micros=micros,
        )


def budget(ear: Ear, micros: int | None) -> None:
    with tenant(ear.cast.bank.pk):
        set_budget(ear.cast.bank_x, micros, actor_id=ear.cast.marta.pk)


def test_a_spent_budget_stops_searches_but_neither_intake_nor_replies(ear: Ear):
    budget(ear, 1_000_000)
    spend(ear, 950_000)
    ear.say("frailejon no sirve")

    assert ear.listen() == 0
    assert ear.found() == []
    assert ear.cursor().next_poll_at.date() > clock.now().date()

    ticket = ear.mention("@FrailejonAyuda no puedo entrar a la app")
    message = ear.answer(ticket)
    assert ear.carry() == ["sent"]
    assert ear.state(message) == "sent"


def test_a_poll_reads_no_more_than_the_days_share(ear: Ear):
    for number in range(25):
        ear.say(f"frailejon mal servicio {number}")
    day = clock.now().date()
    left = Purse(0, 0, 0, 0, clock.now())
    assert left.percent == 100
    # A share of twelve posts a day.
    days = (day.replace(month=day.month % 12 + 1, day=1, year=day.year + day.month // 12) - day).days
    budget(ear, 12 * 5_000 * days * 100 // 90 + 100)
    ear.listen()

    assert 10 <= len(ear.found()) <= 20
    with tenant(ear.cast.bank.pk):
        read = CreditSpend.objects.get(account=ear.cast.bank_x, kind="post_read")
    assert read.count <= 20
    assert ear.listen() == 0


@pytest.mark.parametrize(
    ("percent", "stopped"),
    [
        (79, set()),
        (80, {Use.REREAD}),
        (90, {Use.REREAD, Use.SEARCH}),
        (100, {Use.REREAD, Use.SEARCH, Use.METRICS}),
        (300, {Use.REREAD, Use.SEARCH, Use.METRICS}),
    ],
)
def test_uses_stop_in_their_order_and_intake_and_replies_never(percent: int, stopped: set[Use]):
    purse = Purse(1_000_000, percent * 10_000, 0, 0, clock.now())

    assert {use for use in Use if not purse.allows(use)} == stopped


def test_without_a_budget_nothing_stops():
    assert all(Purse(None, 10**12, 0, 0, clock.now()).allows(use) for use in Use)


def test_each_alert_is_told_once_a_month(ear: Ear):
    budget(ear, 1_000_000)
    told = []
    with tenant(ear.cast.bank.pk):
        for kind, micros in (("a", 490_000), ("b", 20_000), ("c", 1), ("d", 300_000), ("e", 300_000)):
            spend(ear, micros, kind)
            told.append(tell_budget(ear.cast.bank_x))
        lines = AuditEvent.objects.filter(action="account.budget_reached").order_by("pk")
        assert told == [0, 50, 0, 80, 100]
        assert [line.data["percent"] for line in lines] == [50, 80, 100]
        assert purse_of(ear.cast.bank_x).percent == 111


def test_another_organizations_findings_are_not_seen(ear: Ear):
    ear.hears()

    with tenant(ear.cast.airline.pk):
        assert not Finding.objects.exists()
        assert not SavedSearch.objects.exists()
