"""Webhooks: what is refused before it is read, what is stored, and what a second delivery changes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from channels_social.models import InboundEvent, UnknownDelivery
from channels_social.networks import registry
from helpdesk.secrets.crypto import vault
from helpdesk.tenancy.context import tenant
from tests.cast import Cast

HUGE = 1 << 60


def x_body(
    text: str = "@FrailejonAyuda hola", user: str = "1800000000000000001", number: int = HUGE
) -> dict[str, Any]:
    post = {
        "id": str(number),
        "text": text,
        "author_id": "55",
        "conversation_id": str(number),
        "edit_history_tweet_ids": [str(number)],
        "created_at": "2026-11-20T10:00:00.000Z",
    }
    users = [{"id": "55", "name": "Ana <b>", "username": "ana"}]
    data = {"event_uuid": "-5", "filter": {"user_id": user}, "event_type": "post.mention.create"}
    return {"data": data | {"payload": post, "includes": {"users": users}}}


def post_x(client: Client, body: Any, *, secret: str = "sandbox-x-consumer-secret", **meta: str) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    mac = base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()
    headers = {"HTTP_X_TWITTER_WEBHOOKS_SIGNATURE": f"sha256={mac}"} | meta
    return client.post("/hooks/x/", raw, content_type="application/json", **headers)


def post_meta(client: Client, body: Any) -> Any:
    raw = json.dumps(body).encode()
    mac = hmac.new(b"sandbox-fb-app-secret", raw, hashlib.sha256).hexdigest()
    return client.post(
        "/hooks/meta/", raw, content_type="application/json", HTTP_X_HUB_SIGNATURE_256=f"sha256={mac}"
    )


def events(cast: Cast) -> list[InboundEvent]:
    with tenant(cast.bank.pk):
        return list(InboundEvent.objects.filter(organization=cast.bank).order_by("id"))


def test_signed_delivery_is_stored_sealed_and_once(cast: Cast, client: Client) -> None:
    text = "@FrailejonAyuda mi tarjeta 4111 1111 1111 1111 \x00 no pasa"
    for _ in range(2):
        assert post_x(client, x_body(text)).status_code == 200
    (event,) = events(cast)
    assert (event.kind, event.external_id, event.state) == ("x.post", str(HUGE), "pending")
    sealed = bytes(event.payload)
    assert b"tarjeta" not in sealed
    opened = vault().open(sealed)
    assert b"4111 1111" not in opened
    (message,) = registry.get("x").parse(event.kind, json.loads(opened), "1800000000000000001")
    assert message.external_id == str(HUGE)
    assert message.author.name == "Ana <b>"
    assert "tarjeta" in message.text


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=AAAA", "sha256=ñ"])
def test_wrong_signature_is_refused_before_anything_is_read(
    cast: Cast, client: Client, signature: str
) -> None:
    answer = post_x(client, b"{ not even json", HTTP_X_TWITTER_WEBHOOKS_SIGNATURE=signature)
    assert answer.status_code == 403
    assert post_x(client, x_body(), secret="another").status_code == 403
    assert client.post("/hooks/meta/", b"{}", content_type="application/json").status_code == 403
    assert events(cast) == []


def test_too_large_compressed_and_nonsense(cast: Cast, client: Client, settings: Any) -> None:
    settings.WEBHOOK_MAX_BYTES = 200
    assert post_x(client, x_body("a" * 500)).status_code == 413
    settings.WEBHOOK_MAX_BYTES = 100_000
    assert post_x(client, x_body(), HTTP_CONTENT_ENCODING="gzip").status_code == 415
    for body in (b"", b"[]", b"nope", b"[" * 50_000):
        assert post_x(client, body).status_code == 400
    assert client.put("/hooks/x/").status_code == 405
    assert client.post("/hooks/other/").status_code == 404
    assert events(cast) == []


def test_challenges(client: Client, db: None) -> None:
    answer = client.get("/hooks/x/", {"crc_token": "abc"}).json()["response_token"]
    right = hmac.new(b"sandbox-x-consumer-secret", b"abc", hashlib.sha256).digest()
    assert answer == "sha256=" + base64.b64encode(right).decode()
    asked = {"hub.mode": "subscribe", "hub.challenge": "42", "hub.verify_token": "sandbox-fb-verify"}
    assert client.get("/hooks/meta/", asked).content == b"42"
    assert client.get("/hooks/meta/", asked | {"hub.verify_token": "no"}).status_code == 403
    assert client.get("/hooks/x/").status_code == 403


def test_one_delivery_for_two_tenants_and_a_stranger(
    cast: Cast, client: Client, as_worker: Callable[[], AbstractContextManager[None]]
) -> None:
    def entry(page: str, text: str) -> dict[str, Any]:
        value = {
            "item": "comment", "verb": "add", "comment_id": "7_1", "post_id": f"{page}_7",
            "parent_id": f"{page}_7", "from": {"id": "9", "name": "Luz"}, "created_time": 1_790_000_000,
            "message": text,
        }  # fmt: skip
        return {"id": page, "time": 1_790_000_001, "changes": [{"field": "feed", "value": value}]}

    pages = ("100000000000101", "100000000000102", "999")
    body = {"object": "page", "entry": [entry(page, f"hola {page}") for page in pages]}
    assert post_meta(client, body).status_code == 200
    assert [event.kind for event in events(cast)] == ["fb.comment"]
    with tenant(cast.airline.pk):
        assert InboundEvent.objects.filter(organization=cast.airline).count() == 1
    with as_worker():
        (unknown,) = UnknownDelivery.objects.all()
    assert unknown.account_external_id == "999"


def test_a_poison_entry_does_not_take_its_neighbours_along(cast: Cast, client: Client) -> None:
    good = {
        "field": "feed",
        "value": {
            "item": "post", "verb": "add", "post_id": "100000000000101_5", "message": "hola",
            "from": {"id": "8", "name": "Luz"}, "created_time": 1_790_000_000,
        },
    }  # fmt: skip
    bad = {"field": "feed", "value": {"item": "comment", "verb": "add", "comment_id": {"a": 1}}}
    body = {"object": "page", "entry": [{"id": "100000000000101", "time": 1, "changes": [bad, good, 5]}]}
    assert post_meta(client, body).status_code == 200
    assert [event.kind for event in events(cast)] == ["fb.poison", "fb.post", "fb.poison"]


def test_ids_and_texts_of_any_kind_are_stored(cast: Cast, client: Client) -> None:
    body = json.dumps(x_body("hola")).replace("hola", "ho\\ud800la \\u0000").encode()
    assert post_x(client, body).status_code == 200
    weird = x_body("hola")
    weird["data"]["event_type"] = "thing.unheard.of"
    weird["data"]["event_uuid"] = "\x00" + "9" * 500
    assert post_x(client, weird).status_code == 200
    stored = events(cast)
    assert [event.kind for event in stored] == ["x.post", "x.other"]
    assert stored[1].external_id.startswith("sha256:")


def test_storing_needs_one_statement(cast: Cast, client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        post_x(client, x_body())
    assert connection.in_atomic_block  # the test's own transaction, no other
