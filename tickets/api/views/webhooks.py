"""Subscriptions by REST, for who holds ``webhooks:manage``."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from channels_social.domain.doorbell import ring
from helpdesk.tenancy.tokens import Scope
from tickets.api import shapes
from tickets.api.domain import subscriptions
from tickets.api.inputs import SubscriptionInput
from tickets.api.models import WebhookDelivery, WebhookSubscription
from tickets.api.pages import LARGEST, PageInput, falling
from tickets.api.problems import Problem
from tickets.api.rules.addresses import Unsafe
from tickets.api.sentences import sentence
from tickets.api.views.base import ApiView, once, told

MANAGE = Scope.WEBHOOKS_MANAGE


class Webhooks(ApiView):
    """``/webhooks/``"""

    scopes: ClassVar[dict[str, str]] = {"GET": MANAGE, "POST": MANAGE}

    @told(
        "list_webhooks",
        _("Lista de suscripciones"),
        {200: shapes.page_of(shapes.SubscriptionShape)},
        query=PageInput,
        scope=MANAGE,
    )
    def get(self, request: Any) -> Response:
        """A page of subscriptions."""
        asked = self.asked(PageInput, request.query_params)
        rows = WebhookSubscription.objects.filter(organization=self.organization)
        found, after = falling(rows, limit=asked["limit"], cursor=asked.get("cursor"), filters={})
        return Response({"results": [shapes.subscription(row) for row in found], "next_cursor": after})

    @told(
        "subscribe",
        _("Suscribirse"),
        {201: shapes.MadeSubscriptionShape},
        takes=SubscriptionInput,
        refuses=(409, 422),
        scope=MANAGE,
    )
    @once
    def post(self, request: Any) -> Response:
        """Be told of events at an https address. The secret is shown here and never again."""
        asked = self.asked(SubscriptionInput, request.data)
        try:
            made, secret = subscriptions.subscribe(self.organization, token=request.auth, **asked)
        except Unsafe as unsafe:
            errors = [{"field": "url", "detail": sentence(unsafe.code)}]
            raise Problem(400, "invalid", errors=errors) from None
        except subscriptions.Refused as refused:
            raise Problem(409, refused.code, sentence(refused.code)) from None
        made.refresh_from_db()
        return Response(shapes.subscription(made) | {"secret": secret}, status=201)


class OneWebhook(ApiView):
    """``/webhooks/<id>/``"""

    scopes: ClassVar[dict[str, str]] = {"GET": MANAGE, "DELETE": MANAGE}

    @told("read_webhook", _("Una suscripción"), {200: shapes.SubscriptionShape}, scope=MANAGE)
    def get(self, request: Any, pk: int) -> Response:
        """One subscription."""
        return Response(shapes.subscription(_subscription(self, pk)))

    @told("unsubscribe", _("Dejar de recibir"), {204: None}, refuses=(409, 422), scope=MANAGE)
    @once
    def delete(self, request: Any, pk: int) -> Response:
        """It goes, with its log."""
        subscriptions.unsubscribe(_subscription(self, pk), by=None)
        return Response(status=204)


class Deliveries(ApiView):
    """``/webhooks/<id>/deliveries/``"""

    scopes: ClassVar[dict[str, str]] = {"GET": MANAGE}

    @told(
        "list_deliveries",
        _("Entregas de una suscripción"),
        {200: shapes.page_of(shapes.DeliveryShape)},
        query=PageInput,
        scope=MANAGE,
    )
    def get(self, request: Any, pk: int) -> Response:
        """A page of its log, the newest first."""
        asked = self.asked(PageInput, request.query_params)
        rows = WebhookDelivery.objects.filter(
            organization=self.organization, subscription=_subscription(self, pk)
        )
        found, after = falling(rows, limit=asked["limit"], cursor=asked.get("cursor"), filters={})
        return Response({"results": [shapes.delivery(row) for row in found], "next_cursor": after})


class Test(ApiView):
    """``/webhooks/<id>/test/``"""

    scopes: ClassVar[dict[str, str]] = {"POST": MANAGE}

    @told(
        "test_webhook", _("Enviar una prueba"), {202: shapes.DeliveryShape}, refuses=(409, 422), scope=MANAGE
    )
    @once
    def post(self, request: Any, pk: int) -> Response:
        """A delivery that means nothing; look at the log for what came of it."""
        delivery = subscriptions.ask_for_test(_subscription(self, pk), by=None)
        delivery.refresh_from_db()
        transaction.on_commit(partial(ring, "webhooks"))
        return Response(shapes.delivery(delivery), status=202)


def _subscription(view: ApiView, pk: int) -> WebhookSubscription:
    rows = WebhookSubscription.objects.filter(organization=view.organization)
    found = rows.filter(pk=pk).first() if pk <= LARGEST else None
    if found is None:
        raise Http404
    return found
