"""What a delivery says: made when it leaves, from the rows as they are then. Inside ``tenant``.

Facts and codes. What people said, and what they are called, only where the subscription was allowed it.
"""

from __future__ import annotations

from typing import Any

from tickets.api import shapes
from tickets.api.models import Event, WebhookDelivery, WebhookSubscription
from tickets.cases.models import Filing, Message, Ticket
from tickets.escalation.models import Alarm


def payload_of(subscription: WebhookSubscription, delivery: WebhookDelivery) -> dict[str, Any]:
    """The body of one delivery."""
    return {
        "id": str(delivery.key),
        "type": delivery.event,
        "timestamp": delivery.happened_at.isoformat(),
        "organization": subscription.organization.slug,
        "data": _data(subscription, delivery),
    }


def _data(subscription: WebhookSubscription, delivery: WebhookDelivery) -> dict[str, Any]:
    if delivery.event == Event.PING:
        return {}
    data: dict[str, Any] = {}
    ticket = _ticket(delivery)
    if ticket is not None:
        data["ticket"] = shapes.ticket(ticket, subscription.organization)
        if not subscription.with_words:
            data["ticket"]["customer"] = {"id": ticket.customer_id}
    if delivery.event == Event.TICKET_UPDATED:
        data["changed"] = list(delivery.changed)
    if delivery.message_id is not None:
        data["message"] = _message(delivery, with_words=subscription.with_words)
    if delivery.filing_id is not None:
        filing = Filing.objects.select_related("ticket").filter(pk=delivery.filing_id).first()
        data["filing"] = shapes.filing(filing) if filing else None
    if delivery.alarm_id is not None:
        data["alarm"] = _alarm(delivery)
    return data


def _alarm(delivery: WebhookDelivery) -> dict[str, Any] | None:
    """Facts and codes; who has it by their initials."""
    row = (
        Alarm.objects.select_related("acked_by", "account")
        .filter(organization_id=delivery.organization_id, pk=delivery.alarm_id)
        .first()
    )
    if row is None:
        return None
    return {
        "id": row.pk,
        "kind": row.kind,
        "what": row.what,
        "urgent": row.is_urgent,
        "account": str(row.account) if row.account else None,
        "raised_at": row.raised_at.isoformat(),
        "acknowledged_at": row.acked_at.isoformat() if row.acked_at else None,
        "acknowledged_by": row.acked_by.initials if row.acked_by else None,
    }


def _ticket(delivery: WebhookDelivery) -> Ticket | None:
    rows = Ticket.objects.select_related("customer", "assignee", "joined_into")
    return rows.filter(organization_id=delivery.organization_id, pk=delivery.ticket_id).first()


def _message(delivery: WebhookDelivery, *, with_words: bool) -> dict[str, Any] | None:
    row = (
        Message.objects.select_related("conversation", "author")
        .filter(organization_id=delivery.organization_id, pk=delivery.message_id)
        .first()
    )
    if row is None:
        return None
    said = shapes.message(row)
    if not with_words:
        del said["text"]
    return said
