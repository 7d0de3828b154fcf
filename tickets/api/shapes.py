"""What the API answers: the shapes, for the schema, and how rows become them. Names only, no logic."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers as s

from channels_social.enums import ActionState, ConversationKind
from helpdesk.tenancy.models import Organization
from tickets.api.models import DeliveryState, Event, WebhookDelivery, WebhookSubscription
from tickets.cases.models import Filing, Message, Note, Ticket
from tickets.customers.models import Customer
from tickets.enums import Direction, IdentityCheck, IdentityKind, PqrKind, Priority, TicketState


class FieldProblemShape(s.Serializer):
    field = s.CharField()
    detail = s.CharField()


class ProblemShape(s.Serializer):
    """RFC 9457, with a code for programs."""

    type = s.CharField()
    title = s.CharField()
    status = s.IntegerField()
    code = s.CharField()
    detail = s.CharField()
    errors = FieldProblemShape(many=True, required=False)


class PersonShape(s.Serializer):
    id = s.IntegerField()
    name = s.CharField()


class MemberShape(s.Serializer):
    initials = s.CharField()
    name = s.CharField()


class TicketShape(s.Serializer):
    """A case."""

    number = s.IntegerField()
    radicado = s.CharField(allow_null=True)
    state = s.ChoiceField(TicketState.choices)
    kind = s.ChoiceField(PqrKind.choices, allow_null=True)
    suggested_kind = s.ChoiceField(PqrKind.choices, allow_null=True)
    priority = s.ChoiceField(Priority.choices)
    channel = s.ChoiceField(ConversationKind.choices)
    customer = PersonShape()
    assignee = MemberShape(allow_null=True)
    joined_into = s.IntegerField(allow_null=True, help_text="Número del caso que responde por este.")
    opened_at = s.DateTimeField()
    last_at = s.DateTimeField()
    unanswered_since = s.DateTimeField(allow_null=True)
    next_deadline_at = s.DateTimeField(allow_null=True)
    is_overdue = s.BooleanField()
    resolved_at = s.DateTimeField(allow_null=True)
    reopened_count = s.IntegerField()
    version = s.IntegerField()
    url = s.CharField(help_text="La página del caso en la consola.")


class OpenedShape(TicketShape):
    """A case, and what became of the call: it opened one, or was known already."""

    result = s.ChoiceField(["opened", "updated", "known"])


class MessageShape(s.Serializer):
    """Something said in a case."""

    id = s.IntegerField()
    direction = s.ChoiceField(Direction.choices)
    is_public = s.BooleanField()
    channel = s.ChoiceField(ConversationKind.choices)
    text = s.CharField(allow_blank=True)
    occurred_at = s.DateTimeField()
    author = s.CharField(allow_null=True, help_text="Iniciales de quien respondió.")
    is_native = s.BooleanField(help_text="Respondida fuera de aquí.")
    state = s.ChoiceField(ActionState.choices, allow_null=True, help_text="De una respuesta: si ya salió.")
    edited_at = s.DateTimeField(allow_null=True)
    deleted_at = s.DateTimeField(allow_null=True)


class NoteShape(s.Serializer):
    id = s.IntegerField()
    text = s.CharField()
    at = s.DateTimeField()


class IdentityShape(s.Serializer):
    """How a person is known. Personal data are masked."""

    kind = s.ChoiceField(IdentityKind.choices)
    value = s.CharField(allow_blank=True)
    check_state = s.ChoiceField(IdentityCheck.choices)


class CustomerShape(s.Serializer):
    id = s.IntegerField()
    name = s.CharField()
    check_state = s.ChoiceField(IdentityCheck.choices)
    merged_into = s.IntegerField(allow_null=True)
    created_at = s.DateTimeField()
    identities = IdentityShape(many=True)


class FilingShape(s.Serializer):
    """A radicado."""

    radicado = s.CharField()
    ticket = s.IntegerField()
    kind = s.ChoiceField(PqrKind.choices)
    received_at = s.DateTimeField()
    filed_at = s.DateTimeField()
    told_at = s.DateTimeField(allow_null=True)
    is_external = s.BooleanField()


class SubscriptionShape(s.Serializer):
    id = s.IntegerField()
    url = s.CharField()
    events = s.ListField(child=s.ChoiceField([one for one in Event.values if one != "ping"]))
    with_words = s.BooleanField()
    is_active = s.BooleanField()
    failures = s.IntegerField()
    off_reason = s.CharField(allow_null=True)
    last_success_at = s.DateTimeField(allow_null=True)
    created_at = s.DateTimeField()


class MadeSubscriptionShape(SubscriptionShape):
    secret = s.CharField(help_text="Con esto se comprueba la firma. Se muestra una sola vez.")


class DeliveryShape(s.Serializer):
    id = s.UUIDField()
    event = s.ChoiceField(Event.choices)
    state = s.ChoiceField(DeliveryState.choices)
    attempts = s.IntegerField()
    http_status = s.IntegerField(allow_null=True)
    failure = s.CharField(allow_null=True)
    happened_at = s.DateTimeField()


def page_of(shape: type[s.Serializer]) -> type[s.Serializer]:
    """The shape of a page of these."""
    fields: dict[str, Any] = {
        "results": shape(many=True),
        "next_cursor": s.CharField(allow_null=True, help_text="Null cuando no hay más."),
    }
    return type(f"{shape.__name__.removesuffix('Shape')}Page", (s.Serializer,), fields)


def _iso(moment: Any) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def ticket(row: Ticket, organization: Organization) -> dict[str, Any]:
    """A case as it is answered; ``customer``, ``assignee`` and ``joined_into`` must be fetched with it."""
    assignee = row.assignee
    return {
        "number": row.number,
        "radicado": row.radicado,
        "state": row.state,
        "kind": row.kind or None,
        "suggested_kind": row.suggested_kind or None,
        "priority": row.priority,
        "channel": row.channel,
        "customer": {"id": row.customer_id, "name": row.customer.name},
        "assignee": {"initials": assignee.initials, "name": assignee.display_name} if assignee else None,
        "joined_into": row.joined_into.number if row.joined_into else None,
        "opened_at": _iso(row.opened_at),
        "last_at": _iso(row.last_at),
        "unanswered_since": _iso(row.unanswered_since),
        "next_deadline_at": _iso(row.next_deadline_at),
        "is_overdue": row.is_overdue,
        "resolved_at": _iso(row.resolved_at),
        "reopened_count": row.reopened_count,
        "version": row.version,
        "url": settings.BASE_URL + reverse("case", args=[organization.slug, row.number]),
    }


def message(row: Message) -> dict[str, Any]:
    """A message; ``conversation`` and ``author`` must be fetched with it. A deleted one has no words."""
    return {
        "id": row.pk,
        "direction": row.direction,
        "is_public": row.is_public,
        "channel": row.conversation.kind,
        "text": "" if row.deleted_at else row.text,
        "occurred_at": _iso(row.occurred_at),
        "author": row.author.initials if row.author else None,
        "is_native": row.is_native,
        "state": row.send_state or None,
        "edited_at": _iso(row.edited_at),
        "deleted_at": _iso(row.deleted_at),
    }


def note(row: Note) -> dict[str, Any]:
    """A note."""
    return {"id": row.pk, "text": row.text, "at": _iso(row.at)}


def customer(row: Customer) -> dict[str, Any]:
    """A person; ``identities`` must be fetched with it."""
    return {
        "id": row.pk,
        "name": row.name,
        "check_state": row.check_state,
        "merged_into": row.merged_into_id,
        "created_at": _iso(row.created_at),
        "identities": [
            {
                "kind": one.network,
                "value": one.masked or (f"@{one.handle}" if one.handle else ""),
                "check_state": one.check_state,
            }
            for one in row.identities.all()
        ],
    }


def filing(row: Filing) -> dict[str, Any]:
    """A radicado; ``ticket`` must be fetched with it."""
    return {
        "radicado": row.radicado,
        "ticket": row.ticket.number,
        "kind": row.kind,
        "received_at": _iso(row.received_at),
        "filed_at": _iso(row.filed_at),
        "told_at": _iso(row.told_at),
        "is_external": row.is_external,
    }


def subscription(row: WebhookSubscription) -> dict[str, Any]:
    """A subscription, without its secret."""
    return {
        "id": row.pk,
        "url": row.url,
        "events": list(row.events),
        "with_words": row.with_words,
        "is_active": row.is_active,
        "failures": row.failures,
        "off_reason": row.off_reason or None,
        "last_success_at": _iso(row.last_success_at),
        "created_at": _iso(row.created_at),
    }


def delivery(row: WebhookDelivery) -> dict[str, Any]:
    """One delivery."""
    return {
        "id": str(row.key),
        "event": row.event,
        "state": row.state,
        "attempts": row.attempts,
        "http_status": row.http_status,
        "failure": row.failure or None,
        "happened_at": _iso(row.happened_at),
    }
