"""Tells other systems, as the worker: leases a subscription, sends what is due, one at a time, and keeps the log.

At least once: a worker that dies between the bytes and the row sends the same delivery again under the same id.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from helpdesk import audit, clock
from helpdesk.secrets.crypto import vault
from helpdesk.tenancy.context import tenant
from tickets.api.domain.payloads import payload_of
from tickets.api.models import DeliveryState, Event, WebhookDelivery, WebhookSubscription
from tickets.api.posting import Outcome, post
from tickets.api.rules.addresses import Unsafe, read_address
from tickets.api.rules.signing import sign
from tickets.cases.models import Ticket

LEASE = timedelta(seconds=60)
TURN_S = 30.0
AT_ONCE = 50
# After the first, second … failure in a row. What happened longer ago than a day is given up.
BACKOFF = tuple(timedelta(seconds=s) for s in (5, 30, 120, 600, 1800, 3600, 7200, 14_400))
GIVE_UP = timedelta(hours=24)
# Failures in a row after which the subscription is switched off: at hourly pauses, about half a day.
OFF_AFTER = 15
LONGEST_PAUSE = timedelta(hours=1)
Post = Callable[..., Outcome]

CLAIM = """
UPDATE tickets_webhooksubscription SET lease_until = %(until)s WHERE id = (
    SELECT s.id FROM tickets_webhooksubscription s
    WHERE s.next_at <= %(now)s AND (s.lease_until IS NULL OR s.lease_until <= %(now)s) AND EXISTS (
        SELECT FROM tickets_webhookdelivery d
        WHERE d.organization_id = s.organization_id AND d.subscription_id = s.id
          AND d.state = 'pending' AND d.next_at <= %(now)s AND (s.is_active OR d.event = 'ping'))
    ORDER BY s.next_at, s.id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING organization_id, id
"""


@dataclass(frozen=True, slots=True)
class _Parcel:
    pk: int
    url: str
    body: bytes
    headers: dict[str, str]


def claim_subscription() -> tuple[int, int] | None:
    """Lease a subscription with something due; (organization, subscription). As the worker, without a tenant."""
    now = clock.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, {"now": now, "until": now + LEASE})
        return cursor.fetchone()


def take_turn(organization_id: int, subscription_id: int, *, send: Post = post) -> int:
    """Deliver what is due to a leased subscription until one fails or the turn is over; how many were tried."""
    began, tried = time.monotonic(), 0
    try:
        while tried < AT_ONCE and time.monotonic() - began < TURN_S:
            parcel = _next(organization_id, subscription_id)
            if parcel is None:
                break
            tried += 1
            outcome = _send(parcel, send)
            _note(organization_id, subscription_id, parcel.pk, outcome)
            if outcome.failure:
                break
    finally:
        with tenant(organization_id):
            WebhookSubscription.objects.filter(pk=subscription_id).update(lease_until=None)
    return tried


def _next(organization_id: int, subscription_id: int) -> _Parcel | None:
    """The oldest delivery that is due, packed. No transaction is open while it travels."""
    with tenant(organization_id):
        subscription = (
            WebhookSubscription.objects.select_related("organization", "token")
            .filter(pk=subscription_id)
            .first()
        )
        if subscription is None or _key_is_dead(subscription):
            return None
        due = WebhookDelivery.objects.filter(
            subscription=subscription, state=DeliveryState.PENDING, next_at__lte=clock.now()
        )
        if not subscription.is_active:
            due = due.filter(event=Event.PING)
        # Of a reserved case other systems learn nothing, however long ago it was put on the list.
        reserved = Ticket.objects.filter(
            organization_id=organization_id, pk=OuterRef("ticket_id"), is_reserved=True
        )
        due = due.filter(~Exists(reserved))
        delivery = due.order_by("pk").first()
        return _pack(subscription, delivery) if delivery else None


def _key_is_dead(subscription: WebhookSubscription) -> bool:
    """What a key subscribed to ends with the key."""
    if subscription.token is None or subscription.token.is_live(clock.now()):
        return False
    _off(subscription, "token", "")
    return True


def _pack(subscription: WebhookSubscription, delivery: WebhookDelivery) -> _Parcel:
    body = json.dumps(payload_of(subscription, delivery), separators=(",", ":"), ensure_ascii=False).encode()
    key, timestamp = str(delivery.key), int(clock.now().timestamp())
    secret = vault().open_text(subscription.secret)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Circunflejo-Webhooks/1",
        "Webhook-Id": key,
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": sign(secret, key=key, timestamp=timestamp, body=body),
    }
    return _Parcel(delivery.pk, subscription.url, body, headers)


def _send(parcel: _Parcel, send: Post) -> Outcome:
    try:
        address = read_address(parcel.url, settings.WEBHOOK_DEV_HOSTS)
    except Unsafe as unsafe:
        return Outcome(None, 0, unsafe.code)
    return send(address, parcel.body, parcel.headers)


def _note(organization_id: int, subscription_id: int, delivery_id: int, outcome: Outcome) -> None:
    """Write down what came of it, and when to try again."""
    now = clock.now()
    with tenant(organization_id):
        subscription = WebhookSubscription.objects.select_for_update().filter(pk=subscription_id).first()
        delivery = WebhookDelivery.objects.select_for_update().filter(pk=delivery_id).first()
        if subscription is None or delivery is None:
            return  # unsubscribed meanwhile
        delivery.attempts += 1
        delivery.tried_at, delivery.took_ms = now, outcome.took_ms
        delivery.http_status = outcome.status
        delivery.failure, delivery.failure_detail = outcome.failure, outcome.detail
        if outcome.failure:
            _failed(subscription, delivery, now)
        else:
            delivery.state = DeliveryState.DELIVERED
            subscription.failures, subscription.last_success_at = 0, now
        delivery.save()
        subscription.save()


def _failed(subscription: WebhookSubscription, delivery: WebhookDelivery, now: datetime) -> None:
    wait = BACKOFF[min(delivery.attempts, len(BACKOFF)) - 1]
    delivery.next_at = now + wait
    is_over = delivery.event == Event.PING or delivery.next_at - _born(delivery) > GIVE_UP
    if is_over:
        delivery.state = DeliveryState.FAILED
    if delivery.event == Event.PING:
        return  # a test says something to the person who asked for it, and nothing about the subscription
    subscription.failures += 1
    pause = BACKOFF[min(subscription.failures, len(BACKOFF)) - 1]
    subscription.next_at = now + min(pause, LONGEST_PAUSE)
    if subscription.failures >= OFF_AFTER or delivery.failure == "gone":
        _off(subscription, delivery.failure, delivery.failure_detail)


def _born(delivery: WebhookDelivery) -> datetime:
    """Since when it is tried: of a replay, since it was asked for."""
    return delivery.tried_at if delivery.replay_of_id and delivery.attempts == 1 else delivery.happened_at


def _off(subscription: WebhookSubscription, code: str, detail: str) -> None:
    if not subscription.is_active:
        return
    subscription.is_active, subscription.off_at = False, clock.now()
    subscription.off_reason, subscription.off_detail = code, detail
    subscription.save()
    audit.record(subscription.organization_id, "webhook.gave_up", webhook=subscription.pk, code=code)


def tell_all(*, send: Post = post, turns: int = 20) -> int:
    """Let every subscription with something due have its turn; how many deliveries were tried. As the worker."""
    tried = 0
    for _turn in range(turns):
        claimed: Any = claim_subscription()
        if claimed is None:
            break
        tried += take_turn(*claimed, send=send)
    return tried


def forget_deliveries(organization_id: int) -> int:
    """Drop the log beyond thirty days; how many rows. Inside ``tenant``."""
    old = WebhookDelivery.objects.filter(
        organization_id=organization_id, happened_at__lt=clock.now() - timedelta(days=30)
    ).exclude(state=DeliveryState.PENDING)
    WebhookDelivery.objects.filter(organization_id=organization_id, replay_of__in=old).update(replay_of=None)
    return old.delete()[0]
