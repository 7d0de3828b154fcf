"""X's webhooks and X Activity subscriptions: registering, checking (CRC), listing, changing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import sqlite3
import urllib.request
from typing import Any
from urllib.parse import urlencode, urlsplit

from channels_social.sandbox.ids import now_ms, x_time
from channels_social.sandbox.web.call import Call
from channels_social.sandbox.world import World
from channels_social.sandbox.x.events import KINDS
from channels_social.sandbox.x.paging import an_id
from channels_social.sandbox.x.problems import Problem, invalid, missing, plain
from channels_social.sandbox.x.writes import json_body

MOST = 5
LOCAL = ("localhost", "127.0.0.1", "::1")
PRIVATE = ("dm.", "chat.")


def challenge(world: World, url: str) -> bool:
    """Whether the address answers X's challenge: a token, signed with the consumer secret."""
    asked = secrets.token_urlsafe(32)
    signed = hmac.new(world.environ.x_consumer_secret.encode(), asked.encode(), hashlib.sha256).digest()
    right = "sha256=" + base64.b64encode(signed).decode()
    address = url + ("&" if urlsplit(url).query else "?") + urlencode({"crc_token": asked})
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            body = json.loads(answer.read(65536))
    except (OSError, ValueError):
        return False
    return isinstance(body, dict) and hmac.compare_digest(str(body.get("response_token")), right)


def show_webhook(row: sqlite3.Row) -> dict[str, Any]:
    """One webhook."""
    shown = {"created_at": x_time(row["created_ms"]), "id": str(row["id"]), "url": row["url"]}
    return shown | {"valid": bool(row["valid"])}


def create(world: World, call: Call) -> tuple[int, dict[str, Any]]:
    """POST /2/webhooks. X wants https without a port; addresses on this machine are let through here.

    Documentation wraps the webhook in `data`, the OpenAPI does not: both are given.
    """
    url = str(json_body(call).get("url") or "")
    parts = urlsplit(url)
    if parts.hostname not in LOCAL and (parts.scheme != "https" or parts.port):
        raise invalid("UrlValidationFailed: the url must be https and must not have a port", url=url)
    if world.store.one("SELECT 1 FROM x_webhook WHERE url = ?", url):
        raise invalid("DuplicateUrlFailed: this url is registered already", url=url)
    count = world.store.one("SELECT count(*) AS n FROM x_webhook")
    if count and count["n"] >= MOST:
        raise invalid("WebhookLimitExceeded", url=url)
    if not challenge(world, url):
        raise invalid("CrcValidationFailed", url=url)
    number = world.mint.snowflake()
    world.store.add("x_webhook", id=number, url=url, valid=1, created_ms=now_ms())
    shown = show_webhook(a_webhook(world, str(number)))
    return 200, {"data": shown} | shown


def listed(world: World, call: Call) -> dict[str, Any]:
    """GET /2/webhooks."""
    shown = [show_webhook(row) for row in world.store.all("SELECT * FROM x_webhook ORDER BY id")]
    return ({"data": shown} if shown else {}) | {"meta": {"result_count": len(shown)}}


def a_webhook(world: World, number: str) -> sqlite3.Row:
    """A webhook by id; raises Problem."""
    row = world.store.one("SELECT * FROM x_webhook WHERE id = ?", an_id(number, "webhook_id"))
    if row is None:
        raise Problem(404, missing("webhook", "webhook_id", number) | {"status": 404})
    return row


def check(world: World, call: Call) -> dict[str, Any]:
    """PUT /2/webhooks/:id: the challenge again; decides whether it is valid."""
    row = a_webhook(world, call.named["id"])
    valid = challenge(world, row["url"])
    world.store.run("UPDATE x_webhook SET valid = ? WHERE id = ?", int(valid), row["id"])
    return {"data": {"valid": valid, "attempted": True}}


def remove(world: World, call: Call) -> dict[str, Any]:
    """DELETE /2/webhooks/:id."""
    row = a_webhook(world, call.named["id"])
    world.store.run("DELETE FROM x_webhook WHERE id = ?", row["id"])
    return {"data": {"deleted": True}}


