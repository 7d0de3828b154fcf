"""Bells: once however often rung, again after an answer, silent but harmless without Redis; pushed events' cost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
import redis
from celery import current_app

from channels_social.domain import billing, doorbell
from channels_social.models import CreditSpend
from channels_social.networks import registry
from helpdesk import push
from helpdesk.tenancy.context import tenant
from tests.cast import Cast
from tests.channels_social.conftest import Sandbox, body_of


@pytest.fixture(autouse=True)
def _own_keys(settings: Any) -> Iterator[None]:
    settings.INSTANCE = "bells"
    here = push.client()
    yield
    for key in here.scan_iter("cf:bells:*"):
        here.delete(key)


def waiting(queue: str) -> int:
    with current_app.connection_for_read() as broker:
        return broker.default_channel._size(queue)


def test_a_bell_is_rung_once_until_it_is_answered() -> None:
    before = waiting("net")
    for _ in range(5):
        doorbell.ring("resolve")
    assert waiting("net") == before + 1
    doorbell.answer("resolve")
    doorbell.ring("resolve")
    assert waiting("net") == before + 2


def test_who_stays_at_the_door_is_told_without_a_task(monkeypatch: pytest.MonkeyPatch) -> None:
    # Longer than a busy machine takes to start the timers.
    monkeypatch.setattr(doorbell, "LINGER_S", 0.8)
    monkeypatch.setattr(doorbell, "STAY_S", 10.0)
    before, looks = waiting("inbox"), []

    def look() -> bool:
        looks.append(time.monotonic())
        if len(looks) < 3:
            threading.Timer(0.03, doorbell.ring, ["inbox"]).start()
        return len(looks) < 4

    doorbell.stay("inbox", look)
    assert len(looks) == 3  # twice it rang, then nobody came for a while
    assert waiting("inbox") == before
    doorbell.ring("inbox")
    assert waiting("inbox") == before + 1  # nobody is there any more


def test_who_knocks_while_it_is_left_is_seen_to_by_a_task() -> None:
    before = waiting("inbox")

    def look() -> bool:
        doorbell.ring("inbox")
        return False

    doorbell.stay("inbox", look)
    assert waiting("inbox") == before + 1


def test_a_look_that_fails_leaves_the_door() -> None:
    before = waiting("inbox")
    with pytest.raises(ZeroDivisionError):
        doorbell.stay("inbox", lambda: bool(1 // 0))
    doorbell.ring("inbox")
    assert waiting("inbox") == before + 1


def test_ringing_from_the_webhook_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    before, ring = waiting("net"), doorbell.ring
    monkeypatch.setattr(doorbell, "ring", lambda bell: (time.sleep(1), ring(bell)))
    started = time.perf_counter()
    for _ in range(100):
        doorbell.ring_soon("fetch")
    assert time.perf_counter() - started < 1
    until = time.monotonic() + 15
    while waiting("net") == before and time.monotonic() < until:
        time.sleep(0.01)
    assert waiting("net") == before + 1


def test_without_redis_nobody_fails(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    away = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.2)
    monkeypatch.setattr(doorbell.push, "client", lambda: away)
    monkeypatch.setattr(doorbell, "_last_complaint", 0.0)
    for _ in range(3):
        doorbell.ring("inbox")
        doorbell.answer("inbox")
        doorbell.stay("inbox", lambda: True)
    assert len([record for record in caplog.records if "doorbell" in record.message]) == 1


def test_pushed_events_cost_what_the_ledger_says(
    cast: Cast, sandbox: Sandbox, as_worker: Callable[[], AbstractContextManager[None]]
) -> None:
    sandbox.post("/x/posts", as_="dianamrojas", text="@FrailejonAyuda una")
    sandbox.post("/x/dms", as_="dianamrojas", to="frailejon", text="hola")
    for delivery in sandbox.catcher.wait(2) * 2:  # everything twice
        billing.note_pushed([("x", registry.get("x").split(body_of(delivery)))])
    with as_worker():
        billing.settle_pushed()
        billing.settle_pushed()
    with tenant(cast.bank.pk):
        ours = {spend.kind: (spend.count, spend.micros) for spend in CreditSpend.objects.all()}
    rows = sandbox.call("GET", "/ledger")["lines"]
    theirs = {
        row["kind"]: (row["units"], round(row["usd"] * 1e6))
        for row in rows
        if row["account"] == cast.bank_x.external_id
    }
    assert ours == theirs
