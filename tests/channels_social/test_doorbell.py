"""Bells: once however often rung, again after an answer, silent but harmless without Redis; pushed events' cost."""

from __future__ import annotations

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


def test_ringing_from_the_webhook_does_not_wait() -> None:
    before = waiting("net")
    started = time.perf_counter()
    for _ in range(100):
        doorbell.ring_soon("fetch")
    assert time.perf_counter() - started < 0.5
    until = time.monotonic() + 5
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
    assert len([record for record in caplog.records if "doorbell" in record.message]) == 1


def test_pushed_events_cost_what_the_ledger_says(
    cast: Cast, sandbox: Sandbox, as_worker: Callable[[], AbstractContextManager[None]]
) -> None:
    sandbox.post("/x/posts", as_="dianamrojas", text="@FrailejonAyuda una")
    sandbox.post("/x/dms", as_="dianamrojas", to="frailejon", text="hola")
    for delivery in sandbox.catcher.wait(2) * 2:  # everything twice
        billing.note_pushed(registry.get("x").split(body_of(delivery)), network="x")
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
