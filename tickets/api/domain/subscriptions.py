"""Where an organization wants to be told: subscribed, tried, switched off and on, told again. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from helpdesk import audit, clock
from helpdesk.secrets.crypto import vault
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.permissions import Permission
from helpdesk.tenancy.tokens import ApiToken, Scope
from tickets.api.models import Event, WebhookDelivery, WebhookSubscription
from tickets.api.rules.addresses import read_address
from tickets.api.rules.signing import new_secret

MOST = 20


class Refused(Exception):
    """It cannot be subscribed to; ``code`` has its sentence in ``api.sentences``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def subscribe(
    organization: Organization,
    *,
    url: str,
    events: Sequence[str],
    with_words: bool,
    by: Membership | None = None,
    token: ApiToken | None = None,
) -> tuple[WebhookSubscription, str]:
    """A subscription and the secret its deliveries are signed with, shown once.

    People's words travel only where whoever subscribes may read them. Raises :class:`Refused`, and ``Unsafe``
    for an address we would never send to.
    """
    read_address(url, settings.WEBHOOK_DEV_HOSTS)
    if with_words and not _may_read(by, token):
        raise Refused("words_not_allowed")
    if WebhookSubscription.objects.filter(organization=organization).count() >= MOST:
        raise Refused("too_many_subscriptions")
    secret = new_secret()
    made = WebhookSubscription.objects.create(
        organization=organization,
        url=url,
        events=[event for event in Event.values if event in events and event != Event.PING],
        secret=vault().seal(secret),
        with_words=with_words,
        created_by=by,
        token=token,
    )
    _line(made, "webhook.subscribed", by, events=made.events, with_words=with_words)
    return made, secret


def _may_read(by: Membership | None, token: ApiToken | None) -> bool:
    if by is not None:
        return by.can(Permission.SEE_CASES)
    return token is not None and Scope.TICKETS_READ in token.scopes


@transaction.atomic
def unsubscribe(subscription: WebhookSubscription, *, by: Membership | None) -> None:
    """It goes, with what was still to be told and its log."""
    _line(subscription, "webhook.unsubscribed", by)
    rows = WebhookDelivery.objects.filter(
        organization_id=subscription.organization_id, subscription=subscription
    )
    rows.update(replay_of=None)
    rows.delete()
    subscription.delete()


@transaction.atomic
def switch(subscription: WebhookSubscription, *, on: bool, by: Membership | None) -> None:
    """Off: nothing is told, and nothing is kept for later. On again: from now, as if it had never failed."""
    subscription.is_active, subscription.failures, subscription.next_at = on, 0, clock.now()
    subscription.off_at = None if on else clock.now()
    subscription.off_reason = subscription.off_detail = ""
    subscription.save()
    _line(subscription, "webhook.switched_on" if on else "webhook.switched_off", by)


@transaction.atomic
def ask_for_test(subscription: WebhookSubscription, *, by: Membership | None) -> WebhookDelivery:
    """Something to deliver that means nothing; leaves also while it is off."""
    _soon(subscription)
    return WebhookDelivery.objects.create(
        organization_id=subscription.organization_id, subscription=subscription, event=Event.PING
    )


@transaction.atomic
def replay(delivery: WebhookDelivery, *, by: Membership | None) -> WebhookDelivery:
    """Tell it once more, under an id of its own."""
    again = WebhookDelivery.objects.create(
        organization_id=delivery.organization_id,
        subscription_id=delivery.subscription_id,
        event=delivery.event,
        ticket_id=delivery.ticket_id,
        message_id=delivery.message_id,
        filing_id=delivery.filing_id,
        changed=delivery.changed,
        happened_at=delivery.happened_at,
        replay_of=delivery,
    )
    _soon(delivery.subscription)
    _line(delivery.subscription, "webhook.replayed", by, delivery=delivery.pk)
    return again


def silence_of(token: ApiToken) -> None:
    """What a key subscribed to goes with the key."""
    WebhookSubscription.objects.filter(
        organization_id=token.organization_id, token=token, is_active=True
    ).update(is_active=False, off_reason="token", off_at=clock.now())


def _soon(subscription: WebhookSubscription) -> None:
    WebhookSubscription.objects.filter(
        organization_id=subscription.organization_id, pk=subscription.pk
    ).update(next_at=clock.now())


def _line(subscription: WebhookSubscription, action: str, by: Membership | None, **data: object) -> None:
    audit.record(
        subscription.organization_id,
        action,
        actor_id=by.pk if by else None,
        webhook=subscription.pk,
        **data,
    )
