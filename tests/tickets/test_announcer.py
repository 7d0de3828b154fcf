"""What changed is handed over once it is committed, and shown to the consoles of its organization only."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis

from helpdesk import push
from helpdesk.tenancy.context import tenant
from tests.cast import Cast
from tests.stories import hear, mention
from tickets.cases.models import Message
from tickets.console import announcer, handing
from tickets.console.announcer import Announcer
from tickets.console.handing import Change, hand_over, handed_over
from tickets.console.push import MANY, announce

UNKNOWN = 987_654_321


@pytest.fixture(autouse=True)
def _own_keys(settings: Any) -> Iterator[None]:
    settings.INSTANCE = "announcing"
    here = push.client()
    yield
    for key in here.scan_iter("cf:announcing:*"):
        here.delete(key)


@pytest.fixture
def listen() -> Iterator[Callable[..., list[dict[str, Any]]]]:
    """``listen(org)`` joins its channel; ``listen()`` gives the frames that have come to it since."""
    joined = push.client().pubsub(ignore_subscribe_messages=True)

    def frames(organization_id: int = 0, *, wait: float = 0.3) -> list[dict[str, Any]]:
        if organization_id:
            joined.subscribe(push.channel_of(organization_id))
            joined.get_message(timeout=1)
            return []
        found, until = [], time.monotonic() + wait
        while time.monotonic() < until:
            if message := joined.get_message(timeout=0.05):
                found.append(json.loads(message["data"]))
        return found

    yield frames
    joined.close()


def test_changes_are_handed_over_when_committed(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=False) as callbacks, tenant(cast.bank.pk):
        announce(cast.bank.pk, [3, 4, 3], [(3, 9)])
        announce(cast.bank.pk, [], [])
    assert handed_over(0) == []
    for callback in callbacks:
        callback()
    assert handed_over(0) == [Change(cast.bank.pk, [3, 4], [(3, 9)])]


def test_what_waits_is_one_change_per_organization_in_its_order() -> None:
    hand_over(1, [5], [(5, 50)])
    hand_over(2, [8], [])
    hand_over(1, [4, 5], [(4, 40), (5, 50)])
    assert handed_over(0) == [Change(1, [5, 4], [(5, 50), (4, 40)]), Change(2, [8], [])]
    assert handed_over(0) == []


def test_what_nobody_shows_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing, "MOST", 3)
    for ticket in range(5):
        hand_over(1, [ticket], [])
    assert 0 < push.client().ttl("cf:announcing:announce") <= handing.KEPT_S
    assert handed_over(0) == [Change(1, [2, 3, 4], [])]


def test_who_changes_something_does_not_fail_without_redis(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    away = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.2)
    monkeypatch.setattr(push, "client", lambda: away)
    hand_over(1, [2], [])
    assert "announcer is away" in caplog.text


def test_row_message_and_counts_are_shown_to_their_organization_only(cast: Cast, listen: Any) -> None:
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces"))
    with tenant(cast.bank.pk):
        said = Message.objects.get()
    listen(cast.bank.pk)
    other = push.client().pubsub(ignore_subscribe_messages=True)
    other.subscribe(push.channel_of(cast.airline.pk))

    Announcer().show([Change(cast.bank.pk, [said.ticket_id], [(said.ticket_id, said.pk)])])

    frames = listen()
    assert [frame["event"] for frame in frames] == ["row", "message", "ticket", "counts"]
    assert [frame["id"] for frame in frames] == [1, 2, 3, 4]
    assert "me cobraron dos veces" in frames[1]["data"]["es"]
    assert json.loads(frames[3]["data"])["open"] == 1
    assert push.last_seq(cast.bank.pk) == 4
    assert other.get_message(timeout=0.2) is None
    assert other.get_message(timeout=0.2) is None


def test_many_changes_have_the_consoles_look_again(cast: Cast, listen: Any) -> None:
    listen(cast.bank.pk)
    Announcer().show([Change(cast.bank.pk, list(range(1, MANY + 2)), [])])
    assert [frame["event"] for frame in listen()] == ["refresh", "counts"]


def test_counts_are_told_a_few_times_a_second(
    cast: Cast, listen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen(cast.bank.pk)
    monkeypatch.setattr(announcer, "COUNTS_S", 60.0)
    shown = Announcer()
    for _ in range(10):
        shown.show([Change(cast.bank.pk, [1], [])])
    assert [frame["event"] for frame in listen()] == ["counts"]
    monkeypatch.setattr(announcer, "COUNTS_S", 0.0)
    shown.show([])
    shown.show([])
    assert [frame["event"] for frame in listen()] == ["counts"]


def test_one_organizations_trouble_is_not_the_others(cast: Cast, listen: Any, caplog: Any) -> None:
    hear(cast, mention("@FrailejonAyuda hola, ¿abren mañana?"))
    with tenant(cast.bank.pk):
        ticket = Message.objects.get().ticket_id
    listen(cast.bank.pk)
    listen(UNKNOWN)

    Announcer().show([Change(UNKNOWN, [1], []), Change(cast.bank.pk, [ticket], [])])

    events = [frame["event"] for frame in listen()]
    assert events[0] == "refresh"  # whoever listens there looks again
    assert "row" in events
    assert f"organization {UNKNOWN} was not told" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_announcer_shows_what_waits_before_it_ends(listen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcer, "ENDS_S", 20.0)
    listen(UNKNOWN)
    hand_over(UNKNOWN, [1], [])
    one = Announcer()
    one.start()
    one.stop()
    assert not one.is_alive()
    assert [frame["event"] for frame in listen()][:1] == ["refresh"]


@pytest.mark.django_db(transaction=True)
def test_announcer_that_begins_has_everybody_look_again(listen: Any) -> None:
    """Whoever was killed had changes in hand that nobody else knows of."""
    hears = push.client().pubsub(ignore_subscribe_messages=True)
    hears.subscribe(push.channel_of_all())
    hears.get_message(timeout=1)
    one = Announcer()
    one.start()
    one.stop()
    found = [hears.get_message(timeout=0.2) for _ in range(3)]
    hears.close()
    assert [json.loads(one["data"])["event"] for one in found if one] == ["refresh"]


@pytest.mark.django_db(transaction=True)
def test_announcer_goes_on_after_what_it_cannot_read(
    listen: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(announcer, "PAUSE_S", 0.01)
    listen(UNKNOWN)
    push.client().rpush("cf:announcing:announce", "no JSON")
    one = Announcer()
    one.start()
    until = time.monotonic() + 10
    while "hears nothing" not in caplog.text and time.monotonic() < until:
        time.sleep(0.01)
    hand_over(UNKNOWN, [1], [])
    frames: list[dict[str, Any]] = []
    while not frames and time.monotonic() < until:
        frames = listen()
    one.stop()
    assert [frame["event"] for frame in frames][:1] == ["refresh"]
