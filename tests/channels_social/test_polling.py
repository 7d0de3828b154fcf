"""Polls against the sandbox: rows before the cursor, one signal for a dead token, roots, files, credits."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from channels_social.domain import fetching, health, polling, resolving
from channels_social.domain.accounts import pause_account
from channels_social.domain.receiving import store
from channels_social.enums import EventState, MediaState
from channels_social.models import (
    CreditSpend,
    InboundEvent,
    Media,
    OutboundAction,
    PollCursor,
    RateLimit,
    SocialAccount,
)
from channels_social.networks import registry
from channels_social.networks.base import Limit
from helpdesk import clock, push
from helpdesk.tenancy.context import tenant
from tests.cast import Cast
from tests.channels_social.conftest import Sandbox, body_of, client_of

AsWorker = Callable[[], AbstractContextManager[None]]


def only(cast: Cast, account: SocialAccount, stream: str) -> PollCursor:
    """Leave one stream due, put all others off."""
    PollCursor.objects.none()
    for organization in (cast.bank, cast.airline):
        with tenant(organization.pk):
            due = PollCursor.objects.filter(organization=organization)
            due.update(next_poll_at=clock.now() + timedelta(days=1), lease_until=None)
    with tenant(account.organization_id):
        mine = PollCursor.objects.filter(account=account, stream=stream)
        mine.update(next_poll_at=clock.now() - timedelta(days=1))
        return mine.get()


def poll(as_worker: AsWorker) -> int:
    with as_worker():
        (claim,) = polling.claim_due(10)
        return polling.poll_one(claim)


def fresh(row: Any) -> Any:
    with tenant(row.organization_id):
        row.refresh_from_db()
    return row


@pytest.fixture(autouse=True)
def _no_memory_of_reads(settings: Any) -> Any:
    """Account ids begin again in every test: what another read today must not be free here."""
    settings.INSTANCE = "tests"
    yield
    for key in push.client().scan_iter("cf:tests:*"):
        push.client().delete(key)


def test_claims_are_leased_one_stream_per_account(cast: Cast, as_worker: AsWorker) -> None:
    with as_worker():
        first = polling.claim_due(50)
        accounts = {PollCursor.objects.get(pk=claim.cursor_id).account_id for claim in first}
        assert len(first) == len(accounts) == 4
        assert polling.claim_due(50) == []


def test_poll_stores_then_moves_the_cursor(cast: Cast, sandbox: Sandbox, as_worker: AsWorker) -> None:
    stream = only(cast, cast.bank_x, "mentions")
    ids = [
        sandbox.post("/x/posts", as_="dianamrojas", text=f"@FrailejonAyuda caso {n}")["id"] for n in range(3)
    ]
    assert poll(as_worker) == 3
    with tenant(cast.bank.pk):
        stored = list(InboundEvent.objects.filter(account=cast.bank_x).order_by("id"))
        limit = RateLimit.objects.get(account=cast.bank_x, endpoint="GET /2/users/:id/mentions")
    assert [event.external_id for event in stored] == ids
    assert {event.source for event in stored} == {"poll"}
    assert limit.remaining == 299
    after = fresh(stream)
    assert (after.cursor, after.failures, after.lease_until) == (ids[-1], 0, None)
    assert after.next_poll_at > clock.now()
    assert fresh(cast.bank_x).last_event_at is not None

    # The webhook of the same post, late: nothing new.
    entries = registry.get("x").split(body_of(sandbox.catcher.wait(3)[0]))
    assert store(entries, source="webhook", network="x") == {}


def test_credits_are_those_of_the_networks_own_ledger(
    cast: Cast, sandbox: Sandbox, as_worker: AsWorker
) -> None:
    sandbox.post("/x/posts", as_="dianamrojas", text="@FrailejonAyuda una", notify=False)
    sandbox.post("/x/posts", as_="sebasgil_", text="@FrailejonAyuda dos", notify=False)
    sandbox.post("/x/dms", as_="dianamrojas", to="frailejon", text="hola")
    for stream in ("mentions", "mentions", "timeline", "dms"):
        only(cast, cast.bank_x, stream)
        poll(as_worker)
    with tenant(cast.bank.pk):
        ours = {spend.kind: (spend.count, spend.micros) for spend in CreditSpend.objects.all()}
    rows = sandbox.call("GET", "/ledger")["lines"]
    theirs = {
        row["kind"]: (row["units"], round(row["usd"] * 1e6))
        for row in rows
        if row["account"] == cast.bank_x.external_id and not row["kind"].startswith("event_")
    }
    assert ours == theirs
    assert ours["dm_read"] == (1, 10_000)


def test_limit_puts_the_poll_off_until_its_reset(cast: Cast, sandbox: Sandbox, as_worker: AsWorker) -> None:
    stream = only(cast, cast.bank_x, "mentions")
    sandbox.fault("x", "rate_limited", seconds=300)
    poll(as_worker)
    after = fresh(stream)
    assert after.failures == 1
    assert timedelta(seconds=250) < after.next_poll_at - clock.now() < timedelta(seconds=320)
    assert after.cursor == ""
    assert fresh(cast.bank_x).is_live


def test_dead_token_pauses_one_account_once(cast: Cast, sandbox: Sandbox, as_worker: AsWorker) -> None:
    with tenant(cast.bank.pk):
        action = OutboundAction.objects.create(
            organization=cast.bank, account=cast.bank_x, kind="reply", thread_key="t", target_id="1",
            client_token="c",
        )  # fmt: skip
    sandbox.post("/x/revoke", account="frailejon")
    only(cast, cast.bank_x, "mentions")
    poll(as_worker)
    assert fresh(cast.bank_x).is_live  # one refusal may be the network's own outage
    only(cast, cast.bank_x, "mentions")
    poll(as_worker)
    assert fresh(cast.bank_x).state == "needs_reauth"
    assert fresh(action).state == "held"
    only(cast, cast.bank_x, "mentions")
    with as_worker():
        assert polling.claim_due(10) == []
    only(cast, cast.airline_x, "mentions")
    poll(as_worker)
    assert fresh(cast.airline_x).is_live


def test_networks_own_outage_disconnects_nobody(cast: Cast, sandbox: Sandbox, as_worker: AsWorker) -> None:
    sandbox.fault("x", "revoked", match="mentions")  # the list refuses, users/me does not
    for _ in range(3):
        only(cast, cast.bank_x, "mentions")
        poll(as_worker)
    assert fresh(cast.bank_x).is_live


def test_without_credit_the_account_waits_and_comes_back(
    cast: Cast, sandbox: Sandbox, as_worker: AsWorker
) -> None:
    sandbox.fault("x", "credits_exhausted")
    only(cast, cast.bank_x, "mentions")
    poll(as_worker)
    assert fresh(cast.bank_x).state == "out_of_credit"
    with as_worker():
        assert health.claim_stopped() is None
        SocialAccount.objects.filter(pk=cast.bank_x.pk).update(state_since=clock.now() - timedelta(hours=1))
        claim = health.claim_stopped()
        assert claim is not None
        assert not health.revive(*claim)
        sandbox.call("DELETE", "/faults")
        assert health.claim_stopped() is None
        assert health.revive(*claim)
    assert fresh(cast.bank_x).is_live


def test_limits_nearly_used_up_are_spread(settings: Any) -> None:
    settings.POLL_EVERY = 30
    now = clock.now()
    tight = Limit("dms", 15, 3, now + timedelta(seconds=600))
    assert timedelta(seconds=185) < polling.pace([tight], now) < timedelta(seconds=215)
    wide = Limit("mentions", 300, 290, now + timedelta(seconds=600))
    assert polling.pace([wide], now) < timedelta(seconds=33)
    assert polling.pace([Limit("pages", 100, 10, None)], now) > timedelta(seconds=110)


def wait_for(event: InboundEvent, *needs: str) -> None:
    with tenant(event.organization_id), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE channels_social_inboundevent SET state = 'waiting', needs = %s, "
            "wait_until = now() + interval '1 minute' WHERE id = %s",
            [json.dumps(needs), event.pk],
        )


def test_roots_are_asked_once_and_the_event_goes_on(
    cast: Cast, sandbox: Sandbox, as_worker: AsWorker
) -> None:
    top = sandbox.post("/facebook/comments", as_="61550000001001", page="frailejon", message="arriba")
    reply = sandbox.post("/facebook/comments", as_="61550000001001", parent=top["id"], message="abajo")
    deliveries = sandbox.catcher.wait(2)
    entries = [e for d in deliveries for e in registry.get("facebook").split(body_of(d))]
    with tenant(cast.bank.pk):
        store(
            [entry for entry in entries if entry.external_id == reply["id"]],
            source="webhook",
            network="facebook",
        )
        event = InboundEvent.objects.get(account=cast.bank_page)
    wait_for(event, top["id"])
    with as_worker():
        assert resolving.resolve_waiting() == 1
    assert fresh(event).state == EventState.PENDING
    assert event.reason == "asked"
    with tenant(cast.bank.pk):
        root = InboundEvent.objects.get(external_id=top["id"])
    assert (root.source, root.state) == ("resolve", EventState.PENDING)
    wait_for(event, top["id"])  # the desk could not use it: no second question
    with as_worker():
        assert resolving.claim_waiting() == []
        assert resolving.resolve_waiting() == 1
    assert fresh(event).reason == "provisional"


def test_gone_roots_and_silent_networks_do_not_hold_events(
    cast: Cast, sandbox: Sandbox, as_worker: AsWorker
) -> None:
    sandbox.post("/x/posts", as_="dianamrojas", text="@FrailejonAyuda hola")
    only(cast, cast.bank_x, "mentions")
    poll(as_worker)
    with tenant(cast.bank.pk):
        event = InboundEvent.objects.get(account=cast.bank_x)
    wait_for(event, "1799999999999999999")
    with as_worker():
        resolving.resolve_waiting()
    assert (fresh(event).state, event.reason) == (EventState.PENDING, "provisional")
    wait_for(event, "1799999999999999999")
    with tenant(cast.bank.pk):
        InboundEvent.objects.filter(pk=event.pk).update(reason="")
    sandbox.fault("x", "server_error")
    with as_worker():
        resolving.resolve_waiting()
        assert fresh(event).state == EventState.WAITING
    with tenant(cast.bank.pk):
        InboundEvent.objects.filter(pk=event.pk).update(wait_until=clock.now() - timedelta(days=1))
    with as_worker():
        assert resolving.give_up() == 1
    assert (fresh(event).state, event.reason) == (EventState.PENDING, "provisional")


def test_files_are_kept_by_content(
    cast: Cast, sandbox: Sandbox, as_worker: AsWorker, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    sandbox.post("/x/posts", as_="dianamrojas", text="@FrailejonAyuda mire", media=1)
    (entry,) = client_of(cast.bank_x).poll("mentions", "").entries
    (message,) = registry.get("x").parse(entry.kind, entry.payload, cast.bank_x.external_id)
    (ref,) = message.media
    with tenant(cast.bank.pk):
        good = Media.objects.create(
            organization=cast.bank, account=cast.bank_x, source_key=ref.key, source_url=ref.url
        )
        evil = Media.objects.create(
            organization=cast.bank,
            account=cast.bank_x,
            source_key="evil",
            source_url="http://127.0.0.1:1/x.png",
        )
        # The column's default is the statement's time, later than the test's one transaction.
        Media.objects.update(next_attempt_at=clock.now() - timedelta(days=1))
    with as_worker():
        claims = fetching.claim_media(10)
        assert fetching.claim_media(10) == []
        assert {fetching.fetch_one(claim) for claim in claims} == {MediaState.STORED, MediaState.REFUSED}
    kept = fresh(good)
    with default_storage.open(kept.file) as file:
        size = len(file.read())
    assert (kept.content_type, kept.kind, kept.size) == ("image/png", "image", size)
    assert kept.file.startswith(f"org/{cast.bank.pk}/")
    assert (fresh(evil).state, evil.reason) == (MediaState.REFUSED, "unknown_host")


def test_paused_accounts_are_not_polled(cast: Cast, as_worker: AsWorker) -> None:
    with tenant(cast.bank.pk):
        pause_account(cast.bank_x, state="needs_reauth", reason="x")
    only(cast, cast.bank_x, "mentions")
    with as_worker():
        assert polling.claim_due(10) == []