def show_subscription(row: sqlite3.Row) -> dict[str, Any]:
    """One subscription."""
    shown: dict[str, Any] = {"subscription_id": str(row["id"]), "event_type": row["event_type"]}
    shown |= {"filter": {"user_id": str(row["user_id"])}, "created_at": x_time(row["created_ms"])}
    shown |= {"updated_at": x_time(row["updated_ms"])} | ({"tag": row["tag"]} if row["tag"] else {})
    return shown | ({"webhook_id": str(row["webhook_id"])} if row["webhook_id"] else {})


def total(world: World) -> int:
    """How many subscriptions there are."""
    found = world.store.one("SELECT count(*) AS n FROM x_subscription")
    return found["n"] if found else 0


def subscribe(world: World, call: Call) -> dict[str, Any]:
    """POST /2/activity/subscriptions: private events need the account's own token."""
    body = json_body(call)
    kind, user = body.get("event_type"), str((body.get("filter") or {}).get("user_id") or "")
    if kind not in KINDS or not user:
        raise invalid("$.event_type: does not have a value in the enumeration", event_type=kind)
    if str(kind).startswith(PRIVATE) and call.account != user:
        raise plain(403, "Private events need the user context of the account they belong to.")
    hook = body.get("webhook_id")
    webhook = a_webhook(world, str(hook))["id"] if hook else None
    sql = "SELECT id FROM x_subscription WHERE event_type = ? AND user_id = ? AND webhook_id IS ?"
    if world.store.one(sql, kind, an_id(user, "user_id"), webhook):
        raise plain(409, "DuplicateSubscription: this subscription exists already.")
    now, number = now_ms(), world.mint.snowflake()
    columns = {"id": number, "event_type": kind, "user_id": int(user), "tag": body.get("tag")}
    world.store.add("x_subscription", **columns, webhook_id=webhook, created_ms=now, updated_ms=now)
    shown = show_subscription(a_subscription(world, str(number)))
    return {"data": {"subscription": shown} | shown, "meta": {"total_subscriptions": total(world)}}


def subscriptions(world: World, call: Call) -> dict[str, Any]:
    """GET /2/activity/subscriptions."""
    rows = world.store.all("SELECT * FROM x_subscription ORDER BY id")
    shown = [
        show_subscription(row) for row in rows if not call.account or str(row["user_id"]) == call.account
    ]
    meta = {"result_count": len(shown), "total_subscriptions": total(world)}
    return ({"data": shown} if shown else {}) | {"meta": meta}


def a_subscription(world: World, number: str) -> sqlite3.Row:
    """A subscription by id; raises Problem."""
    row = world.store.one("SELECT * FROM x_subscription WHERE id = ?", an_id(number, "subscription_id"))
    if row is None:
        raise Problem(404, missing("subscription", "subscription_id", number) | {"status": 404})
    return row


def change(world: World, call: Call) -> dict[str, Any]:
    """PUT /2/activity/subscriptions/:id: another tag or webhook."""
    row, body = a_subscription(world, call.named["id"]), json_body(call)
    hook = a_webhook(world, str(body["webhook_id"]))["id"] if body.get("webhook_id") else row["webhook_id"]
    sql = "UPDATE x_subscription SET tag = ?, webhook_id = ?, updated_ms = ? WHERE id = ?"
    world.store.run(sql, body.get("tag", row["tag"]), hook, now_ms(), row["id"])
    shown = show_subscription(a_subscription(world, str(row["id"])))
    return {"data": {"subscription": shown} | shown, "meta": {"total_subscriptions": total(world)}}


def unsubscribe(world: World, call: Call) -> dict[str, Any]:
    """DELETE /2/activity/subscriptions/:id."""
    row = a_subscription(world, call.named["id"])
    world.store.run("DELETE FROM x_subscription WHERE id = ?", row["id"])
    return {"data": {"deleted": True}, "meta": {"total_subscriptions": total(world)}}
