"""The pages of what other systems are told: subscriptions, their log, a test, once more."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from channels_social.domain.doorbell import ring
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.api.domain import subscriptions as verbs
from tickets.api.forms import SubscriptionForm
from tickets.api.models import Event, WebhookDelivery, WebhookSubscription
from tickets.api.sentences import sentence
from tickets.cases.models import Ticket
from tickets.settings.views.frame import page

GET_POST, POST = ("GET", "HEAD", "POST"), ("POST",)
AT_ONCE = 30


@for_members(Permission.MANAGE_API, methods=GET_POST)
def subscriptions(request: Any) -> HttpResponse:
    """Everybody who is told, and the form for one more; its secret is shown once."""
    may_read = request.member.can(Permission.SEE_CASES)
    form = SubscriptionForm(request.POST if request.method == "POST" else None, may_read=may_read)
    if request.method != "POST" or not form.is_valid():
        return _list(request, form, status=422 if form.errors else 200)
    try:
        made, secret = verbs.subscribe(
            request.org,
            url=form.cleaned_data["url"],
            events=form.cleaned_data["events"],
            with_words=form.words(),
            by=request.member,
        )
    except verbs.Refused as refused:
        form.add_error(None, sentence(refused.code))
        return _list(request, form, status=422)
    return _list(request, SubscriptionForm(may_read=may_read), made=made, secret=secret)


def _list(
    request: Any,
    form: SubscriptionForm,
    *,
    made: WebhookSubscription | None = None,
    secret: str = "",
    status: int = 200,
) -> HttpResponse:
    rows = WebhookSubscription.objects.filter(organization=request.org).order_by("-pk")
    answer = page(
        request,
        "webhooks.html",
        "webhooks",
        status=status,
        form=form,
        rows=[_summary(row) for row in rows],
        made=made,
        secret=secret,
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _summary(row: WebhookSubscription) -> dict[str, Any]:
    return {
        "row": row,
        "host": row.url.partition("://")[2].rstrip("/"),
        "events": [Event(event).label for event in row.events],
        "off": "" if row.is_active else sentence(row.off_reason, row.off_detail) if row.off_reason else "",
    }


@for_members(Permission.MANAGE_API)
def subscription(request: Any, pk: int) -> HttpResponse:
    """One of them, with what was delivered and what was not."""
    row = _subscription(request, pk)
    asked = request.GET.get("antes", "")
    log = WebhookDelivery.objects.filter(organization=request.org, subscription=row)
    if asked.isdecimal() and len(asked) < 19:
        log = log.filter(pk__lt=int(asked))
    found = list(log.order_by("-pk")[: AT_ONCE + 1])
    shown = found[:AT_ONCE]
    numbers = dict(
        Ticket.objects.filter(
            organization=request.org, pk__in=[one.ticket_id for one in shown if one.ticket_id]
        ).values_list("pk", "number")
    )
    return page(
        request,
        "webhook.html",
        "webhooks",
        **_summary(row),
        deliveries=[
            {
                "row": one,
                "label": Event(one.event).label,
                "number": numbers.get(one.ticket_id or 0),
                "why": sentence(one.failure, one.failure_detail) if one.failure else "",
            }
            for one in shown
        ],
        next_key=shown[-1].pk if len(found) > AT_ONCE else None,
    )


@for_members(Permission.MANAGE_API, methods=POST)
def subscription_step(request: Any, pk: int, what: str) -> HttpResponse:
    """Try it, switch it off or on, remove it."""
    row = _subscription(request, pk)
    steps: dict[str, Callable[..., Any]] = {
        "probar": verbs.ask_for_test,
        "apagar": partial(verbs.switch, on=False),
        "encender": partial(verbs.switch, on=True),
        "quitar": verbs.unsubscribe,
    }
    steps[what](row, by=request.member)
    transaction.on_commit(lambda: ring("webhooks"))
    if what == "quitar":
        messages.success(request, _("Ya no se avisa a esa dirección."))
        return redirect("webhooks", request.org.slug)
    if what == "probar":
        messages.success(request, _("La prueba va en camino: mire abajo cómo le fue."))
    return redirect("webhook", request.org.slug, pk)


@for_members(Permission.MANAGE_API, methods=POST)
def delivery_replay(request: Any, pk: int) -> HttpResponse:
    """Tell it once more."""
    row = WebhookDelivery.objects.filter(organization=request.org, pk=pk)
    found = row.select_related("subscription").first()
    if found is None:
        raise Http404
    verbs.replay(found, by=request.member)
    transaction.on_commit(lambda: ring("webhooks"))
    messages.success(request, _("Se entrega otra vez."))
    return redirect("webhook", request.org.slug, found.subscription_id)


def _subscription(request: Any, pk: int) -> WebhookSubscription:
    found = WebhookSubscription.objects.filter(organization=request.org, pk=pk).first()
    if found is None:
        raise Http404
    return found
